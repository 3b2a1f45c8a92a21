"""Reminders of one minute do not come at one moment."""

from collections import Counter

from bot.runtime.living import MINUTE, SECOND, SPREAD_S, spread

EIGHT = 8 * 60 * MINUTE
PEOPLE = 5_000


def test_a_minute_that_many_chose_is_used_evenly_and_never_left() -> None:
    seconds = Counter((spread(EIGHT, member) - EIGHT) // SECOND for member in range(PEOPLE))

    assert set(seconds) == set(range(SPREAD_S))
    assert max(seconds.values()) < 2 * PEOPLE / SPREAD_S


def test_what_was_booked_for_a_second_comes_at_that_second() -> None:
    assert spread(EIGHT + SECOND, 7) == EIGHT + SECOND
