"""Starts beyond the flows' own samples: one for every value that chooses a text, so that each is seen once."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from bot.dialogue.flows.desk import IDEAS, BreakStart
from bot.dialogue.flows.ending import Trigger
from bot.dialogue.flows.flare import OF_EXERCISE
from bot.dialogue.flows.limits import LimitsStart
from bot.dialogue.flows.registry import FLOWS
from bot.dialogue.flows.screening import ScreeningStart
from bot.dialogue.flows.selftest import SelfTestStart, TestItem
from bot.dialogue.flows.session_start import Planned, SessionStart
from bot.dialogue.flows.week import CHANGES, NEWS
from bot.dialogue.member import Known
from bot.dialogue.starts import onboarding_start, page
from bot.library.alarm_phrases import AlarmCategory
from bot.library.exercise import HOUSEHOLD, Category, Equipment, Exercise
from tests.dialogue.room import the_kit

WORDINGS = range(1, 13)
PARTS = ("morning", "noon", "evening")
CHANNELS = ("telegram", "matrix", "web", "console")


def more_starts() -> Iterator[tuple[str, Any]]:
    """Flow and start."""
    kit = the_kit()
    exercises = kit.library.exercises
    categories = [category.value for category in AlarmCategory if category is not AlarmCategory.NONE]
    yield from _varied("clarify", category=categories)
    yield from _varied("morning", wording=WORDINGS)
    yield from _varied("disposed", item=[*categories, *(item.id for item in kit.library.screening.items)])
    yield from _varied("onboarding", channel=CHANNELS)
    yield from _varied("report", channel=CHANNELS)
    yield from _varied("card", card=[card.id for card in kit.library.cards if card.quiz is None], claim=[None])
    yield from _varied("card", card=[card.id for card in kit.library.cards if card.quiz is not None])
    yield from (("desk-break", BreakStart(idea=idea)) for idea in IDEAS)
    kinds = tuple((kind.value, tuple(e.id for e in exercises.values() if e.category is kind)) for kind in Category)
    yield "limits", LimitsStart(kinds=tuple(each for each in kinds if each[1]))
    yield from _sessions(exercises)
    yield from _lists()
    yield from _others()


def _sessions(exercises: Mapping[str, Exercise]) -> Iterator[tuple[str, Any]]:
    """Every opening, and every form of every exercise, in one set and in two."""
    yield from _varied("session", number=2, wording=WORDINGS, hangs_on=[""], part=PARTS)
    yield from _varied("session", number=2, wording=WORDINGS, called=["Kim"], part=PARTS)
    yield from _varied("session", number=2, wording=WORDINGS, hangs_on=[each.value for each in Trigger])
    yield from _varied("session", number=2, wording=WORDINGS, walk=[5], brisk=[False, True])
    yield from _varied("session", number=2, wording=WORDINGS, walk=[6], stairs=[True])
    for exercise in exercises.values():
        for level in range(1, exercise.top_level + 1):
            for sets in (1, 2):
                form = Planned(exercise=exercise.id, level=level, step=1, sets=sets, amount=6, unit=exercise.unit.value)
                yield "session", SessionStart(planned=(form,), ask_before=False, before=2, more_for=exercise.id)
        yield from _varied("week", number=1, changes=[((exercise.id, "up"),)])


def _lists() -> Iterator[tuple[str, Any]]:
    kit = the_kit()
    for number in (1, 2, 3, 4):
        for of in (1, 4):
            yield "screening", ScreeningStart(pages=(replace(page(kit, number), of=of),), intro=True)
    yield "screening", ScreeningStart(pages=(page(kit, 1),), singly=True, lead="screening/again")


def _others() -> Iterator[tuple[str, Any]]:
    kit = the_kit()
    tests = tuple(
        TestItem(
            test=test.id,
            exercise=test.exercise,
            level=1,
            unit=test.unit.value,
            cap=test.cap,
            offers=test.offers,
        )
        for test in kit.library.selftests.tests
    )
    yield "selftest", SelfTestStart(items=tests, stop_pain=5, rise=2)
    yield from _varied("week", number=1, changes=[(("bruecke", change),) for change in CHANGES])
    yield from _varied("week", number=2, news=["", *NEWS])
    months = [f"2026-{month:02}-10" for month in range(1, 13)]
    yield from _varied("pausing", today=months)
    gentle = [replace(FLOWS["flare"].samples[0].gentle[0], exercise=exercise) for exercise in OF_EXERCISE]
    yield from _varied("flare", gentle=[tuple(gentle)])
    yield from _varied("preferences", has=[tuple(each.value for each in Equipment if each not in HOUSEHOLD)])
    yield from _varied("preferences", minds=[(tag.id,) for tag in kit.library.tags.values() if tag.asked])
    yield "onboarding", onboarding_start(kit, Known(), "web")
    for portion in FLOWS["portion-taste"].samples:
        yield "portion-taste", replace(portion, second=True)


def _varied(name: str, *, number: int = 0, **values: Any) -> Iterator[tuple[str, Any]]:
    """One sample with every combination of these values."""
    starts = [FLOWS[name].samples[number]]
    for field, each in values.items():
        starts = [replace(start, **{field: value}) for start in starts for value in each]
    return ((name, start) for start in starts)
