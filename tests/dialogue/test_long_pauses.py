"""Weeks without exercises: what 5.8 takes holds for every exercise, also for those that come on a later day."""

from datetime import timedelta

import pytest

from bot.coach.derived import usual_before
from bot.coach.usual import is_unknown_again
from bot.dialogue import facts as f
from bot.dialogue.history import history_of, places_of
from tests.dialogue.diary import LIBRARY, Diary, grown


@pytest.mark.parametrize(("away", "levels"), [(20, 1), (30, 2), (36, 2), (60, 2), (200, 2)])
def test_each_exercise_comes_back_in_a_lower_form_on_whichever_day_it_has_its_turn(away: int, levels: int) -> None:
    """Five weeks after the last session only the first one back was a return; all others came as if nothing was."""
    member, now = grown()
    old = places_of(member.known)
    diary = Diary(member.known, now + timedelta(days=away))
    met: dict[str, int] = {}
    gates: list[str] = []
    for _ in range(6):
        diary.tells(2)
        start = diary.trains()
        assert start is not None
        gates.append(start.gate)
        for each in start.planned:
            if each.exercise in old and each.exercise not in met:
                met[each.exercise] = each.level
                assert each.step == 1, each
                assert each.level <= max(1, old[each.exercise].level - levels), each
        diary.now += timedelta(days=1)

    assert gates[:2] == ["ramp", "ramp"]
    assert len(met) > 3


@pytest.mark.parametrize(("away", "asks"), [(27, False), (28, True), (60, True)])
def test_after_a_restart_the_usual_is_asked_until_it_is_told_or_measured(away: int, asks: bool) -> None:  # noqa: FBT001
    """5.8: a new baseline. What was told months ago says nothing of now."""
    member, now = grown()
    diary = Diary(member.known, now + timedelta(days=away))
    open_after: list[bool] = []
    for _ in range(4):
        diary.tells(2)
        diary.trains()
        rules, day = LIBRARY.thresholds, diary.moment.day.toordinal()
        open_after.append(is_unknown_again(history_of(diary.known, LIBRARY), day, rules))
        diary.now += timedelta(days=1)

    assert open_after[0] is asks
    assert not open_after[-1]


def test_told_after_a_restart_it_is_asked_no_more() -> None:
    member, now = grown()
    diary = Diary(member.known, now + timedelta(days=40))
    diary.tells(2)
    diary.trains()
    diary.notes(f.ProfileAnswered(field="usual", value="4"))
    history, day = history_of(diary.known, LIBRARY), diary.moment.day.toordinal()

    assert not is_unknown_again(history, day, LIBRARY.thresholds)
    assert usual_before(history, day + 1, LIBRARY.thresholds) == 4
