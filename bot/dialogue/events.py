"""What arrives for a member. Channels make these from raw updates; the clock makes `Due`. Plain values only."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from bot.coach.alarm import Alarm
from bot.dialogue.facts_places import United
from bot.dialogue.facts_rounds import RoundSeen
from bot.library.quick import quick


class Unreadable(StrEnum):
    """What the coach cannot read; each gets one kind line."""

    STICKER = "sticker"
    VOICE = "voice"
    PHOTO = "photo"
    VIDEO = "video"
    LOCATION = "location"
    CONTACT = "contact"
    DOCUMENT = "document"
    OTHER = "other"
    REACTION = "reaction"  # to a question about health: it travels in clear and is not counted
    UNDECRYPTED = "undecrypted"  # encrypted, and the key has not come


class Tapped(StrEnum):
    """What a tap on a round's card means."""

    MOVED = "moved"
    UNDO = "undo"
    JOIN = "join"
    LEAVE = "leave"


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class TextReceived:
    """A person wrote something; cleaned at intake: NFC, no NUL, no lone surrogates, at most 4096 characters.

    `alarm` is filled by the worker before the member's document is read, so nothing broken can hide it. What was said
    in a group never gets that far: the intake keeps the alarm and a command of ours, and no other word.
    """

    text: str
    edited: bool = False  # an edit or a caption is checked for alarms, never taken as an answer
    caption: bool = False  # it stood below something unreadable, which arrives beside it and gets the line
    forwarded: bool = False  # somebody else's words: checked for alarms, never taken as an answer
    language: str | None = None  # the platform's guess, e.g. "de" or "en-GB"
    alarm: Alarm | None = None
    governs: bool = False  # in a group: its sender may change it (an admin)


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonTapped:
    """A button of the coach was tapped. `data` comes from outside and may be forged or years old."""

    data: str
    message: str | None = None  # the platform's id of the message that carried the button
    language: str | None = None
    home: bool = False  # a round's button that stood in a private room
    reaction: str = ""  # the platform's id of a reaction that taps a round's card
    back: str = ""  # the data of what taking that reaction back means
    query: str = ""  # a round's button: the platform's id of the tap, which can be answered for a moment
    waited_s: int = 0  # a round's button: see `Arrival`


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionTakenBack:
    """Somebody took a reaction back; whether it was one that tapped a card, the store knows."""

    reaction: str
    waited_s: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaReceived:
    """A sticker, voice message, photo … without readable text; a caption arrives as an edited text beside it."""

    what: Unreadable
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DamagedReceived:
    """Something no platform we know makes. It is only noted for the operator: `kind` is its name, never its content."""

    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachChanged:
    """The person blocked the coach or let it back in, or the platform refused a message for good."""

    reachable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomMoved:
    """A group became a supergroup or a room was upgraded."""

    new_room: str


class GroupChange(StrEnum):
    ENTERED = "entered"
    LEFT = "left"
    PROMOTED = "promoted"
    DEMOTED = "demoted"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupChanged:
    """The coach came into a group, asked in by the person of the address; was put out; may do more there, or less.

    `admin`: it is one now, and so hears every word, where the platform would keep most of them from it.
    """

    what: GroupChange
    language: str | None = None
    admin: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmOverheard:
    """Words in a group that may be a red flag of this member: never the words themselves."""

    alarm: Alarm


@dataclass(frozen=True, slots=True, kw_only=True)
class SendRefused:
    """The platform refused one message for good (400 after the plain-text try)."""

    row: int
    reason: str  # an error class, never text


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """An appointment's time has come."""

    kind: str
    local_date: str  # ISO date in the member's zone for which the appointment stood
    due_at: int  # epoch microseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeShifted:
    """Local demo only: the visitor moved this member's clock forward to an epoch microsecond."""

    to: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """The operator did something the member must know of: `exported`."""

    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundNews:
    """What became of a wish about moving together: `made`, `joined`, `unknown`, `enough`.

    Of a movement told: `counted`; `late`, its day was over; `not-in`, there is no such round for the member. `gone`,
    without a wish: it was ended for all, or left on its card. `seen`: `rounds` are theirs; `none`: there are none.
    `mine`, `changed`, `ended`, `again`, `not-yours`: what became of a change; without one, of the round they started:
    `over`, it has ended; `brought`, somebody else has shown it in one more group.
    """

    what: str
    round: int = 0
    name: str = ""
    code: str = ""
    room_code: str = ""
    begins: str = ""
    weeks: int = 0
    zone: str = ""
    rounds: tuple[RoundSeen, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkNews:
    """What became of a wish to link two places of one person; channels by name.

    `code`: it was made. `wrong`, `enough`, `same`, `late`, `declined`: nothing happens. `asked`: this side must confirm
    (`both`: each side has a history; `keep`: which one stays, as far as the first side has chosen). `waiting`: the
    other side is asked now. `linked`: it is done, and `united` is what the other side's flags were. `again`: the other
    side was busy.
    """

    what: str
    link: int = 0
    code: str = ""
    there: str = ""
    both: bool = False
    keep: str = ""  # here, there: seen from the side that hears this
    united: United | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepsKeyMade:
    """A key with which the member's phone tells steps: shown once, then only its hash is kept."""

    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepsCounted:
    """A phone told steps: ISO date and number of each day. `key`: the hash of the key it came with."""

    days: tuple[tuple[str, int], ...]
    key: str


Event: TypeAlias = (
    TextReceived
    | ButtonTapped
    | ReactionTakenBack
    | MediaReceived
    | DamagedReceived
    | ReachChanged
    | RoomMoved
    | GroupChanged
    | AlarmOverheard
    | SendRefused
    | Due
    | TimeShifted
    | Notice
    | RoundNews
    | LinkNews
    | StepsKeyMade
    | StepsCounted
)
EVENT_KINDS: dict[str, type[Event]] = {
    "text": TextReceived,
    "button": ButtonTapped,
    "unreacted": ReactionTakenBack,
    "media": MediaReceived,
    "damaged": DamagedReceived,
    "reach": ReachChanged,
    "moved": RoomMoved,
    "group": GroupChanged,
    "overheard": AlarmOverheard,
    "refused": SendRefused,
    "due": Due,
    "shift": TimeShifted,
    "notice": Notice,
    "round": RoundNews,
    "link": LinkNews,
    "steps-key": StepsKeyMade,
    "steps": StepsCounted,
}


@dataclass(frozen=True, slots=True)
class Address:
    """Where one person is reached: channel, the coach's account there, the person's platform id, and the room.

    `private` is false in groups: what happens there is never the member's.
    """

    channel: str
    account: str
    person: str
    room: str
    private: bool = True

    @property
    def key(self) -> str:
        """One text for equality and indexes; parts never contain a line feed."""
        return f"{self.channel}\n{self.account}\n{self.person}\n{self.room}"

    @property
    def house(self) -> str:
        """The room a topic belongs to: `group/topic` is one room to the platform's limits."""
        return self.room.partition("/")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An event on its way into the inbox. `source` makes a redelivery harmless: unique per channel and account.

    `waited_s`: so long it may have lain at the platform, because we were not there.
    """

    source: str
    address: Address
    event: Event
    at: int  # epoch microseconds, the platform's own time where it tells one
    waited_s: int = 0
