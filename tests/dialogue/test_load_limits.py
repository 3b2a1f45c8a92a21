"""A limit holds on every day it stands, for exercises that were there before it too (clinical rules 2.2, 5.5)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialogue import facts as f
from bot.dialogue.history import profile_of
from bot.dialogue.member import KEPT_DAYS, Known, Member
from bot.dialogue.memory import remember_all
from bot.dialogue.moment import Moment
from bot.dialogue.planning import RestDay, plan_session
from tests.dialogue.month import Month, easy
from tests.dialogue.perfect import lives
from tests.dialogue.room import Room, the_kit

LIBRARY = the_kit().library
GENTLE = 1  # the heaviest load while a practice has not looked, and on a day with a flare-up
SOFT_LIMIT_DAYS = 14


@dataclass
class HeavyLegs:
    """Somebody with whom all is well until the lists after four weeks: then both legs are heavy when walking."""

    from_day: datetime
    room: Room
    said: bool = False
    marked: bool = False

    def __call__(self, question: str, tokens: set[str]) -> str | None:
        if question == "soft-now":
            return "now"
        if question == "list-4" and self.room.now > self.from_day and not self.said:
            self.said = True
            return "some"
        if question == "which-4":
            chosen = next(token for token in tokens if "rf_walk" in token) if not self.marked else "="
            self.marked = True
            return chosen
        if question.startswith("checked/"):
            return "no"
        if question.startswith("meant"):
            return "right"
        return easy(question, tokens)


@lru_cache(maxsize=1)
def grown() -> tuple[Member, datetime]:
    """After three weeks in which all went well: the programme holds exercises of every load."""
    *_, room = lives(Room(), 22)
    loads = {LIBRARY.exercises[placed.exercise].load for placed in room.member.known.programme}
    assert loads >= {1, 2, 3}
    return room.member, room.now


def heaviest(facts: list[f.Dated]) -> int:
    done = (dated.fact for dated in facts if isinstance(dated.fact, f.ExerciseDone) and dated.fact.done)
    return max(load for each in done if (load := LIBRARY.exercises[each.exercise].load) != "W")


def test_a_soft_line_after_four_weeks_keeps_every_later_session_gentle() -> None:
    room = Room()
    answer = HeavyLegs(room.now + timedelta(days=20), room)
    room.first_day()

    Month(room, answer=answer).lives(30 + SOFT_LIMIT_DAYS)

    softened = next(d.at for d in room.facts if isinstance(d.fact, f.Disposed) and d.fact.disposition == "doctor_soft")
    before = [dated for dated in room.facts if dated.at < softened]
    since = [dated for dated in room.facts if dated.at >= softened]
    assert heaviest(before) == 3
    assert heaviest(since) <= GENTLE
    assert len({dated.day for dated in since if isinstance(dated.fact, f.ExerciseDone)}) >= SOFT_LIMIT_DAYS - 2


def test_what_a_practice_allows_only_in_part_keeps_every_later_session_gentle() -> None:
    *_, room = lives(Room(), 22)
    room.says("Ich habe seit heute kein Gefühl mehr im Schritt und kann nicht mehr pinkeln")
    room.passes(hours=26)
    room.says("/heute")
    for token in ("cleared", "partly", "clinic", "today", "known", "none", "none", "none", "none"):
        room.taps(token, after_s=60)
    opened = len(room.facts)

    Month(room, answer=easy).lives(SOFT_LIMIT_DAYS)

    assert room.member.known.disposition == "doctor_soft"
    assert heaviest(room.facts[opened:]) <= GENTLE


def test_the_second_day_of_a_flare_up_offers_only_gentle_things() -> None:
    *_, room = lives(Room(), 22)
    room.passes(hours=20)
    room.says("/schub")
    for token in ("none", "none", "none", "steps"):
        room.taps(token, after_s=40)
    room.passes(hours=24)
    room.says("/heute")
    told = len(room.facts)

    room.taps("menu")
    room.taps("already")

    assert [each.gate for each in room.known_facts(f.SessionStarted)][-1] == "flare"
    assert heaviest(room.facts[told:]) <= GENTLE


def told(known: Known, pain: int, day: int) -> Known:
    """A morning with this number, and the lists clear."""
    at = grown()[1] + timedelta(days=day)
    numbers = (f.PainReported(when="morning", value=pain), f.PainReported(when="before", value=pain))
    facts: list[f.Fact] = [*numbers, *(f.Screened(list=n, answers=()) for n in (1, 2, 3))]
    return remember_all(known, [f.Dated(fact, at, at.date()) for fact in facts])


def trained(known: Known, pain: int, day: int) -> tuple[Known, f.SessionStarted | None, int]:
    """The plan of a day, done as it was made, and the usual pain it was told."""
    member, now = grown()
    at = now + timedelta(days=day, minutes=5)
    plan = plan_session(replace(member, known=known), Moment(at, ZoneInfo(member.zone)), the_kit())
    if isinstance(plan, RestDay):
        return known, None, 0
    items = tuple((each.exercise, each.level, each.step) for each in plan.planned)
    started = f.SessionStarted(gate=plan.gate, items=items, before=pain)
    done = (
        f.ExerciseDone(exercise=each.exercise, level=each.level, dose_step=each.step, sets=each.sets, done=2)
        for each in plan.planned
    )
    facts: list[f.Fact] = [started, *done, f.PainReported(when="after", value=pain), f.SessionEnded(finished=True)]
    return remember_all(known, [f.Dated(fact, at, at.date()) for fact in facts]), started, plan.usual


def loads_of(started: f.SessionStarted) -> list[int]:
    loads = (LIBRARY.exercises[name].load for name, _, _ in started.items)
    return [load for load in loads if load != "W"]


def test_much_usual_pain_leaves_out_what_is_heaviest_for_as_long_as_it_lasts() -> None:
    """Weeks of it are a flare-up; it is the usual once nothing else is remembered."""
    known = grown()[0].known
    for day in range(1, KEPT_DAYS + 5):
        known = told(known, 8, day)
    usuals: list[int] = []
    for day in range(KEPT_DAYS + 5, KEPT_DAYS + 19):
        known, started, usual = trained(told(known, 8, day), 8, day)
        if started is not None and usual == 8:
            usuals.append(usual)
            assert max(loads_of(started)) <= 2
    assert len(usuals) > 7


NEWS = st.sampled_from(
    [
        f.Disposed(disposition="doctor_soft", items=("rf_walk",)),
        f.Disposed(disposition="caution"),
        f.Screened(list=4, answers=(("rf_walk", "yes"),)),
        f.Screened(list=4, answers=(("rf_long", "unsure"),)),
        f.TagsGiven(tags=("P20",)),
        f.TagsGiven(tags=("OP", "KN")),
        f.FlareSaid(),
        f.ProfileAnswered(field="average", value="8"),
    ]
)


@given(st.lists(NEWS, max_size=4), st.lists(st.integers(0, 10), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_no_plan_ever_holds_more_than_the_limits_of_that_day(news: list[f.Fact], pains: list[int]) -> None:
    member, now = grown()
    known = remember_all(member.known, [f.Dated(fact, now, now.date()) for fact in news])
    for day, pain in enumerate(pains, start=1):
        known, started, usual = trained(told(known, pain, day), pain, day)
        if started is None:
            continue
        profile = profile_of(known, LIBRARY, now.date())
        limits = [3, *(LIBRARY.tags[tag].max_load for tag in LIBRARY.with_implied(profile.tags))]
        if known.disposition == "doctor_soft" or started.gate in {"flare", "screen"}:
            limits.append(GENTLE)
        if usual >= 8:
            limits.append(2)
        assert max(loads_of(started), default=0) <= min(limits)
