"""The report for a practice as a file, and which file a message asks for. Made for one send or one download."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.channels.channel import PaperFailedError, PaperFile
from bot.dialogue.events import Address
from bot.dialogue.kit import Kit
from bot.dialogue.member import DocumentError, load_member
from bot.dialogue.messages import Attachment
from bot.dialogue.moment import Moment, from_micros
from bot.dialogue.reporting import report_of
from bot.dialogue.turn import Draft
from bot.pictures.spec import DrawingError
from bot.runtime.exporting import AT_ONCE, Exporter
from bot.runtime.pictures import DrawnPictures
from bot.store.store import Store

log = logging.getLogger(__name__)

MIME = "application/pdf"


class _Maker(Protocol):
    async def of(self, number: int) -> PaperFile | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporter:
    """Two pages as PDF, drawn in a worker process. `now`: epoch microseconds."""

    store: Store
    kit: Kit
    pictures: DrawnPictures
    now: Callable[[], int]
    _few: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def of(self, number: int) -> PaperFile | None:
        """The report about a member; `None` if there is none. Raises `StoreAwayError`, `DocumentError`."""
        async with self._few:
            return await self._made(number)

    async def _made(self, number: int) -> PaperFile | None:
        member = await self.store.member(number)
        if member is None or not member.document:
            return None
        places = [place.address.channel for place in await self.store.addresses(number)]
        draft = self._draft(member.document, places)
        data = await self.pictures.report(report_of(draft))
        day = draft.moment.day.isoformat()
        return PaperFile(name=f"rueckgrat-{_named(draft)}-{day}.pdf", data=data, mime=MIME)

    def _draft(self, document: bytes, places: Sequence[str]) -> Draft:
        """A turn that is never taken: texts in the member's language, on the member's day.

        It knows all places, because the file may go to any: what was written on Matrix stays off Telegram.
        """
        member = load_member(document)
        now = from_micros(self.now()) + timedelta(microseconds=member.shift)
        return Draft(
            member=member,
            moment=Moment(now, ZoneInfo(member.zone)),
            kit=self.kit,
            channel=places[0] if places else "",
            elsewhere=tuple(places[1:]),
            next_id=0,
        )


def _named(draft: Draft) -> str:
    return "bericht" if draft.member.language == "de" else "report"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperMaker:
    """The file that goes with a message, by what the message says."""

    store: Store
    makers: dict[Attachment, _Maker]

    @classmethod
    def of_all(cls, store: Store, kit: Kit, pictures: DrawnPictures, now: Callable[[], int]) -> "PaperMaker":
        makers: dict[Attachment, _Maker] = {
            Attachment.EXPORT: Exporter(store=store, kit=kit, now=now),
            Attachment.REPORT: Reporter(store=store, kit=kit, pictures=pictures, now=now),
        }
        return cls(store=store, makers=makers)

    async def of(self, number: int, which: Attachment) -> PaperFile | None:
        """`None` if there is nothing to tell of. Raises `StoreAwayError`."""
        return await self.makers[which].of(number)

    async def at(self, address: Address, which: Attachment) -> PaperFile | None:
        """The file of whoever is reached there. Raises `StoreAwayError`, `PaperFailedError`."""
        member = await self.store.member_by_address(address.key)
        try:
            return None if member is None else await self.of(member.member, which)
        except (DrawingError, DocumentError) as error:
            log.warning("a file cannot be made", extra={"action": "paper-failed", "error": type(error).__name__})
            raise PaperFailedError(which.value) from error
