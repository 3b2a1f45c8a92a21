"""A member in a room with the coach, in memory: every turn's document is encoded and decoded, as the store does."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TypeVar

from bot.coach.alarm import AlarmDetector
from bot.dialogue.appointments import Appointment
from bot.dialogue.engine import IDS_A_TURN, step
from bot.dialogue.events import ButtonTapped, Due, Event, RoundNews, TextReceived
from bot.dialogue.facts import Dated, Fact
from bot.dialogue.facts_rounds import RoundsAsked, RoundSeen
from bot.dialogue.kit import Kit, Operator
from bot.dialogue.member import Member, load_member
from bot.dialogue.messages import Kind, Message
from bot.dialogue.moment import micros
from bot.dialogue.turn import Turn
from bot.runtime.documents import Documents
from tests.shipped import kitted

F = TypeVar("F", bound=Fact)
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
SMALL, SELDOM = 8_000, 5  # bytes; the document of a long life is read again every fifth turn: all else in it is old


@lru_cache(maxsize=1)
def the_kit() -> Kit:
    operator = Operator(name="Praxis Probe", contact="probe@example.org", place="in Freiburg", months=12)
    return replace(kitted().kit, operator=operator)


def the_detector() -> AlarmDetector:
    return kitted().detector


@dataclass
class Room:
    """Plays the member: types, taps, lets time pass. Keeps what is visible, as a messenger would."""

    language: str = "de"
    now: datetime = MONDAY
    member: Member = field(default_factory=Member)
    kit: Kit = field(default_factory=the_kit)
    channel: str = "web"
    elsewhere: tuple[str, ...] = ()
    visible: dict[int, Message] = field(default_factory=dict)
    order: list[int] = field(default_factory=list)
    facts: list[Dated] = field(default_factory=list)
    rounds: tuple[RoundSeen, ...] = ()  # what the store knows of them
    appointments: dict[tuple[str, str], Appointment] = field(default_factory=dict)
    last: Turn | None = None
    erased: bool = False
    next_id: int = 1 << 20
    _documents: Documents = field(default_factory=Documents)
    _document: bytes = b""

    def happens(self, event: Event) -> Turn:
        """One event, one turn; its effects become visible."""
        self.next_id += IDS_A_TURN
        if isinstance(event, TextReceived):
            event = replace(event, alarm=the_detector().check(event.text))
        turn = step(
            self.member,
            event,
            self.now,
            self.kit,
            channel=self.channel,
            first_id=self.next_id,
            elsewhere=self.elsewhere,
            run=self._documents.take_run(self.member),
        )
        self._documents.keep_run(turn.run)  # half of the documents are read anew: then the flow is replayed
        self._document = self._documents.write(turn.member, self._document)
        number = self.next_id // IDS_A_TURN
        if len(self._document) < SMALL or number % SELDOM == 0:
            read = load_member(self._document)
            assert read == turn.member  # what is kept at hand is what is written
            self.member = read if number % 2 else self._documents.read(self._document)
        else:
            self.member = turn.member
        self._show(turn)
        self.facts.extend(turn.facts)
        for kind in turn.cancel:
            self.appointments = {key: a for key, a in self.appointments.items() if key[0] != kind}
        for made in turn.appointments:
            self.appointments[made.kind, made.local_date.isoformat()] = made
        self.erased = self.erased or turn.erase
        self.last = turn
        asked = next((dated.fact for dated in turn.facts if isinstance(dated.fact, RoundsAsked)), None)
        if asked is not None:
            what = "none" if asked.leaving and not self.rounds else "seen"
            return self.happens(RoundNews(what=what, rounds=self.rounds))
        return turn

    def _show(self, turn: Turn) -> None:
        for message in turn.messages:
            if message.replaces is not None and message.replaces in self.visible:
                place = self.order.index(message.replaces)
                del self.visible[message.replaces]
                self.order[place] = message.id
            elif message.only_edit:
                continue
            else:
                self.order.append(message.id)
            self.visible[message.id] = message

    def says(self, text: str, *, after_s: float = 20) -> Turn:
        self.passes(seconds=after_s)
        return self.happens(TextReceived(text=text, language=self.language))

    def taps(self, wanted: str, *, after_s: float = 20) -> Turn:
        """Tap the newest visible button with this label, or whose data ends with this token."""
        self.passes(seconds=after_s)
        return self.happens(ButtonTapped(data=self.button(wanted), language=self.language))

    def button(self, wanted: str) -> str:
        for row_id in reversed(self.order):
            for row in self.visible[row_id].buttons:
                for button in row:
                    if button.label == wanted or button.data.endswith(f".{wanted}"):
                        return button.data
        raise AssertionError(f"no button {wanted!r} among {self.labels}")

    def is_offered(self, wanted: str) -> bool:
        buttons = (button for shown in self.visible.values() for row in shown.buttons for button in row)
        return any(button.data.endswith(f".{wanted}") for button in buttons)

    def is_due(self, kind: str) -> bool:
        """Whether such an appointment stands."""
        return any(key[0] == kind for key in self.appointments)

    @property
    def labels(self) -> list[str]:
        return [b.label for row_id in self.order for row in self.visible[row_id].buttons for b in row]

    @property
    def texts(self) -> list[str]:
        """What the last turn said anew."""
        return [] if self.last is None else [m.text for m in self.last.messages if not m.only_edit]

    @property
    def kinds(self) -> set[Kind]:
        """Of what the last turn said anew."""
        return set() if self.last is None else {m.kind for m in self.last.messages if not m.only_edit}

    def known_facts(self, kind: type[F]) -> list[F]:
        return [dated.fact for dated in self.facts if isinstance(dated.fact, kind)]

    def passes(self, **span: float) -> None:
        self.now += timedelta(**span)

    def until_due(self, kind: str) -> Turn:
        """Let time pass until the earliest appointment of a kind, and bring it."""
        key, booked = min(
            ((key, a) for key, a in self.appointments.items() if key[0] == kind), key=lambda pair: pair[1].due
        )
        del self.appointments[key]
        self.now = max(self.now, booked.due + timedelta(seconds=1))
        due = Due(kind=kind, local_date=booked.local_date.isoformat(), due_at=micros(booked.due))
        return self.happens(due)

    def lives_until(self, when: datetime) -> list[Turn]:
        """The clock brings every appointment in its order until then; the member says nothing meanwhile."""
        turns: list[Turn] = []
        while True:
            waiting = [(a.due, key) for key, a in self.appointments.items() if a.due <= when]
            if not waiting:
                self.now = max(self.now, when)
                return turns
            turns.append(self.until_due(min(waiting)[1][0]))

    def lives(self, **span: float) -> list[Turn]:
        """Let time pass, with all that it brings."""
        return self.lives_until(self.now + timedelta(**span))

    def _lives_once(self, *what: object, live: Callable[[], None]) -> None:
        """How many tests begin: lived by the first of them, then remembered. Flows at hand are not, as after a restart.

        Only of a room in which nothing has happened, with the kit of all.
        """
        if self.has_begun:
            live()
            return
        key = (self.language, self.now, self.channel, *what)
        if key not in _BEGINNINGS:
            live()
            _BEGINNINGS[key] = self.copy()
            return
        lived = _BEGINNINGS[key].copy()
        for each in fields(self):
            setattr(self, each.name, getattr(lived, each.name))

    @property
    def has_begun(self) -> bool:
        """Or is otherwise not the room of all: another kit, other ways."""
        return type(self) is not Room or self != Room(language=self.language, now=self.now, channel=self.channel)

    def copy(self) -> "Room":
        """As after a restart: flows at hand are not copied."""
        last = None if self.last is None else replace(self.last, run=None)
        return replace(
            self,
            visible=dict(self.visible),
            order=list(self.order),
            facts=list(self.facts),
            appointments=dict(self.appointments),
            last=last,
            _documents=Documents(),
        )

    def onboards(self, *, pain: int = 3, age: str = "18_44", episode: str = "chronic") -> None:
        """The healthy way to the first offer: nine answers."""
        self._lives_once("onboards", pain, age, episode, live=lambda: self._onboards(pain, age, episode))

    def _onboards(self, pain: int, age: str, episode: str) -> None:
        self.says("/start")
        for token in ("yes", "none", "none", age, episode, "none", "none", "=", str(pain)):
            self.taps(token, after_s=40)

    def trains(self) -> None:
        """Every exercise goes well, and two more would have been possible."""
        while self.is_offered("fine"):
            self.taps(next(token for token in ("more", "longer", "fine") if self.is_offered(token)))

    def first_day(self) -> None:
        """Onboarding and the first session, with the prompt at eight."""
        self._lives_once("first day", live=self._first_day)

    def _first_day(self) -> None:
        self.onboards()
        self.taps("go")
        self.trains()
        self.taps("2")
        self.ends_day()

    def ends_day(self, at: str = "0800") -> None:
        """The end of the first day: tomorrow at this time, the clock is right, after coffee."""
        for token in (at, "right", "coffee"):
            self.taps(token)


_BEGINNINGS: dict[tuple[object, ...], Room] = {}
