"""What is said and locked when a member's turn cannot be worked on: help at once, else one neutral line."""

from dataclasses import dataclass, replace

from bot.coach.alarm import AlarmDetector, AlarmLevel, Certainty
from bot.coach.disposition import Disposition, gravity
from bot.dialogue.commanding import emergency_card
from bot.dialogue.commands import Command, read_command
from bot.dialogue.events import Address, AlarmOverheard, ButtonTapped, Event, TextReceived
from bot.dialogue.kit import Kit, numbers_of
from bot.dialogue.member import Member
from bot.dialogue.messages import Kind, Message, Priority, Where
from bot.dialogue.wire import WireError, decode_event
from bot.library.catalog import Catalog
from bot.runtime.lived import Lived, lived_of
from bot.runtime.outgoing import sends_of
from bot.store.ids import Ids
from bot.store.rows import Claim, NewSend, Waiting

ATTEMPTS = 3
_ALARMS = {level.value for level in AlarmLevel if level is not AlarmLevel.NONE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standby:
    """Reads events and answers from static text alone. `now`: epoch microseconds."""

    kit: Kit
    detector: AlarmDetector
    ids: Ids
    now: int

    def read(self, waiting: Waiting) -> Event:
        event = decode_event(waiting.kind, waiting.body)
        if isinstance(event, TextReceived):
            return replace(event, alarm=self.detector.check(event.text))
        return event

    def without_document(self, claim: Claim, error: Exception) -> Lived:
        """Nothing can be stepped. Emergencies are answered from static text; the rest waits or is set aside."""
        lived, lock, sends = lived_of(claim), claim.lock, list[NewSend]()
        for waiting in claim.events:
            if self.is_urgent(waiting):  # also behind an event that comes again
                lock = graver(lock, self.lock_of(waiting))
                sends.extend(self.card(claim, waiting.address))
            elif lived.returned:
                continue
            elif waiting.attempts + 1 < ATTEMPTS:
                lived.returned.append(waiting.id)
                continue
            else:
                sends.extend(self.last_word(claim, waiting))
            lived.set_aside.append((waiting.id, type(error).__name__))
        lived.outcome = replace(lived.outcome, lock=lock, sends=tuple(sends))
        return lived

    def left_for_newer_code(self, claim: Claim) -> Lived:
        """Newer code has written this document and will work on these events; only help is given meanwhile, once."""
        lived, lock, sends = lived_of(claim), claim.lock, list[NewSend]()
        for waiting in claim.events:
            if not waiting.attempts and self.is_urgent(waiting):
                lock = graver(lock, self.lock_of(waiting))
                sends.extend(self.card(claim, waiting.address))
                lived.returned.append(waiting.id)  # one more attempt tells that help was given
        lived.waits = [waiting.id for waiting in claim.events if waiting.id not in lived.returned]
        lived.outcome = replace(lived.outcome, lock=lock, sends=tuple(sends))
        return lived

    def lock_of(self, waiting: Waiting) -> str:
        """The lock a sure alarm brings, also where no document can hold it: the sender looks at the column."""
        event = self.read(waiting)
        alarm = event.alarm if isinstance(event, TextReceived) else None
        sure = alarm is not None and alarm.level is not AlarmLevel.NONE and alarm.certainty is Certainty.SURE
        return alarm.level.value if alarm is not None and sure else ""

    def is_urgent(self, waiting: Waiting) -> bool:
        try:
            event = self.read(waiting)
        except WireError:
            return False
        return is_urgent(event)

    def last_word(self, claim: Claim, waiting: Waiting) -> list[NewSend]:
        """For an event that is given up: one neutral line; where it may have been an alarm, whom to call."""
        said = self.card if self.may_be_alarm(waiting) else self.line
        return said(claim, waiting.address)

    def may_be_alarm(self, waiting: Waiting) -> bool:
        """Also where it is unsure."""
        try:
            event = self.read(waiting)
        except WireError:
            return False
        heard = event.alarm if isinstance(event, TextReceived | AlarmOverheard) else None
        return is_urgent(event) or (heard is not None and heard.level is not AlarmLevel.NONE)

    def line(self, claim: Claim, address: Address | None) -> list[NewSend]:
        """The neutral line."""
        message = Message(id=self.ids.next(self.now), text=self._catalog(claim).text("trouble/line"))
        return sends_of(claim, address, (message,), self.ids, self.now)

    def card(self, claim: Claim, address: Address | None) -> list[NewSend]:
        numbers = numbers_of(self.kit)
        words = emergency_card(self._catalog(claim), numbers.emergency, numbers.doctor, numbers.crisis)
        message = Message(
            id=self.ids.next(self.now), text=words, kind=Kind.EMERGENCY, priority=Priority.EMERGENCY, where=Where.ORIGIN
        )
        return sends_of(claim, address, (message,), self.ids, self.now)

    def _catalog(self, claim: Claim) -> Catalog:
        return self.kit.catalogs[claim.locale if claim.locale in self.kit.catalogs else "de"]


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


def is_only_help(event: Event) -> bool:
    """Whether the card is all there is to say: alarm words must still reach the document and lock it."""
    return isinstance(event, TextReceived) and is_urgent(replace(event, alarm=None))


def owed_lock(claim: Claim, member: Member) -> str:
    """The lock of the member's row, where the document does not hold one as grave. Both are written together else."""
    held = member.known.lock.disposition if member.known.lock else ""
    return claim.lock if claim.lock in _ALARMS and graver(held, claim.lock) != held else ""


def graver(one: str, other: str) -> str:
    """Of two locks the one that outweighs; "" is none. One of newer code outweighs all: it may forbid everything."""
    return max((one, other), key=_weight)


def _weight(lock: str) -> int:
    if not lock:
        return -1
    try:
        return gravity(Disposition(lock))
    except ValueError:
        return len(Disposition)
