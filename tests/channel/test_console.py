"""The console over real pipes and a pseudo-terminal, and the cleaning of texts that all channels share."""

import asyncio
import io
import os
import pty
import re
import threading
import unicodedata
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.channel import Delivery, PaperFile, UnreachableError
from bot.channels.clean import LIMIT, clean
from bot.channels.console import ConsoleChannel, wants_colour
from bot.channels.emergency import is_emergency_command
from bot.cli import main
from bot.dialogue.events import ButtonTapped, TextReceived
from bot.dialogue.messages import Button, Kind, Message, Picture
from bot.dialogue.rounds import tap_data
from tests.website import EMERGENCY, Inbox


class Terminal:
    """A console channel whose keyboard is one end of a pipe."""

    def __init__(self, *, colour: bool = False, out: Any = None) -> None:
        self.source, self.keyboard = os.pipe()
        self.out = out or io.StringIO()
        self._ended = False
        self.inbox = Inbox()
        self.channel = ConsoleChannel(
            run="run1",
            language="de",
            emergency_text=EMERGENCY.__getitem__,
            names_emergency=lambda text: is_emergency_command(text) or "nicht mehr leben" in text,
            source=self.source,
            out=self.out,
            colour=colour,
            retry_s=0.01,
        )

    async def types(self, raw: bytes) -> None:
        """Type everything, end the input, and wait until the channel has taken it."""
        receiving = asyncio.create_task(self.channel.receive(self.inbox))
        await asyncio.to_thread(os.write, self.keyboard, raw)
        self.end()
        await receiving

    def end(self) -> None:
        """Close the keyboard, once: its number may soon belong to somebody else."""
        if not self._ended:
            os.close(self.keyboard)
        self._ended = True

    async def shows(self, text: str, *rows: tuple[str, ...], edits: str | None = None, **more: Any) -> str:
        """Send a message; returns what was printed for it."""
        before = len(self.out.getvalue())
        buttons = tuple(tuple(Button(label=label, data=label) for label in row) for row in rows)
        message = Message(id=more.pop("id", 1), text=text, buttons=buttons, **more)
        await self.channel.send(Delivery(address=self.channel.address, message=message, edits=edits))
        return str(self.out.getvalue()[before:])


@pytest.fixture
async def terminal() -> AsyncIterator[Terminal]:
    terminal = Terminal()
    yield terminal
    terminal.end()
    for thread in threading.enumerate():  # a reader left behind would read the next test's keyboard
        if thread.name == "console input":
            await asyncio.to_thread(thread.join)
    os.close(terminal.source)


async def test_lines_from_a_pipe_arrive_in_order_and_the_end_ends_it(terminal: Terminal) -> None:
    await terminal.types("hallo\r\n\n  \nSchmerz 6\nohne Zeilenende: ä".encode())

    assert terminal.inbox.said == ["hallo", "Schmerz 6", "ohne Zeilenende: ä"]
    assert len(terminal.inbox.arrivals) == 3
    arrival = terminal.inbox.arrivals["run1-1"]
    assert arrival.event == TextReceived(text="hallo", language="de")
    assert (arrival.address.channel, arrival.address.account) == ("console", "local")


async def test_broken_bytes_and_endless_lines_do_no_harm(terminal: Terminal) -> None:
    await terminal.types(b"\xff\xfe\0\n" + b"x" * 40_000 + b"\n")

    assert terminal.inbox.said[0] == "\ufffd\ufffd\ufffd"
    assert len(terminal.inbox.said[1]) <= LIMIT


async def test_a_digit_is_sent_as_typed(terminal: Terminal) -> None:
    await terminal.shows("Wie weiter?", ("Los geht's", "Heute nicht"))
    await terminal.types(b"2\n")

    assert terminal.inbox.said == ["2"]


async def test_input_waits_without_blocking_the_loop(terminal: Terminal) -> None:
    receiving = asyncio.create_task(terminal.channel.receive(terminal.inbox))
    for _ in range(3):
        await asyncio.sleep(0)
    assert "Hallo" in await terminal.shows("Hallo")
    receiving.cancel()

    with pytest.raises(asyncio.CancelledError):
        await receiving


async def test_while_the_store_is_away_the_line_is_kept_and_help_is_answered_once(terminal: Terminal) -> None:
    terminal.inbox.away = True
    typing = asyncio.create_task(terminal.types(b"/notfall\ndanach\n"))
    await terminal.inbox.attempted(3)
    terminal.inbox.away = False
    await typing

    assert terminal.out.getvalue().count("Bitte ruf jetzt 112 an.") == 1
    assert terminal.inbox.said == ["/notfall", "danach"]


@pytest.mark.parametrize("trouble", ["away", "hanging"])
async def test_alarm_words_are_answered_within_about_a_second_without_the_store(
    terminal: Terminal, trouble: str
) -> None:
    setattr(terminal.inbox, trouble, True)
    typing = asyncio.create_task(terminal.types(b"Ich will nicht mehr leben\n"))
    began = asyncio.get_running_loop().time()
    while "Bitte ruf jetzt 112 an." not in terminal.out.getvalue():
        await asyncio.sleep(0.01)
        assert asyncio.get_running_loop().time() - began < 1.5
    typing.cancel()
    await asyncio.gather(typing, return_exceptions=True)


async def test_only_what_a_digit_answers_is_numbered(terminal: Terminal) -> None:
    """Not Back, Done or a link: the coach takes a number for an answer, whatever stands beside it."""
    answers = tuple(Button(label=label, data=f"q1:{number}") for number, label in enumerate(("1 Nacken", "Knie")))
    beside = (Button(label="Fertig", data="q1:=", answers=False), Button(label="Warum?", data="/why", answers=False))
    message = Message(id=1, text="**Wo?**", buttons=(answers, beside))
    await terminal.channel.send(Delivery(address=terminal.channel.address, message=message))

    assert terminal.out.getvalue() == "Rückgrat: Wo?\n[1] Nacken  [2] Knie  [Fertig]  [Warum?]\n\n"


@pytest.mark.parametrize(
    ("text", "labels", "shown"),
    [
        ("Wie stark?", ("0", "1", "2"), "[0]  [1]  [2]"),
        ("① taub ② schwach", ("Nein, nichts davon", "Nicht sicher"), "[Nein, nichts davon]  [Nicht sicher]"),
    ],
)
async def test_options_carry_no_number_where_a_digit_means_something_else(
    terminal: Terminal, text: str, labels: tuple[str, ...], shown: str
) -> None:
    assert shown in await terminal.shows(text, labels, numbered=False)


@pytest.mark.parametrize(
    "picture",
    [
        Picture(figure="bruecke", alt="Becken heben"),
        Picture(figure="beckenkippen", level=3, theme="woman", alt="Becken kippen"),
    ],
)
async def test_a_picture_is_told_and_what_is_printed_draws_it(
    terminal: Terminal, picture: Picture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed = await terminal.shows("Übung", picture=picture)
    told = re.search(r"\[Bild: (.+) · rueckgrat (picture exercise .+)\]", printed)
    monkeypatch.chdir(tmp_path)

    assert told is not None
    assert told[1] == picture.alt
    assert await asyncio.to_thread(main, told[2].split()) == 0
    assert _names(tmp_path) == [f"{picture.figure}-{picture.level}.png"]


def _names(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir()]


async def test_an_edit_is_printed_only_when_something_new_can_be_read(terminal: Terminal) -> None:
    await terminal.shows("Schmerz?\n\n1 von 9", ("Ja", "Nein"), id=7)

    assert await terminal.shows("Schmerz?", edits="7", id=8) == ""  # put away, as behind an alarm's question
    assert "[1] Ja ✓" in await terminal.shows("Schmerz?", ("Ja ✓", "Nein"), edits="7", id=9)
    assert await terminal.shows("Schmerz: 4 ✓", edits="7", id=10) == "Rückgrat: Schmerz: 4 ✓\n\n"
    await terminal.shows("Gut.\n\nSchmerz?\n\n1 von 9", ("Ja", "Nein"), id=11)
    assert await terminal.shows("Schmerz?", edits="11", id=12) == ""  # words before it are gone as well


async def test_a_name_cannot_steer_the_terminal(terminal: Terminal) -> None:
    printed = await terminal.shows("Hallo \x1b[2J\x9b1mKim\x07", ("\x1b]0;x\x07Ja",))

    assert not any(unicodedata.category(mark) == "Cc" for mark in printed.replace("\n", ""))


async def test_an_emergency_is_marked_without_colour(terminal: Terminal) -> None:
    assert (await terminal.shows("Bitte ruf 112 an", kind=Kind.EMERGENCY)).startswith("!! Rückgrat:")


async def test_colours_only_where_they_are_wanted() -> None:
    terminal = Terminal(colour=True)
    printed = await terminal.shows("**fett**")
    os.close(terminal.source)
    terminal.end()

    assert "\x1b[1mfett\x1b[0m" in printed
    assert wants_colour({"TERM": "xterm"}, terminal=True)
    assert not wants_colour({"NO_COLOR": "1"}, terminal=True)
    assert not wants_colour({"TERM": "dumb"}, terminal=True)
    assert not wants_colour({}, terminal=False)


async def test_end_of_input_on_a_terminal(terminal: Terminal) -> None:
    master, slave = pty.openpty()
    channel = ConsoleChannel(
        run="tty", language="fr", emergency_text=EMERGENCY.__getitem__, source=slave, out=io.StringIO(), colour=False
    )
    receiving = asyncio.create_task(channel.receive(terminal.inbox))
    await asyncio.to_thread(os.write, master, "grüß dich\n\x04".encode())
    await receiving
    os.close(master)
    os.close(slave)

    assert terminal.inbox.said == ["grüß dich"]


async def test_a_closed_output_means_unreachable() -> None:
    read, write = os.pipe()
    os.close(read)
    out = os.fdopen(write, "w")
    terminal = Terminal(out=out)
    message = Message(id=1, text="x" * 100_000)

    with pytest.raises(UnreachableError):
        await terminal.channel.send(Delivery(address=terminal.channel.address, message=message))
    with suppress(BrokenPipeError):  # what is left in its buffer cannot be written either
        out.close()
    os.close(terminal.source)
    terminal.end()


# Cleaning


@given(st.text(st.characters(exclude_categories=()), max_size=6000))
def test_any_text_comes_out_storable(text: str) -> None:
    cleaned = clean(text)

    cleaned.encode()  # no lone surrogate
    assert "\0" not in cleaned
    assert len(cleaned) <= LIMIT
    assert unicodedata.is_normalized("NFC", cleaned)


def test_cleaning_keeps_what_is_meant() -> None:
    assert clean("a\0b\ud800c") == "a\ufffdb\ufffdc"
    assert clean("\ud83d\ude00") == "😀"  # two halves that belong together
    assert clean("u\u0308ber") == "über"
    assert clean("x" * LIMIT) == "x" * LIMIT


def test_a_long_text_keeps_both_ends() -> None:
    cleaned = clean("Anfang" + "x" * 10_000 + "taub im Schritt")

    assert cleaned.startswith("Anfang")
    assert cleaned.endswith("taub im Schritt")


@pytest.mark.parametrize(
    "text", ["/notfall", " /EMERGENCY bitte", "/notfall@coach_bot", "/notfall!\nmein Bein", "notfall"]
)
def test_calls_for_help_are_recognised(text: str) -> None:
    assert is_emergency_command(text)


@pytest.mark.parametrize("text", ["", "/notfallplan", "was ist /notfall", "kein notfall", "/"])
def test_other_words_are_not_the_command(text: str) -> None:
    assert not is_emergency_command(text)


async def test_a_file_is_written_for_its_owner_and_never_over_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def paper() -> PaperFile:
        return PaperFile(name="rueckgrat.json", data=b"{}", mime="application/json")

    monkeypatch.chdir(tmp_path)
    terminal = Terminal()
    for number in (1, 2):
        message = Message(id=number, text="Deine Daten")
        await terminal.channel.send(Delivery(address=terminal.channel.address, message=message, paper=paper))
    terminal.end()

    assert _modes(tmp_path) == {"rueckgrat.json": 0o600, "rueckgrat-2.json": 0o600}
    assert str(tmp_path / "rueckgrat-2.json") in terminal.out.getvalue()


def _modes(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}


async def test_what_stands_on_a_rounds_button_is_tapped_by_typing_it(terminal: Terminal) -> None:
    data = tap_data(7, date(2026, 11, 25))
    row = ((Button(label="Heute bewegt", data=data), Button(label="Aussteigen", data="j.7.261125")),)
    card = Message(id=1, text="Woche 1", buttons=row)
    await terminal.channel.send(Delivery(address=terminal.channel.address, message=card))
    assert "[Heute bewegt]  [Aussteigen]" in terminal.out.getvalue()  # a digit answers the question that waits
    await terminal.types(b"heute bewegt\n1\nHeute bewegt?\n")

    events = [arrival.event for arrival in terminal.inbox.arrivals.values()]
    assert events == [
        ButtonTapped(data=data, language="de"),
        *(TextReceived(text=words, language="de") for words in ("1", "Heute bewegt?")),
    ]


async def test_a_question_asked_later_has_the_word(terminal: Terminal) -> None:
    row = ((Button(label="Heute bewegt", data=tap_data(7, date(2026, 11, 25))),),)
    for number, buttons in enumerate((row, ((Button(label="Heute bewegt", data="q1:moved"),),))):
        message = Message(id=number, text="…", buttons=buttons)
        await terminal.channel.send(Delivery(address=terminal.channel.address, message=message))
    await terminal.types(b"Heute bewegt\n")
    assert terminal.inbox.said == ["Heute bewegt"]
