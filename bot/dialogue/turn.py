"""One turn: what an event causes. `Draft` collects it; `Turn` is the finished, committed-as-one result."""

from dataclasses import dataclass, field, replace
from datetime import datetime, time
from typing import TypeAlias
from zoneinfo import ZoneInfo

from bot.dialogue.appointments import Appointment
from bot.dialogue.facts import Dated, Fact
from bot.dialogue.figures import figure_of
from bot.dialogue.kit import Kit, Numbers, numbers_of
from bot.dialogue.member import FlowState, Member
from bot.dialogue.memory import head_of, remember
from bot.dialogue.messages import Attachment, Button, Kind, Message, Picture, Priority, Where
from bot.dialogue.moment import Moment, from_micros, micros
from bot.dialogue.own_words import CHIP
from bot.dialogue.replay import Run
from bot.dialogue.steps import After, Book, OnDay
from bot.dialogue.text import Param, render, text
from bot.dialogue.wishes import PlaceWish
from bot.library.catalog import Catalog
from bot.library.quick import altered, altered_by, quick

PROMPT_LIVES_S = 2 * 3600
SEALED, UNSEALED = "matrix", "telegram"  # what is written in the one is never repeated in the other


AtHand: TypeAlias = tuple[FlowState, Run]  # a flow standing at its open question


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """New document, journal facts, appointments and messages.

    `withdraw`: kinds of unsent outbox rows to drop. `cancel`: kinds of appointments to drop. `erase`: everything goes.
    `minor`: whether they have just said to be under 18. `wishes`: about the member's places, for the store.
    `run`: what saves the next turn a replay; dropped at will.
    """

    member: Member
    messages: tuple[Message, ...] = ()
    facts: tuple[Dated, ...] = ()
    appointments: tuple[Appointment, ...] = ()
    cancel: frozenset[str] = frozenset()
    withdraw: frozenset[Kind] = frozenset()
    erase: bool = False
    minor: bool | None = None
    wishes: tuple[PlaceWish, ...] = ()
    run: AtHand | None = field(default=None, compare=False, repr=False)


@dataclass(slots=True)
class Draft:
    """A turn in the making. Flows and commands write into it through its methods only.

    `unprompted`: the event was an appointment, so messages are prompts and go to the preferred address.
    `in_place`: the event was a tap on the coach's last message, which may be edited.
    `elsewhere`: the channels of the member's other places, one entry a place; of all of them where nobody spoke.
    """

    member: Member
    moment: Moment
    kit: Kit
    channel: str
    next_id: int
    elsewhere: tuple[str, ...] = ()
    unprompted: bool = False
    in_place: bool = False
    messages: list[Message] = field(default_factory=list)
    facts: list[Dated] = field(default_factory=list)
    appointments: dict[tuple[str, str], Appointment] = field(default_factory=dict)
    cancel: set[str] = field(default_factory=set)
    withdraw: set[Kind] = field(default_factory=set)
    erase: bool = False
    minor: bool | None = None
    wishes: list[PlaceWish] = field(default_factory=list)
    run: AtHand | None = None

    @property
    def catalog(self) -> Catalog:
        return self.kit.catalogs[self.member.language]

    @property
    def help_numbers(self) -> Numbers:
        return numbers_of(self.kit, self.member.known.about.country)

    @property
    def emergency_number(self) -> str:
        return self.help_numbers.emergency

    def take_id(self) -> int:
        self.next_id += 1
        return self.next_id - 1

    def words(self, what: Param) -> str:
        return render(what, self.catalog)

    def change(self, **fields: object) -> None:
        self.member = altered_by(self.member, **fields)

    def record(self, fact: Fact, at: int | None = None) -> None:
        """Write a fact into the journal and into what is known. `at`: epoch microseconds, now if not told."""
        moment = self.moment.now if at is None else from_micros(at)
        zone = ZoneInfo(self.member.zone)
        dated = Dated(fact, moment, moment.astimezone(zone).date())
        self.facts.append(dated)
        self.member = head_of(altered(self.member, known=remember(self.member.known, dated)), fact)

    def book(self, book: Book, at: int | None = None) -> None:
        """Make an appointment; spans count from `at` (epoch microseconds), times of day from the member's today."""
        due: datetime
        wall: time | None = None
        origin = Moment(self.moment.now if at is None else from_micros(at), ZoneInfo(self.member.zone))
        match book.when:
            case OnDay(at=wanted, days=days):
                due, wall = origin.at(wanted, days), wanted
            case After(span=span):
                due = origin.now + span
        day = due.astimezone(origin.zone).date()
        self.set_appointment(Appointment(kind=book.kind, local_date=day, due=due, nature=book.nature, wall=wall))

    def set_appointment(self, appointment: Appointment) -> None:
        self.appointments[appointment.kind, appointment.local_date.isoformat()] = appointment

    def drop_appointments(self, kind: str) -> None:
        self.cancel.add(kind)
        for key in [key for key in self.appointments if key[0] == kind]:
            del self.appointments[key]

    def send(  # noqa: PLR0913  each is one side of a message, all but the words optional
        self,
        words: str,
        *,
        buttons: tuple[tuple[Button, ...], ...] = (),
        picture: Picture | None = None,
        file: Attachment | None = None,
        kind: Kind = Kind.TALK,
        replaces: int | None = None,
        priority: Priority | None = None,
        where: Where | None = None,
        silent: bool = False,
        push: str | None = None,
        numbered: bool = True,
        reactions: bool = False,
    ) -> int:
        """Add a message and return its row id."""
        urgent = kind is Kind.EMERGENCY
        chosen = priority if priority is not None else (Priority.EMERGENCY if urgent else self._usual_priority())
        message = Message(
            id=self.take_id(),
            text=words,
            buttons=buttons,
            picture=picture,
            file=file,
            priority=chosen,
            kind=kind,
            where=where or (Where.EVERYWHERE if urgent else self._usual_place()),
            replaces=None if urgent else replaces,  # an emergency is always a new message
            silent=silent,
            push=push or self.discreet(kind),
            numbered=numbered,
            reactions=reactions,
            away=self._away(replaces),
            lives_s=PROMPT_LIVES_S if chosen is Priority.PROMPT else 24 * 3600,
        )
        self.messages.append(message)
        self.change(bottom=message.id)
        return message.id

    def may_quote(self, kept: str) -> bool:
        """Whether what somebody once wrote may stand in a message: never on Telegram what may come from elsewhere.

        Nor what may come from a place that was taken away.
        """
        own_place = not self.elsewhere and not self.member.known.sealed
        return not kept or kept.startswith(CHIP) or own_place or UNSEALED not in {self.channel, *self.elsewhere}

    @property
    def was_sealed(self) -> bool:
        """Whether any of the member's places is, or was, an encrypted one."""
        return self.member.known.sealed or SEALED in {self.channel, *self.elsewhere}

    def link_rows(self, links: tuple[str, ...]) -> tuple[tuple[Button, ...], ...]:
        """Commands as buttons, two in a row."""
        buttons = [Button(label=self.words(text(f"link/{link}")), data=f"/{link}", answers=False) for link in links]
        return tuple(tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2))

    def described(self, picture: Picture) -> Picture:
        """The picture with its alt text in the member's language, drawn as the figure they recognise themselves in."""
        if picture.alt:
            return picture
        keys = (f"exercise/{picture.figure}/alt-{picture.level}", f"picture/{picture.figure}/alt")
        key = next((key for key in keys if self.catalog.has(key)), keys[0])
        return replace(picture, alt=self.words(text(key)), theme=figure_of(self.member.known))

    def discreet(self, kind: Kind) -> str | None:
        """What a lock screen shows of a prompt: nothing about pain or health, unless the member switched that."""
        is_open = ("push", "open") in self.member.known.settings
        return (
            self.words(text("push/discreet"))
            if self.unprompted and kind is not Kind.EMERGENCY and not is_open
            else None
        )

    def edit(self, row: int, words: str, links: tuple[str, ...] = ()) -> None:
        """Turn an earlier message into a line without its buttons; nothing is sent if it is gone."""
        self.messages.append(
            Message(
                id=self.take_id(),
                text=words,
                buttons=self.link_rows(links),
                replaces=row,
                only_edit=True,
                priority=self._usual_priority(),
                away=self._away(row),
            )
        )

    def finish(self) -> Turn:
        return Turn(
            member=self.member,
            messages=tuple(self.messages),
            facts=tuple(self.facts),
            appointments=tuple(self.appointments.values()),
            cancel=frozenset(self.cancel),
            withdraw=frozenset(self.withdraw),
            erase=self.erase,
            minor=self.minor,
            wishes=tuple(self.wishes),
            run=self.run,
        )

    def turn_away(self) -> None:
        """Somebody is, or may be, under 18: everything goes, and no card in a group takes them in for a while."""
        self.erase = self.minor = True

    def _away(self, replaces: int | None) -> str:
        """A message of another place loses its buttons and hears no word of what was said here."""
        return self.words(text("place/away")) if self.elsewhere and replaces is not None else ""

    def _usual_priority(self) -> Priority:
        return Priority.PROMPT if self.unprompted else Priority.ANSWER

    def _usual_place(self) -> Where:
        return Where.PREFERRED if self.unprompted else Where.ORIGIN


def overdue_s(due_at: int, moment: Moment) -> float:
    """Seconds by which an appointment is late; negative when the clock stepped back."""
    return (micros(moment.now) - due_at) / 1e6
