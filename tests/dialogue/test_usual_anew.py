"""A usual that was told too low holds nobody in a flare-up: after a week of it the member is asked anew (5.3, 5.5)."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.dialogue import facts as f
from bot.dialogue.conversation import follow
from bot.dialogue.history import history_of, places_of
from bot.dialogue.moment import Moment
from bot.dialogue.planning import mode_now
from tests.dialogue.room import Room

ANSWERS = ("not_today", "later", "~", "none", "no", "=", "same")


def waiting(room: Room) -> str:
    state = room.member.open
    ask = None if state is None else follow(state).waiting
    return "" if ask is None else ask.question.id


def told_too_low() -> Room:
    """Three were named as the usual; from the second day on it is five."""
    room = Room()
    room.first_day()
    known = room.member.known
    room.member = replace(room.member, known=replace(known, about=replace(known.about, average=3, days_per_week=7)))
    return room


def lives_a_day(room: Room, pain: str, *, choice: str = "steps") -> str:
    """A number at noon, the lists if they are due, one gentle thing; which question stands behind it."""
    room.lives_until((room.now + timedelta(days=1)).replace(hour=11))
    while room.member.open is not None and room.member.open.flow not in {"session", "flare"}:
        room.taps(next(token for token in ANSWERS if room.is_offered(token)), after_s=60)
    room.says(f"Schmerz {pain}", after_s=900)
    while room.is_offered("some") and room.is_offered("none"):
        room.taps("none", after_s=60)
    for token in (choice, "fine"):
        if room.is_offered(token):
            room.taps(token, after_s=60)
    return waiting(room)


def mode(room: Room) -> str:
    return mode_now(room.member, Moment(room.now, ZoneInfo(room.member.zone)), room.kit).value


def until_asked(room: Room, *pains: str, choice: str = "steps") -> int:
    """The day of the flare-up on which the usual is asked; 0: not at all."""
    for day, pain in enumerate(pains, start=1):
        if lives_a_day(room, pain, choice=choice) == "usual":
            return day
    return 0


@pytest.mark.parametrize(
    ("choice", "later"), [("breath", ["flare", "return", "return"]), ("steps", ["ramp", "ramp", "ramp"])]
)
def test_after_a_week_of_steady_numbers_the_usual_is_asked_and_the_way_back_begins(
    choice: str, later: list[str]
) -> None:
    """Two calm days by the new number end a flare-up with exercises; who only took a few steps was away for a week."""
    room = told_too_low()
    assert until_asked(room, *["5"] * 12, choice=choice) == 8
    before = places_of(room.member.known)
    room.taps("5")

    assert room.known_facts(f.ProfileAnswered)[-1] == f.ProfileAnswered(field="usual", value="5")
    assert mode(room) == "flare"  # the same day nothing opens
    assert [(lives_a_day(room, "5", choice=choice), mode(room))[1] for _ in range(3)] == later
    assert places_of(room.member.known) == before


def test_put_off_it_comes_again_and_says_nothing_meanwhile() -> None:
    room = told_too_low()
    until_asked(room, *["5"] * 9)
    room.taps("~")

    assert room.member.known.usuals == ()
    assert [lives_a_day(room, "5") for _ in range(3)] == ["", "", "usual"]


def test_the_answer_is_never_above_what_the_days_were() -> None:
    room = told_too_low()
    until_asked(room, *["5"] * 9)
    room.taps("9")

    assert room.member.known.usuals[-1][1] == 5


@pytest.mark.parametrize(
    "pains", [["5", "5", "5", "6", "6", "6", "6", "6", "6", "6"], ["5", "5", "8", "5", "5", "5", "5", "5", "5", "5"]]
)
def test_not_where_pain_rises_or_was_very_strong(pains: list[str]) -> None:
    assert until_asked(told_too_low(), *pains) == 0


def test_not_where_the_member_calls_it_a_flare_up() -> None:
    room = told_too_low()
    until_asked(room, "5", "5")
    room.says("/schub")
    while room.is_offered("some") and room.is_offered("none"):
        room.taps("none", after_s=60)
    room.taps("steps")

    assert until_asked(room, *["5"] * 9) == 0


def test_not_where_days_that_were_measured_make_the_flare_up() -> None:
    """A week of two, then five every day: that is one, however long; the usual must not creep up (5.3)."""
    room = told_too_low()
    for _ in range(6):
        lives_a_day(room, "2")
    known = room.member.known
    numbers = tuple(replace(pain, when="before") for pain in known.pains)
    room.member = replace(room.member, known=replace(known, pains=numbers))

    assert until_asked(room, *["5"] * 10) == 0


def test_earlier_days_keep_the_usual_they_had() -> None:
    room = told_too_low()
    until_asked(room, *["5"] * 9)
    room.taps("5")
    history, day = history_of(room.member.known, room.kit.library), room.now.date().toordinal()

    assert history.anew == ((day, 5.0),)
    assert history.average == 3
