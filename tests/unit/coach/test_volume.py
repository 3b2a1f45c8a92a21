"""A smaller day holds really less: at most the share of the volume that its gate lets through (clinical rules 5.5)."""

import pytest

from bot.coach.gate import Gate
from bot.coach.place import Place
from bot.coach.profile import Profile
from bot.coach.records import Mode
from bot.coach.volume import Share, share_of, within_amount
from bot.coach.week import first_week
from bot.library.library import Library
from bot.library.screening import AgeBand


def gate(percent: int, sets_less: int = 0) -> Gate:
    return Gate(mode=Mode.RETURN, rule="R_RETURN", volume_percent=percent, sets_less=sets_less)


@pytest.mark.parametrize("percent", [60, 70, 80, 90, 100])
def test_no_exercise_on_any_place_is_more_than_its_share(library: Library, percent: int) -> None:
    for exercise in library.exercises.values():
        for step in range(1, exercise.top_step + 1):
            for sets in range(1, exercise.sets + 1):
                whole = sets * exercise.amount(step)
                share = share_of(exercise, Place(1, step, sets), gate(percent))

                assert share.volume <= max(1, whole * percent / 100)
                assert share.volume >= 1
                assert share.step <= step
                assert share.sets <= sets
                assert percent < 100 or (share.step, share.sets) == (step, sets)


def test_the_day_after_the_flare_up_begins_at_70_percent_and_comes_back_in_steps(library: Library) -> None:
    bridge, place = library.exercises["bruecke"], Place(2, 3, 3)
    whole = 3 * bridge.amount(3)

    shares = [share_of(bridge, place, gate(percent)).volume / whole for percent in (70, 80, 90, 100)]

    assert shares == sorted(shares)
    assert all(0.5 <= share <= percent / 100 for share, percent in zip(shares, (70, 80, 90, 100), strict=True))


def test_one_set_at_the_bottom_gets_smaller_too(library: Library) -> None:
    bridge = library.exercises["bruecke"]

    share = share_of(bridge, Place(1, 1, 1), gate(60, sets_less=1))

    assert share == Share(step=1, sets=1, amount=bridge.amount(1) * 60 // 100)
    assert share.amount < bridge.amount(1)


def test_a_smaller_day_has_one_set_less_where_there_are_several(library: Library) -> None:
    assert share_of(library.exercises["bruecke"], Place(1, 1, 3), gate(100, sets_less=1)).sets == 2


def test_where_one_exercise_is_all_there_is_a_short_day_holds_a_part_of_it(library: Library) -> None:
    """Sore knees, wrists, shoulders and no balance leave tai chi, whose band begins at five minutes."""
    tags = frozenset({"CS", "DZ", "FL", "KN", "SH"})
    profile = Profile(age=AgeBand.FROM_18, pain_now=3, minutes=3, tags=tags)

    first = first_week(profile, library).days[0]

    assert [(item.exercise, item.amount) for item in first.items] == [("tai-chi-gewicht", 3)]
    assert first.seconds == 180


def test_a_part_is_kept_on_the_step_that_it_really_is(library: Library) -> None:
    bridge, place = library.exercises["bruecke"], Place(1, 3, 2)
    whole = Share(3, 2, bridge.amount(3))

    part = within_amount(bridge, place, whole, bridge.amount(2) + 1)

    assert part == Share(step=2, sets=1, amount=bridge.amount(2) + 1)
    assert within_amount(bridge, place, whole, None) == whole
