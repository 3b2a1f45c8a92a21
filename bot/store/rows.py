"""Rows as plain values: what the store takes and gives. Frozen; bodies are bytes that nobody in here reads."""

from dataclasses import dataclass
from enum import StrEnum

from bot.dialogue.events import Address, Event
from bot.library.quick import quick


class LostRaceError(Exception):
    """A member was saved under a revision that is no longer the stored one, or was never claimed. Our own bug."""


class NewerStoreError(Exception):
    """The database was migrated by newer code than this."""


class State(StrEnum):
    """Where a send stands. `ready` and `trying` still wait, the others are settled."""

    READY = "ready"
    TRYING = "trying"  # marked before the attempt, for sends that must never be repeated
    SENT = "sent"
    DROPPED = "dropped"
    UNKNOWN = "unknown"  # it may have been applied: not tried again


# --- the worker's side ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAddress:
    id: int
    address: Address
    preferred: bool
    reachable: bool


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An event in the inbox. `address` is None for the clock's events. `source`: what makes it come once."""

    id: int
    kind: str
    body: bytes
    address: Address | None
    received: int
    attempts: int
    source: str = ""


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A locked member with its oldest waiting events, in the order of their ids."""

    member: int
    revision: int
    document: bytes | None
    document_version: int
    status: str
    locale: str
    zone: str
    lock: str
    created: int
    addresses: tuple[StoredAddress, ...]
    events: tuple[Waiting, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One entry of the journal."""

    id: int
    kind: str
    at: int
    local_date: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAppointment:
    id: int
    kind: str
    local_date: str
    due: int
    nature: str
    wall: str = ""  # the time of day it was booked for, "08:00"; "" for a span of time


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class NewSend:
    """A message for the outbox. `repeat` is false for what must not be sent twice after an ambiguous failure."""

    id: int
    address: Address
    priority: int
    kind: str
    body: bytes
    expires: int
    not_before: int = 0
    replaces: int | None = None
    only_edit: bool = False
    repeat: bool = True
    silent: bool = False


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """All that a member's turns changed. `revision` is the claimed one; saving writes the next.

    With `erase` everything of the member goes, except that `sends` leave as a goodbye without a name on them.
    """

    member: int
    revision: int
    document: bytes | None
    document_version: int
    status: str
    locale: str
    zone: str
    lock: str = ""
    done: tuple[int, ...] = ()
    facts: tuple[Fact, ...] = ()
    appointments: tuple[NewAppointment, ...] = ()
    cancel_appointments: tuple[str, ...] = ()  # kinds; before the new ones are set
    sends: tuple[NewSend, ...] = ()
    cancel_sends: tuple[str, ...] = ()  # kinds; unsent rows of earlier turns
    reach: tuple[tuple[str, bool], ...] = ()  # address key, reachable
    prefer: str | None = None  # address key
    erase: bool = False


# --- the sender's side ---------------------------------------------------------------------------------------------


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class SendRow:
    """A message to send now. `lock` and `status` are the member's at this moment."""

    id: int
    member_id: int | None
    address: Address
    address_key: str
    priority: int
    kind: str
    body: bytes
    replaces: int | None
    replaces_remote: str | None
    only_edit: bool
    repeat: bool
    silent: bool
    attempts: int
    created: int
    expires: int
    lock: str
    status: str
    instead: bool = False  # the plain card that goes in place of an emergency text: nothing goes in its place


@dataclass(frozen=True, slots=True)
class LateHelp:
    """An emergency text that waits for too long."""

    id: int
    member_id: int | None
    address_key: str
    created: int
    instead: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What counts for a send right now. `overtaken`: what it edits has been edited anew meanwhile."""

    lock: str
    status: str
    overtaken: bool


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What became of one send. Use the four constructors."""

    row: int
    state: State
    remote: str | None = None
    not_before: int = 0
    reason: str = ""
    completes: int | None = None  # the row whose message got its picture by this edit: what edits that one needs its id

    @classmethod
    def sent(cls, row: int, remote: str | None, *, completes: int | None = None) -> "Settlement":
        return cls(row=row, state=State.SENT, remote=remote, completes=completes)

    @classmethod
    def later(cls, row: int, not_before: int) -> "Settlement":
        """Surely not applied: try again from `not_before` on."""
        return cls(row=row, state=State.READY, not_before=not_before)

    @classmethod
    def dropped(cls, row: int, reason: str) -> "Settlement":
        """`reason` is an error class, never text."""
        return cls(row=row, state=State.DROPPED, reason=reason)

    @classmethod
    def unknown(cls, row: int) -> "Settlement":
        return cls(row=row, state=State.UNKNOWN, reason="ambiguous")


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """An internal event for a member: a refused message, a person who cannot be reached."""

    member: int
    event: Event
    source: str
    address: Address | None = None


# --- export, doctor, upkeep ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMember:
    member: int
    status: str
    locale: str
    zone: str
    lock: str
    revision: int
    document: bytes | None
    document_version: int
    created: int
    seen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadEvent:
    """An event that was set aside: what the doctor may show of it."""

    id: int
    channel: str
    kind: str
    error: str
    received: int
    member_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Upkept:
    """What one upkeep deleted. `held_back`: the clock jumped, so nothing was."""

    held_back: bool
    events: int = 0
    sends: int = 0
    members: int = 0
    appointments: int = 0
    others: int = 0

    @property
    def deleted(self) -> int:
        return self.events + self.sends + self.members + self.appointments + self.others
