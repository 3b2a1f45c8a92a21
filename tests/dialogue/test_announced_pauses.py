"""A holiday or an illness said beforehand freezes the programme for up to two weeks (clinical rules 5.8)."""

import json
from typing import Any

import pytest

from bot.coach.pause import gap_between
from bot.coach.records import Announced, History
from bot.dialogue.history import places_of
from tests.dialogue.living import trains
from tests.dialogue.room import Room, the_kit

CLEAR = ("none", "no", "3", "=", "same", "nothing", "chronic", "18_44", "~")  # what comes back may be asked
PAUSE = the_kit().library.thresholds.pause


def trained(days: int = 8) -> Room:
    room = Room()
    room.first_day()
    for _ in range(days):
        trains(room)
    return room


def comes_back(room: Room) -> dict[str, Any]:
    """To the day's offer; lists that are due are clear."""
    room.says("/heute")
    while not room.is_offered("go"):
        room.taps(next(token for token in CLEAR if room.is_offered(token)), after_s=60)
    assert room.member.open is not None
    start: dict[str, Any] = json.loads(room.member.open.start)
    return start


def away(days: int, said: int, why: str = "holiday") -> tuple[Room, dict[str, Any]]:
    """Absent for so many days, the first of them said beforehand."""
    room = trained()
    if said:
        room.says(f"/pause {said}")
        room.taps(why)
    room.lives(days=days)
    return room, comes_back(room)


def test_an_announced_holiday_takes_nothing_and_vanishing_does() -> None:
    room, after = away(10, said=10)
    _, vanished = away(10, said=0)

    assert (after["gate"], after.get("back", "")) == ("normal", "")
    assert (vanished["gate"], vanished["back"]) == ("ramp", "bottom")
    before = places_of(trained().member.known)
    planned = {each["exercise"]: each["step"] for each in after["planned"]}
    assert all(planned[name] >= before[name].step for name in planned.keys() & before.keys())
    assert not any(change["rule"] == "R_PAUSE" for change in after["changes"])
    assert room.member.known.pause is not None


def test_after_an_illness_the_first_session_is_a_smaller_one_and_nothing_else() -> None:
    _, after = away(9, said=9, why="ill")

    assert (after["gate"], after.get("back", "")) == ("reduced", "")


@pytest.mark.parametrize(("days", "why", "back"), [(20, "holiday", "smaller"), (24, "ill", "bottom")])
def test_no_more_than_two_weeks_are_frozen(days: int, why: str, back: str) -> None:
    _, after = away(days, said=days, why=why)

    assert after["back"] == back


def test_a_pause_for_another_reason_freezes_nothing() -> None:
    _, after = away(9, said=9, why="other")

    assert after["back"] == "bottom"


def test_the_lists_go_by_all_days_that_were_frozen_too() -> None:
    room = trained()
    room.says("/pause 14")
    room.taps("holiday")
    room.lives(days=14)
    room.says("/heute")

    assert room.is_offered("none")


def test_only_what_was_announced_counts_and_a_pause_that_ended_early_was_shorter() -> None:
    history = History(announced=(Announced(101, 111), Announced(105, 108)))

    assert gap_between(history, 100, 112, PAUSE) == 2
    assert gap_between(history, 90, 112, PAUSE) == 12
    assert gap_between(History(), 100, 112, PAUSE) == 12
    assert gap_between(History(announced=(Announced(0, 10**6),)), 100, 130, PAUSE) == 16

    room = trained(2)
    room.says("/pause 14")
    room.taps("holiday")
    room.lives(days=3)
    room.says("/weiter")
    room.says("/pause 7")
    room.taps("ill")
    known = room.member.known
    assert known.pause is not None
    assert [(pause.why, pause.until) for pause in known.pauses] == [("holiday", known.pause.since)]
