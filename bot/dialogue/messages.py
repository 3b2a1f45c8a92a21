"""What the coach sends, before any platform is known. A channel renders these; the outbox keeps them.

`text` is already in the member's language and carries our own light markup (see `markup`): `**bold**`, `*slanted*`.
"""

import re
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from bot.library.quick import quick


class Priority(IntEnum):
    """Lower goes first."""

    EMERGENCY = 0
    ANSWER = 1
    PROMPT = 2
    GROUP = 3


class Kind(StrEnum):
    """What a message is about: a disposition forbids kinds, and the sender looks at it again before it sends."""

    EMERGENCY = "emergency"  # emergency, urgent and crisis texts and their follow-ups: never forbidden
    TALK = "talk"  # questions, confirmations, help
    EXERCISE = "exercise"
    SESSION = "session"
    PLAN = "plan"
    DESK_BREAK = "desk_break"
    CHALLENGE = "challenge"
    CARD = "card"
    WALKING = "walking"
    EXPORT = "export"  # what is stored about the member, as a file: theirs in every state


class Where(StrEnum):
    """Answers go where the event came from, prompts to the preferred address, emergencies everywhere.

    `elsewhere`: to the other addresses only, what happened here and they should know.
    """

    ORIGIN = "origin"
    PREFERRED = "preferred"
    EVERYWHERE = "everywhere"
    ELSEWHERE = "elsewhere"


class Attachment(StrEnum):
    """A file that is made for one send and kept nowhere."""

    EXPORT = "export"
    REPORT = "report"  # two pages for a practice


class Form(StrEnum):
    STILL = "still"
    CLIP = "clip"


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture as a description: drawn once, uploaded once per platform, re-sent by its remote id.

    `own`: the values of a member's own picture as JSON (`charts` makes it). Such a picture is drawn for one send, kept
    in no cache, and never re-sent by id.
    """

    figure: str
    level: int = 1
    form: Form = Form.STILL
    alt: str = ""  # in the member's language
    theme: str = "default"
    own: str = ""


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """`data` is at most 64 bytes of ASCII. `style` is a hint: primary, quiet or danger.

    `answers`: one of the question's answers, which a digit can name; Back, Skip, Done and links are not.
    `key`: the sign that stands for it where there are no buttons and a reaction answers; `back`: the data of what
    takes that reaction back. `private`: it says something about health, so a reaction, which travels in clear, does
    not give it.
    """

    label: str
    data: str
    style: str = "plain"
    answers: bool = True
    key: str = ""
    back: str = ""
    private: bool = False

    def label_beside(self, number: int) -> str:
        """The label where this number stands before it: one that bears it already, as on its picture, says it once."""
        return re.sub(rf"^(\W*){number} ", r"\1", self.label)


OF_ITSELF = "itself "


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of a turn. `id` is its outbox row: 63 bits, never reused, and so also the idempotency key.

    `replaces` names an earlier row: that message is edited where the platform has it, else this one is sent anew.
    `cause`: what it answers, where the platform can tell later that it was shown; the same after a backup was restored.
    One that begins with `OF_ITSELF` says alone which message it is: its words hold numbers that are counted on.
    """

    id: int
    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    picture: Picture | None = None
    file: Attachment | None = None
    priority: Priority = Priority.ANSWER
    kind: Kind = Kind.TALK
    where: Where = Where.ORIGIN
    replaces: int | None = None
    only_edit: bool = False  # nothing new to say: if the old message is gone, do not send it anew
    silent: bool = False
    numbered: bool = True  # a digit is an option's number; not where it is a value, a time or a list's line
    reactions: bool = False  # a reaction may answer it, though anybody on the way reads it: nothing about health
    pin: bool = False  # keep it at the top of the room, where the coach may
    unpin: bool = False  # no longer
    push: str | None = None  # all that a lock screen may show; a channel hides the text as well as it can
    away: str = ""  # what the replaced message becomes if it stands in another of the member's places
    lives_s: int = 24 * 3600  # seconds after which it is no longer worth sending
    cause: str = ""
