"""The same answers give the same questions, whatever happens to document, wording and clock between two turns.

Every flow, from every sample start, through the engine's own open, answer and back: each turn a new draft, and the flow
run again over its log as after a restart.
"""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.dialogue.conversation import answer, back, follow, open_flow
from bot.dialogue.flows.registry import FLOWS
from bot.dialogue.kit import AllWords, Kit
from bot.dialogue.member import FlowState, Known, Member, Pain, Placed
from bot.dialogue.moment import Moment
from bot.dialogue.replay import LogMismatchError
from bot.dialogue.steps import Ask, FlowDef, Say
from bot.dialogue.text import text
from bot.dialogue.turn import Draft
from bot.library.catalog import Catalog
from tests.dialogue.room import Room, the_kit
from tests.exploration.choices import choices_of

LONGEST = 60
SECONDS = (0.1, 40, 5 * 3600)  # nobody has read so fast; as people answer; hours later
ZONES = ("Europe/Berlin", "America/New_York", "Pacific/Auckland")


def reworded(kit: Kit, random: Random) -> Kit:
    """All wording changed, as between two releases of the catalogs."""
    mark = str(random.random())
    catalogs = {
        language: Catalog(language, {key: tuple(f"{form} {mark}" for form in forms) for key, forms in c.texts.items()})
        for language, c in kit.catalogs.items()
    }
    return replace(kit, catalogs=catalogs, words=AllWords(catalogs))


def another_life(known: Known, random: Random) -> Known:
    """What is known of the member, changed behind the flow's back; consent, lock and revision stay."""
    pains = tuple(Pain(day="2026-11-01", when="before", value=random.randrange(11)) for _ in range(random.randrange(4)))
    placed = (Placed(exercise="bruecke", level=random.randrange(1, 4), dose_step=1, sets=2, since="2026-11-01"),)
    return replace(known, pains=(*known.pains, *pains), programme=placed, age=random.choice(["65_plus", None]))


@dataclass
class Life:
    """One flow lived turn by turn. `asked`: the questions in order; `end`: what the flow came to."""

    flow: FlowDef[Any, Any]
    disturber: Random | None
    kits: list[Kit]
    member: Member = field(default_factory=lambda: Room().member)
    room: Room = field(default_factory=Room)
    asked: list[tuple[str, str]] = field(default_factory=list)
    end: Any = None

    def draft(self, after_s: float) -> Draft:
        self.room.now += timedelta(seconds=after_s)
        kit, zone = self.kits[0], ZONES[0]
        if self.disturber is not None:
            kit, zone = self.disturber.choice(self.kits), self.disturber.choice(ZONES)
            self.member = replace(self.member, known=another_life(self.member.known, self.disturber), zone=zone)
            self.room.now += timedelta(minutes=self.disturber.randrange(600))
        moment = Moment(self.room.now, ZoneInfo(zone))
        return Draft(member=self.member, moment=moment, kit=kit, channel="web", next_id=1 + len(self.asked) * 1000)

    def begins(self, start: Any) -> None:
        draft = self.draft(1)
        ended = open_flow(draft, self.flow, start)
        self._goes_on(draft, ended)

    def answers(self, value: Any, after_s: float) -> None:
        waiting = self.waiting
        assert waiting is not None
        draft = self.draft(after_s)
        self._goes_on(draft, answer(draft, "open", waiting, value))

    def _goes_on(self, draft: Draft, ended: list[Any]) -> None:
        self.member = draft.member
        if ended:
            self.end = ended[0].result
        if (waiting := self.waiting) is not None:
            self.asked.append((waiting.question.id, waiting.question.fingerprint))

    @property
    def state(self) -> FlowState | None:
        return self.member.open

    @property
    def waiting(self) -> Ask | None:
        return None if self.state is None else follow(self.state).waiting


def walk(flow: FlowDef[Any, Any], start: Any, seed: int, kits: list[Kit], *, disturbed: bool) -> Life:
    """The same seed gives the same answers at the same pace."""
    chooser = Random(seed)
    life = Life(flow, Random(seed + 1) if disturbed else None, kits)
    life.begins(start)
    while (waiting := life.waiting) is not None:
        assert len(life.asked) < LONGEST, life.asked[-5:]
        options = choices_of(waiting)
        pace = SECONDS[1] if disturbed else chooser.choice(SECONDS[1:])
        if disturbed:
            chooser.choice(SECONDS[1:])  # the calm walk drew here
        life.answers(options[0] if chooser.random() < 0.5 else chooser.choice(options), pace)
    return life


SAMPLES = [
    pytest.param(flow, start, id=f"{name}-{number}")
    for name, flow in sorted(FLOWS.items())
    for number, start in enumerate(flow.samples)
]


@pytest.fixture(scope="module")
def kits() -> list[Kit]:
    """As released, and with all its words changed."""
    return [the_kit(), reworded(the_kit(), Random(3))]


@pytest.mark.parametrize(("flow", "start"), SAMPLES)
def test_a_flow_depends_on_its_start_and_answers_only(flow: FlowDef[Any, Any], start: Any, kits: list[Kit]) -> None:
    for seed in range(4):
        calm, disturbed = (walk(flow, start, seed, kits, disturbed=wild) for wild in (False, True))

        assert disturbed.asked == calm.asked
        assert disturbed.end == calm.end


@pytest.mark.parametrize(("flow", "start"), SAMPLES)
def test_back_leads_to_the_same_question_and_takes_nothing_back_that_took_effect(
    flow: FlowDef[Any, Any], start: Any, kits: list[Kit]
) -> None:
    chooser = Random(5)
    life = Life(flow, Random(6), kits)
    life.begins(start)
    while (waiting := life.waiting) is not None and len(life.asked) < LONGEST:
        before, floor = life.asked[-1], life.state.floor if life.state else 0
        life.answers(chooser.choice(choices_of(waiting)), 40)
        state = life.state
        if state is None or not state.answers:
            continue
        draft = life.draft(30)
        back(draft, "open")
        again = follow(draft.member.open).waiting if draft.member.open else None
        assert again is not None
        may_go_back = len(state.answers) > state.floor
        wanted = before if may_go_back else life.asked[-1]
        assert (again.question.id, again.question.fingerprint) == wanted
        assert not draft.facts
        assert state.floor >= floor


def test_a_flow_that_looks_beside_its_start_would_be_seen(kits: list[Kit], monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's own teeth: a body that reads the world outside, such as how often it was run."""
    flow = FLOWS["onboarding"]
    runs: list[int] = []

    def leaky(start: Any) -> Any:
        runs.append(1)
        if len(runs) > 3:
            yield Say(text=text("flow/starts-over"))
            return flow.results[0]
        return (yield from flow.body(start))

    monkeypatch.setitem(FLOWS, flow.name, replace(flow, body=leaky))
    with pytest.raises((LogMismatchError, AssertionError)):
        test_a_flow_depends_on_its_start_and_answers_only(FLOWS[flow.name], flow.samples[0], kits)
