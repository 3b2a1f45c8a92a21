"""Marks: what stands in a room already is known again, and nothing else is taken for it."""

from dataclasses import replace
from typing import Any

from bot.channels.matrix.marks import KEPT, KEPT_US, MARK, Marks
from bot.channels.matrix.position import Position, load
from bot.dialogue.events import Due
from bot.dialogue.messages import OF_ITSELF, Button, Message
from bot.runtime.outgoing import cause_of
from bot.store.rows import Waiting

ROOM = "!room:example.org"
EIGHT = 1_795_420_800_000_000  # on a whole minute, in microseconds
SECOND = 1_000_000
ANSWER = Message(id=1, text="Und?", buttons=((Button(label="Ja", data="a"),),), cause="$event")


def event(mark: str, name: str = "$mine") -> dict[str, Any]:
    return {"type": "m.room.encrypted", "event_id": name, "content": {MARK: mark}}


def test_an_answer_to_the_same_words_is_known_again_under_another_number() -> None:
    marks = Marks()
    marks.hear([event(marks.of(ANSWER, ROOM, ""))])

    assert marks.heard[marks.of(replace(ANSWER, id=99), ROOM, "")] == "$mine"
    for other in (
        replace(ANSWER, cause="$another"),
        replace(ANSWER, text="Und jetzt?"),
        replace(ANSWER, buttons=()),
        replace(ANSWER, cause=""),
    ):
        assert marks.of(other, ROOM, "") not in marks.heard
    assert marks.of(ANSWER, "!other:example.org", "") not in marks.heard
    assert marks.of(ANSWER, ROOM, "p") not in marks.heard


def test_a_message_that_answers_nothing_is_known_by_its_row() -> None:
    marks = Marks()
    told = replace(ANSWER, cause="")
    assert marks.of(told, ROOM, "") == marks.of(replace(told, text="Anders"), ROOM, "")
    assert marks.of(told, ROOM, "") != marks.of(replace(told, id=2), ROOM, "")


def test_a_rounds_own_post_is_known_again_whatever_was_counted_since() -> None:
    marks = Marks()
    card = replace(ANSWER, cause=f"{OF_ITSELF}round 7 card 2", text="Heute bewegt: 5")
    marks.hear([event(marks.of(card, ROOM, ""))])

    assert marks.of(replace(card, id=99, text="Heute bewegt: 0", buttons=()), ROOM, "") in marks.heard
    for other in (replace(card, cause=f"{OF_ITSELF}round 7 card 3"), replace(card, cause="")):
        assert marks.of(other, ROOM, "") not in marks.heard
    assert marks.of(card, "!other:example.org", "") not in marks.heard


def prompt(due: int, row: int) -> Message:
    waiting = Waiting(id=row, kind="due", body=b"", address=None, received=due, attempts=0, source=f"due:{row}")
    return replace(ANSWER, id=row, cause=cause_of(waiting, Due(kind="prompt", local_date="2026-11-24", due_at=due)))


def test_a_prompt_is_known_again_in_its_minute_and_one_that_was_put_off_is_a_message_of_its_own() -> None:
    marks = Marks()
    marks.hear([event(marks.of(prompt(EIGHT + SECOND, 1), ROOM, ""))])
    for again in (prompt(EIGHT + SECOND, 7), prompt(EIGHT + 41 * SECOND, 8)):  # a member has another second since
        assert marks.of(again, ROOM, "") in marks.heard
    for later in (3600, 7200):
        assert marks.of(prompt(EIGHT + later * SECOND, 1), ROOM, "") not in marks.heard


def test_marks_of_another_database_mean_nothing_and_the_key_comes_back_with_its_own() -> None:
    ours, others = Marks(), Marks()
    assert ours.of(ANSWER, ROOM, "") != others.of(ANSWER, ROOM, "")

    restored = Marks()
    saved = load(Position(key=ours.key, heard={"mark": "$mine"}).dump())
    restored.begin(saved.key, saved.heard, 0)
    assert restored.of(ANSWER, ROOM, "") == ours.of(ANSWER, ROOM, "")
    assert restored.heard == {"mark": "$mine"}


def test_a_position_of_older_code_gets_a_key() -> None:
    marks = Marks()
    marks.begin(load('{"token": "s1", "unread": [], "invitations": []}').key, {}, 0)
    assert marks.key


def test_what_was_found_is_handed_on_for_an_hour_and_not_without_end() -> None:
    marks = Marks()
    marks.hear(event(f"mark-{number}") for number in range(KEPT + 5))
    assert len(marks.kept(KEPT_US - 1)) == KEPT
    assert f"mark-{KEPT + 4}" in marks.kept(0)
    assert marks.kept(KEPT_US) == {}


def test_what_is_no_mark_is_passed_over() -> None:
    marks = Marks()
    for content in (None, {}, {MARK: 3}, {MARK: "a" * 999}, "words"):
        marks.hear([{"event_id": "$mine", "content": content}])
    assert marks.heard == {}


def test_what_was_answered_by_words_that_cannot_be_read_is_asked_again() -> None:
    edit: dict[str, Any] = {"event_id": "$edit", "content": {MARK: "edit"}}
    edit["content"] |= {"m.relates_to": {"rel_type": "m.replace", "event_id": "$b"}}
    said = [event("open", "$a"), event("answered", "$b"), edit]
    marks, blind = Marks(), Marks()
    marks.hear(said)
    blind.hear(said, blind=True)
    assert marks.heard == {"open": "$a", "answered": "$b", "edit": "$edit"}
    assert blind.heard == {"open": "$a", "edit": "$edit"}
