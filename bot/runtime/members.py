"""What an operator may do for one member: export (the member is told) and erase; and bringing tables up to date."""

import json
from typing import Any

from bot.channels.wall_clock import now_us
from bot.dialogue.events import Notice
from bot.dialogue.moment import from_micros
from bot.runtime.naming import owner_name
from bot.settings import Settings
from bot.store.rows import Posted
from bot.store.store import Store


async def upgrade(settings: Settings) -> bool:
    """Migrate; returns whether there was anything to do."""
    store = await Store.open(settings.database_url.get_secret_value())
    try:
        return await store.migrate()
    finally:
        await store.aclose()


async def export(settings: Settings, number: int) -> dict[str, Any] | None:
    """All that is stored about a member, in plain words. The member is told that it was exported."""
    store = await Store.open(settings.database_url.get_secret_value())
    try:
        member = await store.member(number)
        if member is None:
            return None
        journal = await store.journal(number)
        addresses = await store.addresses(number)
        await store.node(owner_name(), now_us())
        told = Posted(member=number, event=Notice(what="exported"), source=f"export:{now_us()}")
        await store.post([told], now_us())
        return {
            "member": number,
            "status": member.status,
            "language": member.locale,
            "zone": member.zone,
            "created": from_micros(member.created).isoformat(),
            "addresses": [{"channel": a.address.channel, "reachable": a.reachable} for a in addresses],
            "document": json.loads(member.document) if member.document else None,
            "journal": [
                {
                    "kind": fact.kind,
                    "at": from_micros(fact.at).isoformat(),
                    "day": fact.local_date,
                    **json.loads(fact.body),
                }
                for fact in journal
            ],
        }
    finally:
        await store.aclose()


async def erase(settings: Settings, number: int) -> bool:
    """Delete everything of a member at once."""
    store = await Store.open(settings.database_url.get_secret_value())
    try:
        if await store.member(number) is None:
            return False
        await store.erase(number, now_us())
        return True
    finally:
        await store.aclose()
