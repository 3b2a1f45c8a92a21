"""The private cards of rounds in the outbox. Such a row knows no member, only an address: whoever is there is meant."""

from collections.abc import Sequence

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.messages import Kind
from bot.store.schema import address, outbox

_OF_NO_MEMBER = outbox.c.member_id.is_(None) & outbox.c.private & ~outbox.c.farewell
IS_PRIVATE = _OF_NO_MEMBER & (outbox.c.kind == Kind.CHALLENGE.value)
IS_OF_ADDRESS = IS_PRIVATE & (address.c.key == outbox.c.address_key)


async def forget(connection: AsyncConnection, keys: Sequence[str]) -> None:
    """Erasure: what waits to leave, with buttons that would join anew, and what has left; also answers to a tap."""
    kinds = (Kind.CHALLENGE.value, Kind.TALK.value)
    theirs = outbox.c.kind.in_(kinds) & outbox.c.address_key.in_(keys)
    await connection.execute(delete(outbox).where(_OF_NO_MEMBER, theirs))
