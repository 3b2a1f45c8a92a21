"""/bericht: one sentence, if wanted, and a paper that tells a practice what was told, and nothing else."""

import json
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.dialogue.messages import Attachment, Kind, Where
from bot.dialogue.moment import Moment
from bot.dialogue.reporting import report_of
from bot.dialogue.turn import Draft
from tests.dialogue.room import Room
from tests.dialogue.test_month import month


def _report(room: Room, *places: str) -> dict[str, Any]:
    moment = Moment(room.now, ZoneInfo(room.member.zone))
    draft = Draft(member=room.member, moment=moment, kit=room.kit, channel="", next_id=0, elsewhere=places)
    values: dict[str, Any] = json.loads(report_of(draft))
    return values


def _blocks(room: Room) -> dict[str, dict[str, Any]]:
    values = _report(room)
    return {block["title"]: block for block in (*values["first"], *values["second"])}


@pytest.fixture
def room() -> Room:
    room = Room()
    room.first_day()
    return room


def test_a_sentence_of_ones_own_stands_on_top(room: Room) -> None:
    room.says("/bericht")
    room.says("Ich will wieder *zwei* Stunden im Garten arbeiten")

    assert room.last is not None
    (sent,) = (message for message in room.last.messages if message.file is not None)
    assert (sent.file, sent.kind, sent.where) == (Attachment.REPORT, Kind.EXPORT, Where.ORIGIN)
    assert _report(room)["first"][0]["lines"] == ["Ich will wieder *zwei* Stunden im Garten arbeiten"]


def test_without_a_sentence_there_are_lines_to_write_on(room: Room) -> None:
    room.says("/report")
    room.taps("none")

    assert room.last is not None
    assert [m.file for m in room.last.messages if m.file is not None] == [Attachment.REPORT]
    assert _report(room)["first"][0] == {
        "title": "Darüber möchte ich sprechen",
        "lines": [],
        "ruled": 3,
        "table": None,
    }


def test_the_open_question_is_asked_again(room: Room) -> None:
    room.until_due("prompt")
    room.taps("3")
    room.taps("go")
    question = room.texts[-1]

    room.says("/bericht")
    room.taps("none")

    assert room.texts[-1] == question


def test_an_alarm_in_the_sentence_is_an_alarm(room: Room) -> None:
    room.says("/bericht")
    room.says("Seit heute früh ist alles taub im Schritt")

    assert "112" in room.texts[-1]
    assert room.member.known.about.concern == ""


def test_who_is_locked_gets_it_too_and_the_flag_stands_on_it(room: Room) -> None:
    room.says("Seit gestern habe ich Fieber und Schüttelfrost und der Rücken tut weh")
    assert room.member.known.lock is not None

    room.says("/bericht")
    room.taps("none")

    assert room.last is not None
    assert Attachment.REPORT in {message.file for message in room.last.messages}
    assert "keine Übungen" in " ".join(_blocks(room)["Warnzeichen, abgefragt"]["lines"])


def test_flags_are_told_with_the_words_that_were_asked() -> None:
    room = Room(language="en")
    room.onboards()
    answers = {**dict(room.member.known.answers), "rf_thor": "known", "rf_rest": "unsure"}
    room.member = replace(room.member, known=replace(room.member.known, answers=tuple(answers.items())))

    lines = _blocks(room)["Warning signs, as asked"]["lines"]

    assert sum(line.startswith("•") for line in lines) == 2
    assert any(line.endswith("known for long") for line in lines)
    assert any(line.endswith("not sure") for line in lines)


def test_five_weeks_fill_both_pages() -> None:
    room = month(days=35).room
    blocks = _blocks(room)

    assert len(blocks["Alltag, aus den Wochenfragen"]["table"]["rows"]) == 5
    weeks = blocks["Bewegung je Woche"]["table"]["rows"]
    assert weeks[0][0] == "ab 23. Nov."
    assert blocks["Schmerzverlauf"]["chart"]["weeks"]
    names = [row[0] for row in blocks["Übungen zurzeit"]["table"]["rows"]]
    assert len(names) == len(room.member.known.programme)
    assert blocks["Schübe"]["lines"] == ["In den letzten Wochen keiner."]


def test_mood_rounds_and_chat_never_stand_in_it() -> None:
    room = month(days=35).room
    values = json.dumps(_report(room), ensure_ascii=False).casefold()

    assert not any(word in values for word in ("stimmung", "niedergeschlagen", "runde", "telegram"))


def test_own_words_stay_off_the_paper_where_telegram_is_one_of_several_places(room: Room) -> None:
    about = replace(room.member.known.about, own="Wieder Cello spielen")
    room.member = replace(room.member, known=replace(room.member.known, about=about))

    assert "Cello" in json.dumps(_report(room))
    assert "Cello" not in json.dumps(_report(room, "matrix", "telegram"))


def test_the_foot_says_whether_a_clinician_has_looked_at_it(room: Room) -> None:
    assert _report(room)["foot"].endswith("Fachlich noch nicht geprüft.")


def test_before_consent_it_greets() -> None:
    room = Room()

    room.says("/bericht")

    assert room.facts == []
    assert "112" in room.texts[0]


@pytest.mark.parametrize(
    ("language", "places", "line"),
    [
        ("de", ("low-left", "thigh-left"), "Vor allem hier: Kreuz links, Schenkel links."),
        ("en", ("none",), "Mostly here: Somewhere else."),
    ],
)
def test_the_marked_places_stand_with_the_pain(language: str, places: tuple[str, ...], line: str) -> None:
    room = Room(language=language)
    room.first_day()
    known = room.member.known
    assert not any(line in block["lines"] for block in _blocks(room).values())

    room.member = replace(room.member, known=replace(known, about=replace(known.about, places=places)))

    assert sum(line in block["lines"] for block in _blocks(room).values()) == 1
