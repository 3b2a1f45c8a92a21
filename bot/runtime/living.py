"""One claimed member's events, stepped in order in memory: documents in, an `Outcome` out. No I/O.

What raises is kept to the one event: events before it count, it comes again (three times at most, then it is set
aside and the member gets one neutral line), and the member's later events wait for it.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from zlib import crc32

from bot.coach.alarm import AlarmDetector, AlarmLevel, Certainty
from bot.dialogue.commanding import emergency_card
from bot.dialogue.commands import Command, read_command
from bot.dialogue.engine import IDS_A_TURN, step
from bot.dialogue.events import Address, ButtonTapped, Event, ReachChanged, TextReceived
from bot.dialogue.journal import dump_fact
from bot.dialogue.kit import Kit, numbers_of
from bot.dialogue.member import VERSION, DocumentError, Member
from bot.dialogue.messages import Kind, Message, Priority, Where
from bot.dialogue.moment import from_micros, micros
from bot.dialogue.turn import Turn
from bot.dialogue.wire import WireError, decode_event, encode
from bot.dialogue.wishes import PlaceWish, PreferHere
from bot.runtime.documents import Documents
from bot.store.ids import Ids
from bot.store.rows import Claim, Fact, NewAppointment, NewSend, Outcome, StoredAddress, Waiting

log = logging.getLogger(__name__)

ATTEMPTS = 3
TROUBLES_END_A_FLOW = 3
SECOND = 1_000_000
MINUTE = 60 * SECOND
SPREAD_S = 55  # a turn and a send still fit into the minute


@dataclass(slots=True)
class Lived:
    """What became of a member's events. `returned` come again; `set_aside` are given up (id, error class).

    `wishes`: about the member's places, and where each was uttered.
    """

    outcome: Outcome
    addresses: tuple[Address, ...]
    turns: int = 0
    returned: list[int] = field(default_factory=list)
    set_aside: list[tuple[int, str]] = field(default_factory=list)
    wishes: list[tuple[PlaceWish, Address | None]] = field(default_factory=list)


@dataclass(slots=True)
class _Life:
    """A member's document and everything that was caused so far."""

    claim: Claim
    member: Member
    done: list[int] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    appointments: dict[tuple[str, str], NewAppointment] = field(default_factory=dict)
    cancelled: set[str] = field(default_factory=set)
    withdrawn: set[str] = field(default_factory=set)
    sends: list[NewSend] = field(default_factory=list)
    reach: dict[str, bool] = field(default_factory=dict)
    prefer: str | None = None
    wishes: list[tuple[PlaceWish, Address | None]] = field(default_factory=list)
    erase: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Living:
    """Steps claims. `now`: epoch microseconds, the same for the whole batch."""

    kit: Kit
    detector: AlarmDetector
    ids: Ids
    now: int
    documents: Documents = field(default_factory=Documents)

    def live(self, claim: Claim) -> Lived:
        """All waiting events of one member, until one fails."""
        try:
            member = self._document(claim)
        except DocumentError as error:
            return self._without_document(claim, error)
        life = _Life(claim=claim, member=member)
        lived = Lived(outcome=_unchanged(claim), addresses=tuple(known.address for known in claim.addresses))
        for waiting in claim.events:
            if not self._one(life, lived, waiting):
                break
            if life.erase:
                life.done.extend(event.id for event in claim.events if event.id not in life.done)
                break
            if life.wishes:
                break  # what comes next may come from a place that is another's by then
        document = self.documents.write(life.member, claim.document)
        if life.erase:
            self.documents.forget(document)
        lived.outcome = _outcome(life, document)
        lived.wishes = life.wishes
        return lived

    def _document(self, claim: Claim) -> Member:
        if claim.document:
            return self.documents.read(claim.document)
        operator = self.kit.operator
        return Member(language=claim.locale or operator.language, zone=claim.zone or operator.zone)

    def _one(self, life: _Life, lived: Lived, waiting: Waiting) -> bool:
        """Step one event; false means: the later ones wait."""
        try:
            event = self._read(waiting)
            self._apply(life, waiting, event)
        except Exception as error:  # noqa: BLE001  the one place where a member's trouble must not reach the others
            return self._trouble(life, lived, waiting, error)
        life.done.append(waiting.id)
        lived.turns += 1
        return True

    def _read(self, waiting: Waiting) -> Event:
        event = decode_event(waiting.kind, waiting.body)
        if isinstance(event, TextReceived):
            return replace(event, alarm=self.detector.check(event.text))
        return event

    def _apply(self, life: _Life, waiting: Waiting, event: Event) -> None:
        channel = waiting.address.channel if waiting.address else ""
        first_id = self.ids.block(IDS_A_TURN, self.now)
        elsewhere = tuple(known.address.channel for known in life.claim.addresses if known.address != waiting.address)
        turn = step(
            life.member,
            event,
            from_micros(self.now),
            self.kit,
            channel=channel,
            first_id=first_id,
            elsewhere=elsewhere if waiting.address or len(elsewhere) > 1 else (),
            run=self.documents.take_run(life.member),
        )
        if not turn.erase:
            self.documents.keep_run(turn.run)
        _take(life, turn, self.ids, self.now)
        life.sends.extend(self._sends(life.claim, waiting.address, turn.messages))
        for wish in turn.wishes:
            if isinstance(wish, PreferHere):
                life.prefer = waiting.address.key if waiting.address else None
            else:
                life.wishes.append((wish, waiting.address))
        if isinstance(event, ReachChanged) and waiting.address is not None:
            life.reach[waiting.address.key] = event.reachable

    def _trouble(self, life: _Life, lived: Lived, waiting: Waiting, error: Exception) -> bool:
        log.warning(
            "a turn failed",
            extra={"action": "turn-failed", "event": waiting.id, "error": type(error).__name__},
            exc_info=_harmless(error),
        )
        if waiting.attempts + 1 < ATTEMPTS:
            lived.returned.append(waiting.id)
            return False
        lived.set_aside.append((waiting.id, type(error).__name__))
        troubles = life.member.troubles + 1
        life.member = replace(life.member, troubles=troubles)
        if troubles >= TROUBLES_END_A_FLOW:
            life.member = replace(life.member, open=None, parked=None, troubles=0)
        life.sends.extend(self._line(life.claim, waiting.address, "trouble/line", life.member.language))
        return True

    def _without_document(self, claim: Claim, error: DocumentError) -> Lived:
        """The document cannot be read. Emergencies are answered from static text; the rest waits or is set aside."""
        outcome = _unchanged(claim)
        lived = Lived(outcome=outcome, addresses=tuple(known.address for known in claim.addresses))
        sends: list[NewSend] = []
        done: list[int] = []
        lock = claim.lock
        for waiting in claim.events:
            if self._is_urgent(waiting):  # also behind an event that comes again
                lock = lock or self._alarm_of(waiting)
                sends.extend(self._card(claim, waiting.address))
                done.append(waiting.id)
            elif lived.returned:
                continue
            elif waiting.attempts + 1 < ATTEMPTS:
                lived.returned.append(waiting.id)
            else:
                lived.set_aside.append((waiting.id, type(error).__name__))
                sends.extend(self._line(claim, waiting.address, "trouble/line", claim.locale))
        lived.outcome = replace(outcome, lock=lock, sends=tuple(sends), done=tuple(done))
        return lived

    def _alarm_of(self, waiting: Waiting) -> str:
        """The lock a sure alarm brings, also where no document can hold it: the sender looks at the column."""
        event = self._read(waiting)
        alarm = event.alarm if isinstance(event, TextReceived) else None
        return alarm.level.value if alarm is not None and alarm.level is not AlarmLevel.NONE else ""

    def _is_urgent(self, waiting: Waiting) -> bool:
        try:
            event = self._read(waiting)
        except WireError:
            return False
        return is_urgent(event)

    def _card(self, claim: Claim, address: Address | None) -> list[NewSend]:
        numbers = numbers_of(self.kit)
        catalog = self.kit.catalogs[claim.locale if claim.locale in self.kit.catalogs else "de"]
        words = emergency_card(catalog, numbers.emergency, numbers.doctor, numbers.crisis)
        message = Message(
            id=self.ids.next(self.now), text=words, kind=Kind.EMERGENCY, priority=Priority.EMERGENCY, where=Where.ORIGIN
        )
        return self._sends(claim, address, (message,))

    def _line(self, claim: Claim, address: Address | None, key: str, language: str) -> list[NewSend]:
        catalog = self.kit.catalogs[language if language in self.kit.catalogs else "de"]
        return self._sends(claim, address, (Message(id=self.ids.next(self.now), text=catalog.text(key)),))

    def _sends(self, claim: Claim, origin: Address | None, messages: Sequence[Message]) -> list[NewSend]:
        """Rows for the outbox, one for each address a message goes to."""
        rows: list[NewSend] = []
        for message in messages:
            for index, address in enumerate(_targets(claim, origin, message)):
                copy = message if index == 0 else replace(message, id=self.ids.next(self.now), replaces=None)
                rows.append(_row(copy, address, self.now))
        return rows


def is_urgent(event: Event) -> bool:
    """A sure alarm or /notfall: answered from static text when nothing else can be."""
    if isinstance(event, ButtonTapped):
        called = read_command(event.data)
        return called is not None and called.command is Command.EMERGENCY
    if not isinstance(event, TextReceived):
        return False
    alarm = event.alarm
    if alarm is not None and alarm.level is not AlarmLevel.NONE and alarm.certainty is Certainty.SURE:
        return True
    called = read_command(event.text)
    return called is not None and called.command is Command.EMERGENCY


def _take(life: _Life, turn: Turn, ids: Ids, now: int) -> None:
    """Add a turn's effects to the member's life."""
    life.member = turn.member
    life.erase = life.erase or turn.erase
    life.cancelled |= turn.cancel
    for kind in turn.cancel:
        for key in [key for key in life.appointments if key[0] == kind]:
            del life.appointments[key]
    withdrawn = {kind.value for kind in turn.withdraw}
    life.withdrawn |= withdrawn
    life.sends = [send for send in life.sends if send.kind not in withdrawn]
    for dated in turn.facts:
        life.facts.append(
            Fact(
                id=ids.next(now),
                kind=dated.fact.kind,
                at=micros(dated.at),
                local_date=dated.day.isoformat(),
                body=dump_fact(dated.fact),
            )
        )
    for made in turn.appointments:
        day, due = made.local_date.isoformat(), spread(micros(made.due), life.claim.member)
        life.appointments[made.kind, day] = NewAppointment(
            id=ids.next(now), kind=made.kind, local_date=day, due=due, nature=made.nature.value
        )


def spread(due: int, member: int) -> int:
    """What is booked for a time of day comes in the course of that minute, each member at a second of their own.

    Many choose eight o'clock; their clocks still show it. Beyond the minute it is the sender that spreads.
    """
    return due + crc32(str(member).encode()) % SPREAD_S * SECOND if due % MINUTE == 0 else due


def _unchanged(claim: Claim) -> Outcome:
    """The member as it was claimed."""
    return Outcome(
        member=claim.member,
        revision=claim.revision,
        document=claim.document,
        document_version=claim.document_version,
        status=claim.status,
        locale=claim.locale,
        zone=claim.zone,
        lock=claim.lock,
    )


def _outcome(life: _Life, document: bytes) -> Outcome:
    member, claim = life.member, life.claim
    return Outcome(
        member=claim.member,
        revision=claim.revision,
        document=document,
        document_version=VERSION,
        status=member.status.value,
        locale=member.language,
        zone=member.zone,
        lock=member.known.lock.disposition if member.known.lock else "",
        done=tuple(life.done),
        facts=tuple(life.facts),
        appointments=tuple(life.appointments.values()),
        cancel_appointments=tuple(sorted(life.cancelled)),
        sends=tuple(life.sends),
        cancel_sends=tuple(sorted(life.withdrawn)),
        reach=tuple(life.reach.items()),
        prefer=life.prefer,
        erase=life.erase,
    )


def _targets(claim: Claim, origin: Address | None, message: Message) -> list[Address]:
    """Answers go where the event came from, prompts to the preferred address, emergencies everywhere."""
    known = list(claim.addresses)
    reachable = [stored.address for stored in known if stored.reachable] or [stored.address for stored in known]
    home = origin or _preferred(known)
    if home is None:
        return []
    if message.where is Where.ORIGIN:
        return [home]
    preferred = _preferred(known) or home
    if message.where is Where.PREFERRED:
        return [preferred]
    others = [address for address in reachable if address != home]
    return others if message.where is Where.ELSEWHERE else [home, *others]


def _preferred(known: Sequence[StoredAddress]) -> Address | None:
    chosen = next((stored for stored in known if stored.preferred and stored.reachable), None)
    chosen = chosen or next((stored for stored in known if stored.reachable), None)
    return chosen.address if chosen else (known[0].address if known else None)


def _row(message: Message, address: Address, now: int) -> NewSend:
    return NewSend(
        id=message.id,
        address=address,
        priority=int(message.priority),
        kind=message.kind.value,
        body=encode(message),
        expires=now + message.lives_s * 1_000_000,
        replaces=message.replaces,
        only_edit=message.only_edit,
        repeat=message.priority < Priority.PROMPT,
        silent=message.silent,
    )


def _harmless(error: Exception) -> bool:
    """Tracebacks are logged for our own errors; ones that may quote what a person wrote are named only."""
    return not isinstance(error, ValueError | UnicodeError)
