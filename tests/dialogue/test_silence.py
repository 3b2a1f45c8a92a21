"""Silence and coming back: two prompts, two notes, then nothing; no form and no number in it, and it costs nothing."""

import re
from datetime import timedelta

import pytest

from bot.dialogue.facts import Decided, PainReported, SessionStarted
from bot.dialogue.flows.flare import FLARING
from bot.dialogue.flows.note import NOTE
from bot.dialogue.flows.session import SESSION
from bot.dialogue.member import Status
from bot.dialogue.messages import Kind, Message
from bot.dialogue.turn import Turn
from tests.dialogue.room import Room


def silent_after_a_day(language: str = "de") -> Room:
    room = Room(language=language)
    room.first_day()
    return room


def sent(turns: list[Turn]) -> list[Message]:
    return [message for turn in turns for message in turn.messages if not message.only_edit]


def flow_of(room: Room) -> str:
    return "" if room.member.open is None else room.member.open.flow


@pytest.mark.parametrize("language", ["de", "en"])
def test_two_prompts_and_two_notes_then_nothing_for_eleven_months(language: str) -> None:
    room = silent_after_a_day(language)
    begun = room.now

    days = []
    for _ in range(330):
        said = sent(room.lives(days=1))
        days += [(room.now - begun).days] * len(said)

    assert days == [1, 2, 3, 7]


def test_nothing_in_a_silence_counts_it_or_asks_for_a_number() -> None:
    room = silent_after_a_day()
    room.lives(days=2)

    notes = sent(room.lives(days=10))

    assert len(notes) == 2
    for message in notes:
        assert not re.search(r"\d (Tage?|days?)|lange|warum|why|vermisst|schade", message.text)
        assert not any(button.data.rpartition(".")[2].isdigit() for row in message.buttons for button in row)
        assert message.push == "Dein Moment ist da."


def test_who_wants_fewer_prompts_still_gets_two_before_the_notes() -> None:
    room = silent_after_a_day()
    room.until_due("prompt")
    room.taps("3")
    room.taps("menu")
    room.taps("less")

    turns = room.lives(days=30)

    kinds = [message.kind for message in sent(turns)]
    assert kinds == [Kind.SESSION, Kind.SESSION, Kind.TALK, Kind.TALK]


def test_a_word_ends_the_silence_and_prompts_come_again() -> None:
    room = silent_after_a_day()
    room.lives(days=20)
    assert not [key for key in room.appointments if key[0] == "prompt"]

    room.says("hallo")

    assert room.member.unanswered == 0
    assert [key[0] for key in room.appointments if key[0] == "prompt"] == ["prompt"]


def test_the_note_holds_one_minute_ready() -> None:
    room = silent_after_a_day()
    room.lives(days=4)
    assert flow_of(room) == NOTE.name

    room.taps("show")

    assert flow_of(room) == SESSION.name
    assert Kind.EXERCISE in room.kinds
    numbers = len(room.known_facts(PainReported))
    room.taps("fine")
    assert flow_of(room) == ""
    assert len(room.known_facts(PainReported)) == numbers


def test_no_time_is_answered_in_six_words_and_without_a_question() -> None:
    room = silent_after_a_day()
    room.lives(days=4)

    room.taps("no_time")

    (said,) = room.texts
    assert len(said.split()) <= 6
    assert "?" not in said
    assert flow_of(room) == ""


@pytest.mark.parametrize("days", [4, 9])
def test_it_got_worse_leads_to_the_lists(days: int) -> None:
    room = silent_after_a_day()
    room.lives(days=days)

    room.taps("flare" if days == 4 else "worse")

    assert flow_of(room) == FLARING.name
    assert "Ja, etwas davon" in room.labels


@pytest.mark.parametrize("days", [4, 9])
def test_a_pause_ends_the_prompts(days: int) -> None:
    room = silent_after_a_day()
    room.lives(days=days)

    room.taps("pause")

    assert room.member.status is Status.PAUSED
    assert sent(room.lives(days=60)) == []


def test_while_locked_no_note_comes() -> None:
    room = silent_after_a_day()
    room.says("mein Fuß lässt sich nicht mehr heben")
    if room.member.known.lock is None:
        room.taps("yes")

    turns = room.lives(days=40)

    assert room.member.known.lock is not None
    assert {message.kind for message in sent(turns)} <= {Kind.EMERGENCY}


@pytest.mark.parametrize(("days", "back"), [(3, ""), (5, "smaller"), (9, "bottom")])
def test_coming_back_starts_smaller_and_asks_nothing(days: int, back: str) -> None:
    room = silent_after_a_day()
    room.lives(days=days)

    room.says("/heute")

    assert flow_of(room) == SESSION.name
    said = " ".join(room.texts)
    assert ("nichts nachholen" in said) is bool(back)
    assert not re.search(r"\d+ Tage", said)
    room.taps("go")
    room.taps("3")
    while flow_of(room) == SESSION.name:
        room.taps(next(token for token in ("fine", "3") if _has(room, token)))
    assert room.known_facts(SessionStarted)[-1].gate == ("ramp" if back else "normal")
    assert {fact.change for fact in room.known_facts(Decided)} <= {"start", "hold", "dose_down", "level_down"}


def _has(room: Room, token: str) -> bool:
    last = room.visible[room.order[-1]]
    return any(button.data.endswith(f".{token}") for row in last.buttons for button in row)


def test_still_a_break_is_one_tap() -> None:
    room = silent_after_a_day()
    room.lives(days=9)
    room.says("/heute")

    room.taps("pause")

    assert room.member.status is Status.PAUSED
    assert not [key for key in room.appointments if key[0] == "prompt"]


@pytest.mark.parametrize(("typed", "notes"), [("danke", 1), ("abmelden", 0)])
def test_one_note_comes_before_data_goes_and_none_to_who_wants_nothing(typed: str, notes: int) -> None:
    room = silent_after_a_day()
    room.says(typed)
    last_word = room.now
    room.lives(days=340)
    assert not room.erased

    farewell = sent(room.lives_until(last_word + timedelta(days=360)))
    room.lives_until(last_word + timedelta(days=380))

    assert len(farewell) == notes
    assert room.erased


def test_a_word_after_the_note_keeps_everything_for_another_year() -> None:
    room = silent_after_a_day()
    room.lives(days=355)

    room.says("hallo")
    room.lives(days=340)

    assert not room.erased
    room.lives(days=40)
    assert room.erased


def test_a_clock_that_runs_a_year_ahead_notes_nobody_and_deletes_nothing() -> None:
    room = silent_after_a_day()
    room.passes(days=365)

    said = sent([room.until_due("farewell")])  # put off to the wrong clock's next day
    room.passes(days=-365)
    room.lives(days=340)

    assert said == []
    assert not room.erased
