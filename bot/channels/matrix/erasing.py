"""After an erasure: what belonged to one person alone, pictures and files, is taken back from the room.

A redaction makes the homeserver forget the event, and with it the key to the file; the encrypted file itself goes too
where the coach's account may delete media (administrators on Synapse). Which events these are stands in the events, so
nothing about anybody is kept for it, and whatever was cut off is found again.
"""

import asyncio
import hashlib
import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from bot.channels.channel import RetryLaterError
from bot.channels.matrix.reading import content_of_event
from bot.channels.matrix.rooms import Rooms
from bot.channels.matrix.wire import Wire, WireError, put_off

log = logging.getLogger(__name__)

OWN = "de.rueckgrat.own"  # in the (encrypted) content of an event whose file is about one person
PAGES, PAGE = 200, 100
TRIES = 8
_FILTER = {"types": ["m.room.encrypted", "m.room.message"]}


@dataclass(slots=True)
class Erasing:
    """Of one account; one room after the other, in the background. `done`: rooms with nothing left to take back."""

    client: Any
    rooms: Rooms
    done: set[str] = field(default_factory=set)
    _waiting: dict[str, None] = field(default_factory=dict)
    _task: asyncio.Task[None] | None = None

    def take_back(self, room: str) -> None:
        self.done.discard(room)
        self._waiting[room] = None
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())

    async def aclose(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _work(self) -> None:
        while self._waiting:
            room = next(iter(self._waiting))
            try:
                taken = await self._empty(room)
            except Exception as error:  # noqa: BLE001  the next sweep tries again
                log.warning("a room is not emptied", extra={"action": "matrix-erase", "error": type(error).__name__})
            else:
                log.info("a room is emptied", extra={"action": "matrix-erase", "files": taken})
                self.done.add(room)
            self._waiting.pop(room, None)

    async def _empty(self, room: str) -> int:
        """How many events were taken back. Raises `WireError`."""
        taken, at = 0, ""
        wanted = json.dumps(_FILTER | {"senders": [self.rooms.account]})
        for _ in range(PAGES):
            query = {"dir": "b", "limit": str(PAGE), "filter": wanted} | ({"from": at} if at else {})
            page = await self._call("GET", f"rooms/{quote(room, safe='')}/messages", query)
            for raw in page.get("chunk", []):
                content = self._read(raw, room)
                if content.get(OWN) is True:
                    await self._redact(room, str(raw["event_id"]))
                    taken += 1
                    for uri in files_of(content):
                        await self._delete(uri)
            at = str(page.get("end") or "")
            if not at:
                break
        return taken

    async def _redact(self, room: str, event: str) -> None:
        transaction = f"erase.{hashlib.sha256(event.encode()).hexdigest()[:32]}"
        await self._call("PUT", f"rooms/{quote(room, safe='')}/redact/{quote(event, safe='')}/{transaction}", {})

    async def _delete(self, uri: str) -> None:
        server, _, media = uri.removeprefix("mxc://").partition("/")
        try:
            await Wire(self.client).delete(f"/_synapse/admin/v1/media/{quote(server)}/{quote(media)}")
        except WireError as error:
            log.debug("the file itself stays", extra={"action": "matrix-erase-file", "error": str(error)})

    async def _call(self, method: str, path: str, given: Mapping[str, str]) -> dict[str, Any]:
        """Waits as long as the homeserver asks, a few times. Raises `WireError`."""
        wire = Wire(self.client)
        for attempt in range(TRIES):
            try:
                return await (wire.get(path, given) if method == "GET" else wire.put(path, given))
            except WireError as error:
                later = put_off(error)
                if not isinstance(later, RetryLaterError) or error.status < 429 or attempt == TRIES - 1:
                    raise
                await asyncio.sleep(later.after_s)
        raise AssertionError(path)

    def _read(self, raw: Mapping[str, Any], room: str) -> Mapping[str, Any]:
        """Empty where it cannot be read, or has been taken back already."""
        return content_of_event(self.client, raw, room) if raw.get("sender") == self.rooms.account else {}


def files_of(content: Mapping[str, Any]) -> Iterator[str]:
    """Where the files of a message lie that are its own; a report's thumbnail is a picture of the library."""
    info = None if content.get("msgtype") == "m.file" else content.get("info")
    for held, whole, plain in ((content, "file", "url"), (info, "thumbnail_file", "thumbnail_url")):
        if not isinstance(held, Mapping):
            continue
        file = held.get(whole)
        uri = file.get("url") if isinstance(file, Mapping) else held.get(plain)
        if isinstance(uri, str) and uri.startswith("mxc://"):
            yield uri
