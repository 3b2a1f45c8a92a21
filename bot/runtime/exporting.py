"""All that is stored about a member, for the member: a JSON document that begins with how to read it.

It is made for one send or one download and kept nowhere.
"""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.channels.channel import PaperFile
from bot.dialogue.kit import Kit
from bot.dialogue.markup import plain
from bot.dialogue.moment import from_micros
from bot.dialogue.text import render
from bot.dialogue.whose import run_by
from bot.library.catalog import Catalog
from bot.store.rows import Fact, StoredAddress, StoredMember
from bot.store.store import Store

MIME = "application/json"
AT_ONCE = 2  # files made at the same time
_LINES = ("what", "times", "journal", "now", "places", "missing")


def exported(member: StoredMember, journal: Sequence[Fact], addresses: Sequence[StoredAddress]) -> dict[str, Any]:
    """Everything the tables hold about a member, in plain words; moments in UTC, days as the member's own."""
    document = json.loads(member.document) if member.document else None
    return {
        "member": member.member,
        "status": member.status,
        "language": member.locale,
        "zone": member.zone,
        "created": from_micros(member.created).isoformat(),
        "demo": bool(document and document.get("shift")),
        "places": [{"channel": a.address.channel, "reachable": a.reachable} for a in addresses],
        "journal": [
            {
                "day": fact.local_date,
                "at": from_micros(fact.at).isoformat(),
                "kind": fact.kind,
                **json.loads(fact.body),
            }
            for fact in journal
        ],
        "now": document,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Exporter:
    """Makes the file. `now`: epoch microseconds."""

    store: Store
    kit: Kit
    now: Callable[[], int]
    _few: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def of(self, number: int) -> PaperFile | None:
        """The file of a member; `None` if there is none. Raises `StoreAwayError`."""
        async with self._few:
            member = await self.store.member(number)
            if member is None:
                return None
            journal, addresses = await self.store.journal(number), await self.store.addresses(number)
            return await asyncio.to_thread(self._made, member, journal, addresses)

    def _made(self, member: StoredMember, journal: Sequence[Fact], addresses: Sequence[StoredAddress]) -> PaperFile:
        catalogs, moment = self.kit.catalogs, from_micros(self.now())
        catalog = catalogs[member.locale if member.locale in catalogs else "de"]
        whole = {
            "read_me": self._read_me(catalog, moment.isoformat(timespec="seconds")),
            **exported(member, journal, addresses),
        }
        data = json.dumps(whole, ensure_ascii=False, indent=1).encode()
        return PaperFile(name=f"rueckgrat-{moment.date().isoformat()}.json", data=data, mime=MIME)

    def _read_me(self, catalog: Catalog, at: str) -> list[str]:
        operator = self.kit.operator
        name = plain(render(run_by(operator.name), catalog))
        head = catalog.text("export/read-me", {"operator": name, "contact": operator.contact, "at": at})
        return [*head.split("\n"), *(catalog.text(f"export/read-{line}") for line in _LINES)]
