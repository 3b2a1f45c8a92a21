"""Weeks without exercises: what 5.8 takes holds for every exercise, also for those that come on a later day."""

from datetime import timedelta

import pytest

from bot.dialogue.history import places_of
from tests.dialogue.diary import Diary, grown


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
