"""What the operator lets exercises do: adapt, grow by nothing but the member's own choice, or not be there."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.coach.allowing import Exercises, held
from bot.coach.decision import Decision
from bot.coach.place import Place
from bot.coach.records import RISES, Change
from bot.dialogue.facts import Decided, SessionEnded, WalkLogged
from bot.dialogue.messages import Kind
from tests.dialogue.perfect import lives
from tests.dialogue.room import Room, the_kit

STANDS = Place(1, 3, 2)


def set_to(exercises: Exercises, language: str = "de") -> Room:
    return Room(language=language, kit=replace(the_kit(), exercises=exercises))


@pytest.mark.parametrize("change", Change)
def test_in_a_fixed_programme_a_rise_becomes_a_stay_and_all_else_is_as_decided(change: Change) -> None:
    decided = Decision(
        exercise="bruecke",
        change=change,
        rule="R_X",
        cause="",
        place=Place(2, 1, 2),
        inputs=(),
        sources=(),
        basis=1,
        levels=1,
    )

    fixed = held(decided, STANDS, Exercises.FIXED)

    assert held(decided, STANDS, Exercises.ADAPTIVE) == decided
    if change in RISES:
        assert (fixed.change, fixed.reason, fixed.place, fixed.levels) == (
            Change.HOLD,
            "reason/R_HOLD/fixed",
            STANDS,
            0,
        )
    else:
        assert fixed == decided


def test_a_fixed_programme_does_not_grow_however_well_it_goes_and_still_gets_smaller() -> None:
    room = set_to(Exercises.FIXED)
    days = lives(room, 9)
    next(days)
    begun = {placed.exercise: (placed.level, placed.dose_step, placed.sets) for placed in room.member.known.programme}
    *_, _ = days

    rises = {change.value for change in RISES}
    assert {p.exercise: (p.level, p.dose_step, p.sets) for p in room.member.known.programme} == begun
    assert not [made for made in room.known_facts(Decided) if made.change in rises]
    assert not room.is_offered("more")
    room.until_due("prompt")
    for token in ("8", "go"):
        if room.is_offered(token):
            room.taps(token)
    assert Kind.EXERCISE not in room.kinds  # a bad day is still a gentle one


def test_the_same_days_let_an_adaptive_programme_grow() -> None:
    room = set_to(Exercises.ADAPTIVE)
    *_, room = lives(room, 9)

    assert len(room.member.known.programme) > 2


@pytest.mark.parametrize(("language", "words"), [("de", "Übungen gibt es hier keine"), ("en", "no exercises here")])
def test_switched_off_there_are_none_and_it_says_so(language: str, words: str) -> None:
    room = set_to(Exercises.OFF, language)
    room.onboards()
    assert words in " ".join(room.texts)
    room.ends_day()
    room.says("/hilfe")
    assert words in " ".join(room.texts)
    for said in ("/heute", "/uebungen", "/uebungen other", "/test", "/schub", "1 minute", "/warum"):
        room.says(said)
        shown = [m.picture for m in room.last.messages if m.picture] if room.last else []
        assert not [picture for picture in shown if picture.figure in the_kit().library.exercises], said
        assert Kind.EXERCISE not in room.kinds, said
        for token in ("none", "none", "none"):
            if room.is_offered(token):
                room.taps(token, after_s=60)
    assert not room.known_facts(SessionEnded)


def test_switched_off_walking_cards_lists_and_alarms_remain() -> None:
    room = set_to(Exercises.OFF)
    room.onboards()
    room.ends_day()
    room.says("/gehen 10")
    assert room.known_facts(WalkLogged)

    for _ in range(3):
        room.until_due("prompt")
        assert room.kinds <= {Kind.CARD, Kind.TALK}
        room.lives_until(room.now + timedelta(hours=12))
    room.says("mein po ist taub und ich kann nicht pinkeln")
    assert room.member.known.lock is not None
