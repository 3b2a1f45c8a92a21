"""Linking and unlinking as a member meets it in one place, in both languages."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from bot.dialogue.events import ButtonTapped, Due, LinkNews
from bot.dialogue.facts_places import United
from bot.dialogue.flows.session import SESSION
from bot.dialogue.linking import CODE_OVER
from bot.dialogue.messages import Kind, Where
from bot.dialogue.moment import Moment, micros
from bot.dialogue.turn import Draft
from bot.dialogue.weeks import week_start
from bot.dialogue.wishes import Agree, Decline, MakeCode, Part, RedeemCode
from bot.library.catalog import LANGUAGES
from tests.dialogue.room import Room

ASKED = LinkNews(what="asked", link=7, there="telegram")
WORDS = {"de": "löschen", "en": "erase"}
NAMES = {"de": ("/verbinden", "/trennen"), "en": ("/link", "/unlink")}


def room_in(language: str) -> Room:
    room = Room(language=language)
    room.first_day()
    return room


def wishes(room: Room) -> list[object]:
    return [] if room.last is None else list(room.last.wishes)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_code_is_asked_for_shown_and_given(language: str) -> None:
    room = room_in(language)
    link, _ = NAMES[language]
    room.says(link)
    assert wishes(room) == [MakeCode()]

    room.happens(LinkNews(what="code", code="ABCDE23456"))
    assert f"{link} ABCDE23456" in room.texts[0]
    room.says(f"{link} abcde-23456")
    assert wishes(room) == [RedeemCode("abcde-23456")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "over", [LinkNews(what="asked", link=7, there="telegram"), LinkNews(what="late"), None], ids=["used", "late", "old"]
)
def test_a_code_that_is_over_is_hidden_once(language: str, over: LinkNews | None) -> None:
    room = room_in(language)
    room.says(NAMES[language][0])
    room.happens(LinkNews(what="code", code="ABCDE23456"))
    assert room.last is not None
    (shown,) = [each.id for each in room.last.messages if "ABCDE23456" in each.text]
    (booked,) = [each for each in room.last.appointments if each.kind == CODE_OVER]
    event = over or Due(kind=CODE_OVER, local_date=booked.local_date.isoformat(), due_at=micros(booked.due))
    for hidden in (1, 0):
        room.happens(event)
        edits = [each for each in room.last.messages if each.replaces == shown]
        assert len(edits) == hidden
        assert all(each.only_edit and "ABCDE" not in each.text for each in edits)


@pytest.mark.parametrize("language", LANGUAGES)
def test_somebody_unknown_hears_how_and_keeps_nothing(language: str) -> None:
    room = Room(language=language)
    link, _ = NAMES[language]
    room.says(link)
    assert wishes(room) == []
    assert link in room.texts[0]

    room.happens(replace(ASKED, there="web"))
    room.taps("no")
    assert wishes(room) == [Decline(7)]
    assert room.member.known.consents == ()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("channel", ["telegram", "matrix", "web", "console"])
def test_the_screen_says_who_reads_what_and_a_typed_yes_is_enough(language: str, channel: str) -> None:
    room = room_in(language)
    room.channel = channel
    room.happens(ASKED)
    assert "Telegram:" in room.texts[0]
    assert room.texts[0].count("\n") == (2 if channel == "telegram" else 3) + 1

    room.says("ja" if language == "de" else "yes")
    assert wishes(room) == [Agree(7)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_history_goes_only_by_the_word_typed_in_full(language: str) -> None:
    room = room_in(language)
    room.happens(replace(ASKED, both=True))
    room.taps("there")
    assert "/export" in [button.data for message in room.visible.values() for row in message.buttons for button in row]
    for almost in ("ja", "yes", "1", WORDS[language][:4]):
        room.says(almost)
        assert wishes(room) == []

    room.says(f"{WORDS[language].upper()}.")
    assert wishes(room) == [Agree(7, "there")]


@pytest.mark.parametrize("answer", ["no", "nein"])
def test_whoever_does_not_type_the_word_links_nothing(answer: str) -> None:
    room = room_in("de")
    room.happens(replace(ASKED, both=True, keep="there"))
    room.taps("yes")
    (room.taps if answer == "no" else room.says)(answer)

    assert wishes(room) == [Decline(7)]


def test_an_alarm_goes_before_linking() -> None:
    room = room_in("de")
    room.happens(ASKED)
    room.says("Ich will nicht mehr leben.")
    room.taps("yes")
    assert wishes(room) == [Decline(7)]

    room.says("/verbinden")
    assert wishes(room) == []
    assert Kind.EMERGENCY in room.kinds
    room.happens(ASKED)
    assert wishes(room) == [Decline(7)]


def test_the_question_that_stood_open_comes_back_after_linking() -> None:
    room = room_in("de")
    room.says("/schmerz")
    question = room.texts[-1]
    room.happens(ASKED)
    room.taps("yes")
    assert question not in room.texts  # the other side has not answered yet
    room.happens(LinkNews(what="linked", there="telegram", united=United(channel="telegram")))

    assert room.texts[-1] == question
    room.says("4")
    assert room.member.known.pains[-1].value == 4


def test_exercises_planned_without_a_new_flag_end_and_a_new_lock_is_told_at_once() -> None:
    room = room_in("de")
    room.until_due("prompt")
    room.taps("3")
    assert room.member.open is not None
    assert room.member.open.flow == SESSION.name
    room.happens(LinkNews(what="linked", there="web", united=United(channel="web", tags=("KN",))))
    assert room.member.open is None
    assert "KN" in (room.member.known.tags or ())

    since = room.member.heard
    locked = United(channel="web", disposition="emergency", locks=(("emergency", since, ("rf_saddle",)),))
    room.happens(LinkNews(what="linked", there="web", united=locked))
    assert "112" in room.texts[-1]
    assert room.member.known.lock is not None
    room.says("/heute")
    assert Kind.SESSION not in room.kinds


@pytest.mark.parametrize("language", LANGUAGES)
def test_unlinking_needs_a_second_place(language: str) -> None:
    room = room_in(language)
    _, unlink = NAMES[language]
    room.says(unlink)
    assert wishes(room) == []

    room.elsewhere = ("telegram",)
    room.says(unlink)
    assert "Telegram" in room.texts[0]
    room.happens(ButtonTapped(data="/unlink here"))
    assert wishes(room) == [Part(here=True)]
    assert room.last is not None
    assert [message.where for message in room.last.messages if not message.only_edit] == [Where.ORIGIN, Where.ELSEWHERE]


@pytest.mark.parametrize(("places", "quoted"), [((), True), (("web",), True), (("telegram",), False)])
def test_what_was_written_on_matrix_is_never_repeated_on_telegram(places: tuple[str, ...], *, quoted: bool) -> None:
    room = room_in("de")
    room.channel, room.elsewhere = "matrix", places
    known = room.member.known
    about = replace(known.about, own="Cello spielen")
    room.member = replace(room.member, known=replace(known, helped="Kirschkernkissen", about=about))
    room.says("/schub")
    while room.is_offered("none"):
        room.taps("none", after_s=40)
    said = [message.text for message in room.visible.values()]
    assert any("Kirschkernkissen" in text for text in said) == quoted

    start = week_start(Draft(member=room.member, moment=Moment(room.now, ZoneInfo("Europe/Berlin")), kit=room.kit,
                             channel="", next_id=1, elsewhere=places))  # fmt: skip
    assert (start.own == "Cello spielen") == quoted
    assert start.own


@pytest.mark.parametrize("stays_at", ["telegram", "web"])
@pytest.mark.parametrize("asked_at", ["the one that goes", "the one that stays"])
def test_what_was_written_on_matrix_is_not_repeated_on_telegram_after_the_parting_either(
    stays_at: str, asked_at: str
) -> None:
    room = room_in("de")
    here = asked_at == "the one that goes"
    room.channel, room.elsewhere = ("matrix", (stays_at,)) if here else (stays_at, ("matrix",))
    room.member = replace(room.member, known=replace(room.member.known, helped="Kirschkernkissen"))
    room.says("/trennen hier" if here else "/trennen dort")
    told = any("aus Matrix wiederhole ich hier nicht" in message.text for message in room.visible.values())
    room.channel, room.elsewhere = stays_at, ()

    room.says("/schub")
    while room.is_offered("none"):
        room.taps("none", after_s=40)
    quoted = any("Kirschkernkissen" in message.text for message in room.visible.values())
    assert (quoted, told) == (stays_at != "telegram", stays_at == "telegram")


@pytest.mark.parametrize(("others", "given"), [((), True), (("web",), False)])
def test_after_the_parting_the_file_goes_to_telegram_only_where_there_is_no_other_place(
    others: tuple[str, ...], *, given: bool
) -> None:
    room = room_in("de")
    room.member = replace(room.member, known=replace(room.member.known, sealed=True))
    room.channel, room.elsewhere = "telegram", others
    room.says("/export")
    assert room.last is not None
    assert any(message.file is not None for message in room.last.messages) == given


def test_a_question_that_waited_while_linking_was_asked_goes_on() -> None:
    room = room_in("de")
    room.says("/schmerz")
    room.happens(ASKED)
    room.taps("yes")
    room.elsewhere = ("telegram",)
    room.happens(LinkNews(what="linked", there="telegram", united=United(channel="telegram")))
    assert "Wie stark ist der Schmerz" in room.texts[-1]
    room.says("3")
    assert any("Schmerz jetzt: 3" in message.text for message in room.visible.values())


def test_a_question_under_way_goes_on_without_the_words_when_telegram_joins() -> None:
    room = room_in("de")
    room.channel = "matrix"
    room.member = replace(room.member, known=replace(room.member.known, helped="Kirschkernkissen"))
    room.says("/schub")
    while room.is_offered("none"):
        room.taps("none", after_s=40)
    assert "Kirschkernkissen" in room.texts[-1]

    room.elsewhere = ("telegram",)
    room.happens(LinkNews(what="linked", there="telegram", united=United(channel="telegram")))
    assert room.member.open is not None
    assert not any("Kirschkernkissen" in text for text in room.texts)
    assert "Such dir eins aus" in room.texts[-1]
