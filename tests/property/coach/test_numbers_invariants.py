"""I17: what the rules are made of stands in one file, and no number of it changes under an old version."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bot.coach
from bot.coach.course import follow_days
from bot.coach.decision import Case, decide
from bot.coach.place import Place
from bot.coach.profile import Profile
from bot.coach.records import RISES, DayRecord, Moment
from bot.library.library import Library
from tests.property.coach.histories import PLACES, SERVED, disturbed

# Numbers that no clinician would set: places in a list, days of a week, hours, percents, far away, how much is kept.
PLAIN = {0, 1, 2, 3, 4, 5, 7, 10, 12, 20, 24, 40, 60, 100, 270, 366, 512, 20_000}
# A rule that is stricter in one number never lets more rise. (group, number, how much stricter)
STRICTER = [
    ("rising", "good", 1),
    ("rising", "careful_good", 1),
    ("rising", "level_days", 3),
    ("rising", "level_ups", -1),
    ("rising", "calm_hours", 24),
    ("rising", "adherence_percent", 20),
    ("lights", "good_effort", -1),
    ("lights", "much_peak", -1),
    ("speed", "hold_from", -2),
]


def _constants(source: str) -> Iterator[float]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
            yield node.value


@pytest.mark.parametrize(
    "module",
    sorted(p.name for p in Path(bot.coach.__path__[0]).glob("*.py") if not p.name.startswith("alarm")),
)
def test_i17_no_module_of_the_rules_holds_a_number_of_its_own(module: str) -> None:
    source = (Path(bot.coach.__path__[0]) / module).read_text(encoding="utf-8")

    assert {number for number in _constants(source) if number not in PLAIN} == set()


@given(PLACES, disturbed(max_days=12), SERVED, st.integers(1, 10_000))
@settings(max_examples=60, deadline=None)
def test_i17_every_decision_says_which_version_made_it(
    library: Library, places: dict[str, Place], days: list[DayRecord], profile: Profile, version: int
) -> None:
    changed = library.model_copy(update={"thresholds": library.thresholds.model_copy(update={"version": version})})

    for day in follow_days(places, days, profile, changed):
        assert {decision.rules_version for decision in day.decisions} == {version}


@given(PLACES, disturbed(max_days=20), SERVED, st.sampled_from(STRICTER))
@settings(max_examples=150, deadline=None)
def test_i17_a_stricter_number_never_lets_more_rise(
    library: Library, places: dict[str, Place], days: list[DayRecord], profile: Profile, how: tuple[str, str, int]
) -> None:
    group, name, more = how
    numbers = getattr(library.thresholds, group)
    tighter = numbers.model_copy(update={name: max(getattr(numbers, name) + more, 0)})
    strict = library.model_copy(update={"thresholds": library.thresholds.model_copy(update={group: tighter})})
    course = list(follow_days(places, days, profile, library))[-1:]

    for day in course:
        for exercise, place in day.places.items():
            case = Case(
                exercise=library.exercises[exercise],
                place=place,
                history=day.history,
                moment=Moment(day.day, is_over=True),
                gate=day.gate,
                profile=profile,
                library=strict,
                places=day.places,
            )
            if decide(case).change in RISES:
                assert decide(replace(case, library=library)).change in RISES
