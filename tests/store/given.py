"""Values the store tests start from: people, what they write, what a turn makes of it."""

from collections.abc import Iterable
from typing import Any

from bot.dialogue.events import Address, Arrival, Event, TextReceived
from bot.dialogue.wire import decode_event
from bot.store.rows import Claim, NewSend, Outcome, Waiting
from bot.store.store import Store

SECOND = 1_000_000
HOUR = 3600 * SECOND
DAY = 24 * HOUR
NOW = 1_772_438_400 * SECOND  # 2 March 2026, 08:00 UTC
CHANNEL, ACCOUNT = "telegram", "4711"


def at(person: str, *, private: bool = True) -> Address:
    return Address(CHANNEL, ACCOUNT, person, person, private)


def wrote(person: str, text: str, source: str, *, private: bool = True) -> Arrival:
    return event(person, TextReceived(text=text), source, private=private)


def event(person: str, happened: Event, source: str, *, private: bool = True) -> Arrival:
    return Arrival(source=source, address=at(person, private=private), event=happened, at=NOW)


def text_of(waiting: Waiting) -> str:
    happened = decode_event(waiting.kind, waiting.body)
    assert isinstance(happened, TextReceived)
    return happened.text


def texts(claims: Iterable[Claim]) -> list[list[str]]:
    return [[text_of(waiting) for waiting in claim.events] for claim in claims]


def answered(claim: Claim, **changes: Any) -> Outcome:
    """The claim's events are done; the rest as it was, but for the changes."""
    return Outcome(
        **{
            "member": claim.member,
            "revision": claim.revision,
            "document": claim.document,
            "document_version": claim.document_version,
            "status": claim.status,
            "locale": claim.locale,
            "zone": claim.zone,
            "lock": claim.lock,
            "done": tuple(waiting.id for waiting in claim.events),
            **changes,
        }
    )


def send(number: int, person: str = "anna", **changes: Any) -> NewSend:
    return NewSend(
        **{
            "id": number,
            "address": at(person),
            "priority": 1,
            "kind": "talk",
            "body": f"message {number}".encode(),
            "expires": NOW + DAY,
            **changes,
        }
    )


async def member_of(store: Store, person: str) -> int:
    found = await store.member_by_address(at(person).key)
    assert found is not None
    return found.member


async def turn(store: Store, now: int = NOW, **changes: Any) -> list[Claim]:
    """All that waits is done, each member with the same changes; their claims."""
    async with store.turns(now) as batch:
        await batch.save([answered(claim, **changes) for claim in batch.claims])
        return list(batch.claims)


async def known(store: Store, person: str = "anna", **changes: Any) -> int:
    """A consenting member who has written once."""
    await store.receive([wrote(person, "hallo", f"hello-{person}")], now=NOW)
    await turn(store, **{"status": "active", "locale": "de", "zone": "Europe/Berlin", "document": b"{}", **changes})
    return await member_of(store, person)
