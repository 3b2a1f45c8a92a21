"""What became of one member's waiting events."""

from dataclasses import dataclass, field

from bot.dialogue.events import Address
from bot.dialogue.wishes import PlaceWish
from bot.store.rows import Claim, Outcome


@dataclass(slots=True)
class Lived:
    """What became of a member's events. `returned` come again; `set_aside` are given up (id, error class).

    `waits`: left to newer code, without counting an attempt. `wishes`: about the member's places, and where each was
    uttered. `minor`: whether they have just said to be under 18.
    """

    outcome: Outcome
    addresses: tuple[Address, ...]
    turns: int = 0
    returned: list[int] = field(default_factory=list)
    set_aside: list[tuple[int, str]] = field(default_factory=list)
    waits: list[int] = field(default_factory=list)
    wishes: list[tuple[PlaceWish, Address | None]] = field(default_factory=list)
    minor: bool | None = None


def lived_of(claim: Claim) -> Lived:
    """The member as it was claimed."""
    outcome = Outcome(
        member=claim.member,
        revision=claim.revision,
        document=claim.document,
        document_version=claim.document_version,
        status=claim.status,
        locale=claim.locale,
        zone=claim.zone,
        lock=claim.lock,
    )
    return Lived(outcome=outcome, addresses=tuple(known.address for known in claim.addresses))
