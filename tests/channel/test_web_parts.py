"""The web chat's parts that need no server: what is kept how long, limits, origins, languages, cookies."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.channels.web.file import WebFile
from bot.channels.web.limits import Bucket, Doors, Guesses, Limits
from bot.channels.web.origins import Origins
from bot.channels.web.page import chrome_language, preferred_language
from bot.channels.web.session import cookie_header, new_token, normal_code, token_in
from bot.channels.web.transcript import KEPT_DAYS, KEPT_LINES, Line, SqliteTranscript, decode, encode
from bot.dialogue.failures import StoreAwayError
from bot.dialogue.messages import Button, Form, Picture

DAY_US = 86_400_000_000
FULL = Line(
    remote="7",
    place=3,
    at=5,
    text="**Ü** \\* 😀",
    buttons=((Button(label="Ja", data="a", style="primary"), Button(label="Nein", data="b")),),
    picture=Picture(figure="bruecke", level=2, form=Form.CLIP, alt="Becken heben", theme="older"),
    width=640,
    height=480,
    urgent=True,
)


class Now:
    def __init__(self) -> None:
        self.us = 1_000 * DAY_US

    def __call__(self) -> int:
        return self.us


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
async def file(tmp_path: Path) -> AsyncIterator[WebFile]:
    file = await WebFile.open(tmp_path / "web-transcript.db")
    yield file
    await file.aclose()


def line(transcript: SqliteTranscript, remote: str, text: str = "") -> Line:
    return Line(remote=remote, place=transcript.place(), at=0, text=text)


def test_a_line_comes_back_as_it_was() -> None:
    assert decode(FULL.remote, FULL.place, encode(FULL)) == FULL
    assert encode(FULL).isascii()


async def test_places_rise_even_when_the_clock_goes_back(file: WebFile, now: Now) -> None:
    transcript = await SqliteTranscript.open(file, now)
    first = line(transcript, "1")
    await transcript.append("room", first)
    now.us -= 10 * DAY_US
    later = (await SqliteTranscript.open(file, now)).place()

    assert later > first.place


async def test_only_the_last_lines_are_kept(file: WebFile, now: Now) -> None:
    transcript = await SqliteTranscript.open(file, now)
    await transcript.append("other", line(transcript, "1"))
    for number in range(KEPT_LINES + 3):
        await transcript.append("room", line(transcript, str(number)))
    kept = await transcript.load("room")

    assert [kept[0].remote, kept[-1].remote, len(kept)] == ["3", str(KEPT_LINES + 2), KEPT_LINES]
    assert len(await transcript.load("other")) == 1
    assert [one.remote for one in await transcript.load("room", 2)] == [str(KEPT_LINES + 1), str(KEPT_LINES + 2)]


async def test_what_is_too_old_is_neither_shown_nor_left_in_the_file(file: WebFile, now: Now, tmp_path: Path) -> None:
    transcript = await SqliteTranscript.open(file, now)
    await transcript.append("room", line(transcript, "1", "Vergangenheit"))
    for _ in range(KEPT_DAYS - 1):
        now.us += DAY_US
        await transcript.prune()
    assert b"Vergangenheit" in everything_in(tmp_path)
    now.us += DAY_US
    shown = await transcript.load("room")
    await transcript.prune()

    assert shown == []
    assert b"Vergangenheit" not in everything_in(tmp_path)


@pytest.mark.parametrize("restarts", [False, True])
async def test_a_clock_that_runs_a_year_ahead_deletes_no_line(file: WebFile, now: Now, restarts: bool) -> None:  # noqa: FBT001  a case
    transcript = await SqliteTranscript.open(file, now)
    await transcript.append("room", line(transcript, "1", "Vergangenheit"))
    for _ in range(3):
        await transcript.prune()
        now.us += DAY_US
    now.us += 365 * DAY_US
    for _ in range(23):  # by then somebody has seen it
        if restarts:
            transcript = await SqliteTranscript.open(file, now)
        await transcript.prune()
        now.us += DAY_US // 24
    now.us -= 366 * DAY_US
    await transcript.prune()

    assert [each.text for each in await transcript.load("room")] == ["Vergangenheit"]


def everything_in(folder: Path) -> bytes:
    return b"".join(part.read_bytes() for part in folder.iterdir())


async def test_an_edit_keeps_place_and_time(file: WebFile, now: Now) -> None:
    transcript = await SqliteTranscript.open(file, now)
    first = await transcript.append("room", line(transcript, "1", "Frage"))
    edited = await transcript.edit("room", "1", replace(first, remote="2", place=999, at=999, text="Antwort"))

    assert edited == replace(first, text="Antwort")
    assert await transcript.load("room") == [edited]


async def test_a_closed_file_is_a_store_that_is_away(tmp_path: Path) -> None:
    file = await WebFile.open(tmp_path / "web-transcript.db")
    transcript = await SqliteTranscript.open(file)
    await file.aclose()

    with pytest.raises(StoreAwayError):
        await transcript.append("room", line(transcript, "1"))
    with pytest.raises(StoreAwayError):
        await transcript.load("room")
    with pytest.raises(StoreAwayError):
        await WebFile.open(tmp_path / "no" / "such" / "folder.db")


async def test_a_damaged_file_is_a_store_that_is_away(tmp_path: Path) -> None:
    path = tmp_path / "web-transcript.db"
    path.write_bytes(b"no database at all" * 1000)

    with pytest.raises(StoreAwayError):
        await WebFile.open(path)


def test_guesses_are_counted_by_network_and_altogether() -> None:
    seconds = [0.0]
    guesses = Guesses(Limits(guesses_per_address=2, guesses=3, guess_window_s=600), lambda: seconds[0])

    assert [guesses.allow("2001:db8::1"), guesses.allow("2001:db8::ffff"), guesses.allow("2001:db8::2")] == [
        True, True, False,
    ]  # fmt: skip
    assert [guesses.allow("192.0.2.1"), guesses.allow("192.0.2.2")] == [True, False]
    seconds[0] = 600.0
    assert guesses.allow("2001:db8::1")


def test_a_bucket_allows_a_burst_and_then_its_rate() -> None:
    seconds = [0.0]
    bucket = Bucket(10, 20, lambda: seconds[0])
    burst = sum(bucket.take() for _ in range(30))
    seconds[0] = 0.5

    assert (burst, sum(bucket.take() for _ in range(30))) == (20, 5)


def test_a_door_that_was_left_is_free_again() -> None:
    doors = Doors(Limits(sockets_per_address=1, sockets=2))

    assert [doors.enter("a"), doors.enter("a"), doors.enter("b"), doors.enter("c")] == [True, False, True, False]
    doors.leave("a")
    assert doors.enter("c")


def test_origins_are_compared_as_browsers_write_them() -> None:
    origins = Origins(["https://Coach.Example:443/", "http://127.0.0.1:8080"])

    assert origins.allows("https://coach.example")
    assert origins.allows_host("coach.example")
    assert origins.secure("coach.example")
    assert not origins.secure("127.0.0.1:8080")
    assert not origins.allows("http://coach.example")
    assert not origins.allows_host("coach.example.evil.example")
    assert origins.socket_address("coach.example") == "wss://coach.example"


@pytest.mark.parametrize("wrong", ["coach.example", "ftp://coach.example", "https://", "https://coach.example/path"])
def test_a_wrong_origin_is_named(wrong: str) -> None:
    with pytest.raises(ValueError, match="not an origin"):
        Origins([wrong])


@pytest.mark.parametrize(
    ("accept", "preferred", "chrome"),
    [
        ("de-AT,de;q=0.9,en;q=0.5", "de-AT", "de"),
        ("fr, en;q=0.8, de;q=0.9", "fr", "de"),
        ("en-GB", "en-GB", "en"),
        ("", None, "de"),
        ("*;q=0.1, <script>, de;q=x", None, "de"),
    ],
)
def test_languages_of_a_browser(accept: str, preferred: str | None, chrome: str) -> None:
    assert preferred_language(accept) == preferred
    assert chrome_language(accept, "de") == chrome


def test_cookies_are_strict_and_only_ours_are_read() -> None:
    token = new_token()

    assert cookie_header(token, secure=True).startswith(f"__Host-rueckgrat={token}; Path=/; ")
    assert cookie_header(token, secure=True).endswith("HttpOnly; SameSite=Strict; Secure")
    assert token_in(f"x=1; rueckgrat={token}", secure=False) == token
    assert token_in(f"rueckgrat={token}", secure=True) is None
    assert token_in("rueckgrat=short", secure=False) is None


def test_a_code_is_read_as_people_write_it() -> None:
    assert normal_code(" abcde-fghjk ") == "ABCDEFGHJK"
    assert normal_code("ABCDE") is None
    assert normal_code("ABCDEFGH0O") is None


def test_both_languages_have_every_word() -> None:
    words = json.loads(Path("bot/channels/web/static/words.json").read_text("utf-8"))

    assert words["de"].keys() == words["en"].keys()
    assert all("!" not in word for language in words.values() for word in language.values())
