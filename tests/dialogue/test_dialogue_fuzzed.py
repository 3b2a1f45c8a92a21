"""Whatever happens in whatever order: the conversation stands, the lock holds, the journal rebuilds what is known."""

from datetime import timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialogue.events import ButtonTapped, Due, Event, MediaReceived, TextReceived, Unreadable
from bot.dialogue.lock import forbidden
from bot.dialogue.member import Known, dump_member
from bot.dialogue.memory import remember_all
from bot.dialogue.moment import micros
from tests.dialogue.room import Room

WORDS = (
    "hallo", "ja", "nein", "3", "7/10", "so 6 bis 7", "0", "?", "sieben", "8 Uhr", "/heute", "/today", "/hilfe",
    "/notfall", "/stopp", "/weiter", "/warum", "/daten", "/loeschen", "/sprache", "/start g_abc", "/quatsch",
    "abmelden",
    "danke", "mein Bein ist taub im Schritt", "ich halte es nicht mehr aus", "mein Fuß lässt sich nicht mehr heben",
    "Fieber und Schüttelfrost", "*fett* {slot} \\ <b>", "\u202eabc", "x" * 4000,
    "keins", "2, 5", "Knie und Schulter",
)  # fmt: skip
KINDS = (
    "prompt", "undecided", "after-emergency", "after-urgent", "after-crisis", "gone-kind",
    "week", "desk-1", "desk-later", "farewell", "forgetting",
)  # fmt: skip


def something(room: Room, random: Random) -> Event:
    roll = random.random()
    buttons = [b.data for row_id in room.order[-6:] for row in room.visible[row_id].buttons for b in row]
    if buttons and roll < 0.62:
        return ButtonTapped(data=random.choice(buttons))
    if roll < 0.82:
        return TextReceived(text=random.choice(WORDS), edited=random.random() < 0.05, language=room.language)
    if roll < 0.86:
        return ButtonTapped(data=random.choice(["", "1.2.3", "zz.0.0000.yes", "/heute", "x" * 70, "a.b.c.d", "..."]))
    if roll < 0.9:
        return MediaReceived(what=random.choice(list(Unreadable)))
    late = timedelta(minutes=random.choice([0, 1, 90, 300]))
    return Due(kind=random.choice(KINDS), local_date=room.now.date().isoformat(), due_at=micros(room.now - late))


def check(room: Room) -> None:
    turn = room.last
    assert turn is not None
    assert len(dump_member(room.member)) <= 32_768
    forbidden_kinds = forbidden(room.member.known)
    for message in turn.messages:
        assert message.kind not in forbidden_kinds
        assert message.text.strip()
        assert len(message.text) <= 4096
        for row in message.buttons:
            for button in row:
                assert button.label.strip()
                assert len(button.data.encode("ascii")) <= 64
    assert remember_all(Known(), room.facts) == room.member.known


def live(seed: int, turns: int) -> Room:
    random = Random(seed)
    room = Room(language=random.choice(["de", "en"]))
    if random.random() < 0.6:
        room.onboards(pain=random.choice([1, 3, 6, 9]), age=random.choice(["18_44", "45_59", "65_plus"]))
        check(room)
    for _ in range(turns):
        room.passes(seconds=random.choice([1, 20, 60, 400, 4000, 30_000, 90_000]))
        room.happens(something(room, random))
        check(room)
        if room.erased:
            break
    return room


@pytest.mark.parametrize("seed", range(120))
def test_any_sequence_of_events_leaves_the_conversation_whole(seed: int) -> None:
    live(seed, 60)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=80), min_size=1, max_size=12))
def test_no_text_can_break_the_conversation(texts: list[str]) -> None:
    room = Room()
    room.says("/start")
    room.taps("yes")
    for typed in texts:
        room.says(typed)
        check(room)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=90))
def test_no_forged_button_answers_a_question(data: str) -> None:
    room = Room()
    room.says("/start")
    room.taps("yes")
    state = room.member.open
    room.happens(ButtonTapped(data=data))

    assert room.member.open is not None
    assert state is not None
    assert room.member.open.answers == state.answers
