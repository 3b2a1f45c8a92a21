"""What a room shows. The web chat has no remote server, so it keeps the visible conversation itself.

At most `KEPT_LINES` lines a room, none older than `KEPT_DAYS`; `forget` leaves no word behind.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol, Self

from bot.channels.web.file import WebFile
from bot.dialogue.messages import Attachment, Button, Form, Picture

KEPT_LINES = 500
KEPT_DAYS = 60
_DAY_US = 24 * 3600 * 1_000_000
_DROP_BEYOND = """
DELETE FROM line WHERE room = ?1 AND place <=
    (SELECT place FROM line WHERE room = ?1 ORDER BY place DESC LIMIT 1 OFFSET ?2)
"""
_FORGET = (
    "DELETE FROM line WHERE room = ?",
    "DELETE FROM return_code WHERE person = ?",
    "DELETE FROM browser WHERE person = ?",
)
_QUIET = """
SELECT room FROM line UNION SELECT person FROM return_code UNION SELECT person FROM browser
EXCEPT SELECT room FROM line WHERE place > ?
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One visible message. `text` carries our light markup; `place` orders a room and is never shown."""

    remote: str
    place: int
    at: int  # epoch microseconds as the member's clock shows them
    mine: bool = False  # written by the member
    text: str = ""
    buttons: tuple[tuple[Button, ...], ...] = ()
    picture: Picture | None = None
    width: int = 0
    height: int = 0
    urgent: bool = False
    file: Attachment | None = None  # what can be fetched below it


class Transcript(Protocol):
    """Durable, visible state of the rooms. Raises `StoreAwayError` while it cannot be read or written."""

    def place(self) -> int:
        """The next place in order; take it before anything is awaited."""

    async def append(self, room: str, line: Line) -> Line:
        """Add a line. A second time with the same remote id changes nothing; returns what is kept."""

    async def edit(self, room: str, remote: str, line: Line) -> Line | None:
        """Put new content at the old line's place; None if that line is gone."""

    async def load(self, room: str, limit: int = KEPT_LINES) -> list[Line]:
        """The last lines, oldest first."""

    async def forget(self, *rooms: str) -> None:
        """Erase the rooms and everything that leads to them."""

    async def quiet(self, since: int) -> list[str]:
        """Rooms of which anything is kept, but no line since then."""

    async def empty(self, room: str) -> None:
        """Erase what it shows, and keep who it belongs to."""

    async def prune(self) -> None:
        """Drop what is older than `KEPT_DAYS`."""


class SqliteTranscript:
    """The transcript in the web chat's own file."""

    def __init__(self, file: WebFile, last: int, now_us: Callable[[], int]) -> None:
        self._file = file
        self._last = last
        self._now_us = now_us

    @classmethod
    async def open(cls, file: WebFile, now_us: Callable[[], int] = lambda: time.time_ns() // 1000) -> Self:
        rows = await file.read("SELECT coalesce(max(place), 0) FROM line")
        return cls(file, rows[0][0], now_us)

    def place(self) -> int:
        self._last = max(self._last + 1, self._now_us())
        return self._last

    async def append(self, room: str, line: Line) -> Line:
        body = encode(line)
        added, _ = await self._file.write(
            ("INSERT INTO line VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", (room, line.remote, line.place, body)),
            (_DROP_BEYOND, (room, KEPT_LINES)),
        )
        return line if added else await self._find(room, line.remote) or line

    async def edit(self, room: str, remote: str, line: Line) -> Line | None:
        old = await self._find(room, remote)
        if old is None or old.mine:
            return None
        new = replace(line, remote=remote, place=old.place, at=old.at)
        (touched,) = await self._file.write(
            ("UPDATE line SET body = ? WHERE room = ? AND remote = ?", (encode(new), room, remote))
        )
        return new if touched else None

    async def load(self, room: str, limit: int = KEPT_LINES) -> list[Line]:
        rows = await self._file.read(
            "SELECT remote, place, body FROM line WHERE room = ? AND place > ? ORDER BY place DESC LIMIT ?",
            (room, self._oldest(), limit),
        )
        return [decode(*row) for row in reversed(rows)]

    async def forget(self, *rooms: str) -> None:
        await self._file.write(*((sql, (room,)) for room in rooms for sql in _FORGET))
        await self._file.wipe()

    async def quiet(self, since: int) -> list[str]:
        return [room for (room,) in await self._file.read(_QUIET, (since,))]

    async def empty(self, room: str) -> None:
        await self._file.write(("DELETE FROM line WHERE room = ?", (room,)))
        await self._file.wipe()

    async def prune(self) -> None:
        """Drop what is too old, unless the clock has jumped within the last day: a wrong one deletes nobody's lines."""
        if await self._trusts_clock():
            await self._file.write(("DELETE FROM line WHERE place <= ?", (self._oldest(),)))
        await self._file.checkpoint()

    async def _trusts_clock(self) -> bool:
        """Whether it has gone on for a day by steps of at most a day. `landed`: where its last jump ended, else 0."""
        now = self._now_us()
        ((last, landed),) = await self._file.read("SELECT last, landed FROM pruned") or [(0, 0)]
        if abs(now - last) > _DAY_US:
            landed = now
        if landed and now - landed >= _DAY_US:
            landed = 0
        await self._file.write(("INSERT OR REPLACE INTO pruned VALUES (1, ?, ?)", (now, landed)))
        return not landed

    def _oldest(self) -> int:
        return self._now_us() - KEPT_DAYS * _DAY_US

    async def _find(self, room: str, remote: str) -> Line | None:
        rows = await self._file.read(
            "SELECT remote, place, body FROM line WHERE room = ? AND remote = ?", (room, remote)
        )
        return decode(*rows[0]) if rows else None


def encode(line: Line) -> bytes:
    """ASCII JSON; remote id and place stand in columns of their own."""
    picture = line.picture
    content: dict[str, Any] = {
        "at": line.at,
        "mine": line.mine,
        "text": line.text,
        "buttons": [[[button.label, button.data, button.style] for button in row] for row in line.buttons],
        "picture": picture and [picture.figure, picture.level, picture.form, picture.alt, picture.theme, picture.own],
        "size": [line.width, line.height],
        "urgent": line.urgent,
        **({"file": line.file.value} if line.file else {}),
    }
    return json.dumps(content, separators=(",", ":")).encode("ascii")


def decode(remote: str, place: int, body: bytes) -> Line:
    content = json.loads(body)
    picture = content["picture"]
    return Line(
        remote=remote,
        place=place,
        at=content["at"],
        mine=content["mine"],
        text=content["text"],
        buttons=tuple(
            tuple(Button(label=label, data=data, style=style) for label, data, style in row)
            for row in content["buttons"]
        ),
        picture=picture and _picture(*picture),
        width=content["size"][0],
        height=content["size"][1],
        urgent=content["urgent"],
        file=_file(content.get("file")),
    )


def _file(kept: Any) -> Attachment | None:
    """Lines of older versions have a plain true: they knew one file only."""
    return Attachment.EXPORT if kept is True else Attachment(kept) if kept else None


def _picture(figure: str, level: int, form: str, alt: str, theme: str, own: str = "") -> Picture:
    """Lines of older versions know no `own`."""
    return Picture(figure=figure, level=level, form=Form(form), alt=alt, theme=theme, own=own)
