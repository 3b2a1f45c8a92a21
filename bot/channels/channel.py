"""What every channel promises, and what it is given. A channel translates; it never decides.

Receiving: raw updates become `Arrival`s and go to `Intake.receive` *before* the platform is told that they arrived.
Sending: `send` tries once and returns a `Receipt` or raises one of the errors below; pacing, order and retries
belong to the sender.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from bot.dialogue.events import Address, Arrival
from bot.dialogue.messages import Message, Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureFile:
    """A drawn picture. `digest` is its content hash, the key under which an upload is remembered.

    `blur`: a still's BlurHash, shown until its bytes are there; empty where there is none.
    """

    data: bytes
    mime: str
    width: int
    height: int
    digest: str
    seconds: float | None = None
    blur: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperFile:
    """A file that goes with one message and is kept nowhere."""

    name: str
    data: bytes
    mime: str


class PaperFailedError(Exception):
    """A file could not be made; another try may help, and a restart of the coach loses nothing."""


class Pictures(Protocol):
    """Draws (in worker processes) or reads from the cache."""

    async def picture(self, picture: Picture) -> PictureFile: ...

    def digest(self, picture: Picture) -> str: ...


class Media(Protocol):
    """Remote ids of uploads, per channel and account. Pictures made from content only, never a member's own."""

    async def find(self, digest: str, kind: str) -> str | None: ...

    async def remember(self, digest: str, kind: str, remote: str) -> None: ...

    async def forget(self, digest: str, kind: str) -> None: ...


class Intake(Protocol):
    """The durable inbox. Raises `bot.dialogue.failures.StoreAwayError` while it is away: then acknowledge nothing."""

    async def receive(self, arrivals: Sequence[Arrival], *, cursor: tuple[str, str] | None = None) -> None:
        """Write arrivals and the channel's new position (name, value) in one transaction."""

    async def position(self, name: str) -> str | None:
        """The channel's saved position, e.g. Telegram's next offset."""

    def help_meanwhile(self, arrivals: Sequence[Arrival]) -> None:
        """Answer what is urgent among arrivals that cannot be written now. `receive` does it too when it fails."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message to one address. `edits`: the platform's id of the message to edit, when that is known.

    `paper` makes the file that goes with it; `None` if there is nothing to put into it any more.
    `look` raises `CalledOffError` once the message may no longer leave.
    """

    address: Address
    message: Message
    edits: str | None = None
    paper: Callable[[], Awaitable[PaperFile | None]] | None = None
    look: Callable[[], Awaitable[None]] | None = None

    async def look_again(self) -> None:
        """Last of all before it leaves, after everything that took time: an alarm may have come meanwhile."""
        if self.look is not None:
            await self.look()


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """`remote`: the platform's id of the message, by which it can be edited later.

    `unfinished`: it left without its picture, or with a still in place of a film, which was not drawn yet.
    """

    remote: str
    unfinished: bool = False


class Channel(Protocol):
    """One platform account."""

    name: str
    account: str

    async def receive(self, intake: Intake) -> None:
        """Receive until cancelled; raises `TokenRefusedError` when there is no going on."""

    async def send(self, delivery: Delivery) -> Receipt:
        """Try once. Raises a `DeliveryError`."""

    async def aclose(self) -> None: ...


class DeliveryError(Exception):
    """A send that did not succeed. The subclasses say what may be done about it."""


class RetryLaterError(DeliveryError):
    """The platform asks to wait (429), or is down (5xx): surely not applied.

    `only_here`: the platform is well, it is this room that nothing can go to yet.
    """

    def __init__(self, after_s: float, *, whole_platform: bool = False, only_here: bool = False) -> None:
        super().__init__(f"retry after {after_s} s")
        self.after_s = after_s
        self.whole_platform = whole_platform
        self.only_here = only_here


class NotSentError(DeliveryError):
    """The request never left (refused connection, no pool slot): safe to try again."""


class AmbiguousError(DeliveryError):
    """The request left and no answer came: it may have been applied."""


class UnreachableError(DeliveryError):
    """The person or room cannot be reached any more (blocked, left, deactivated)."""


class RefusedError(DeliveryError):
    """The platform refuses this message for good, after the plain-text try. `reason` is an error class, never text."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class EditGoneError(DeliveryError):
    """The message to edit is gone or too old: send it as a new one."""


class CalledOffError(DeliveryError):
    """The message may no longer leave: a lock came while it was being made ready. `reason` says which rule."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class RoomMovedError(DeliveryError):
    """The room lives on under another id."""

    def __init__(self, new_room: str) -> None:
        super().__init__("room moved")
        self.new_room = new_room


class TokenRefusedError(DeliveryError):
    """The account's token is no longer accepted."""


__all__ = [
    "Address", "AmbiguousError", "Arrival", "CalledOffError", "Channel", "Delivery", "DeliveryError", "EditGoneError",
    "Intake", "Media", "NotSentError", "PaperFile", "PictureFile", "Pictures", "Receipt", "RefusedError",
    "RetryLaterError", "RoomMovedError", "TokenRefusedError", "UnreachableError",
]  # fmt: skip


@runtime_checkable
class AnswersTaps(Protocol):
    """A channel on which a few words can stand beside a tapped button for a moment."""

    def answer_tap(self, query: str, words: str) -> None:
        """At once, in the background, once; one that comes too late no longer matters."""
