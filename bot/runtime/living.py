"""One claimed member's events, stepped in order in memory: documents in, an `Outcome` out. No I/O.

What raises is kept to the one event: events before it count, it comes again (three times at most, then it is set
aside and the member gets one neutral line), and the member's later events wait for it. A cry for help waits for
nothing: where its turn fails, help comes from static text at once, and the lock stands in the member's row until the
document can hold it.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from zlib import crc32

from bot.coach.alarm import Alarm, AlarmCategory, AlarmDetector, AlarmLevel, Certainty
from bot.dialogue.engine import IDS_A_TURN, step
from bot.dialogue.events import Address, ButtonTapped, Event, MediaReceived, ReachChanged, TextReceived
from bot.dialogue.journal import dump_fact
from bot.dialogue.kit import Kit
from bot.dialogue.member import VERSION, Member
from bot.dialogue.moment import from_micros, micros
from bot.dialogue.troubled import bare, end_flows, without_flows
from bot.dialogue.turn import Turn
from bot.dialogue.wishes import PlaceWish, PreferHere
from bot.runtime.documents import Documents
from bot.runtime.helped import Helped
from bot.runtime.lived import Lived, lived_of
from bot.runtime.outgoing import cause_of, sends_of
from bot.runtime.standby import ATTEMPTS, Standby, graver, is_only_help, owed_lock
from bot.store.ids import Ids
from bot.store.rows import Claim, Fact, NewAppointment, NewSend, Outcome, Waiting

log = logging.getLogger(__name__)

TROUBLES_END_A_FLOW = 3
SECOND = 1_000_000
MINUTE = 60 * SECOND
CLEARED_AFTER_US = 2 * SECOND
SPREAD_S = 55  # a turn and a send still fit into the minute


@dataclass(slots=True)
class _Life:
    """A member's document and everything that was caused so far.

    `owed`: a lock that stands in the member's row only, for the turn that should have written it failed.
    """

    claim: Claim
    member: Member
    owed: str = ""
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
    minor: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Living:
    """Steps claims. `now`: epoch microseconds, the same for the whole batch."""

    kit: Kit
    detector: AlarmDetector
    ids: Ids
    now: int
    documents: Documents = field(default_factory=Documents)
    helped: Helped = field(default_factory=Helped)

    @property
    def standby(self) -> Standby:
        return Standby(kit=self.kit, detector=self.detector, ids=self.ids, now=self.now)

    def live(self, claim: Claim) -> Lived:
        """All waiting events of one member, until one fails. Raises nothing: a member's trouble is the member's own."""
        if claim.document_version > VERSION:
            return self.standby.left_for_newer_code(claim)
        try:
            return self._with_document(claim, self._document(claim))
        except Exception as error:  # noqa: BLE001  whatever is wrong with this document, the others' turns go on
            return self.standby.without_document(claim, error)

    def _with_document(self, claim: Claim, member: Member) -> Lived:
        life = _Life(claim=claim, member=member, owed=owed_lock(claim, member))
        lived = lived_of(claim)
        for place, waiting in enumerate(claim.events, 1):
            if lived.returned and not self.standby.is_urgent(waiting):
                continue  # it waits behind what comes again; a cry for help does not
            self._one(life, lived, waiting)
            if life.erase:
                self._help_behind_erasure(life, claim.events[place:])
                life.done.extend(event.id for event in claim.events if event.id not in life.done)
                break
            if life.wishes:
                break  # what comes next may come from a place that is another's by then
        document = self.documents.write(life.member, claim.document)
        if life.erase:
            self.documents.forget(document)
            life.sends = [_behind_the_clearing(send, self.now) for send in life.sends]
        lived.outcome = _outcome(life, document)
        lived.wishes = life.wishes
        lived.minor = life.minor
        return lived

    def _document(self, claim: Claim) -> Member:
        if claim.document:
            return self.documents.read(claim.document)
        operator = self.kit.operator
        return Member(language=claim.locale or operator.language, zone=claim.zone or operator.zone)

    def _one(self, life: _Life, lived: Lived, waiting: Waiting) -> None:
        """Step one event."""
        try:
            event = self.standby.read(waiting)
            if self._is_answered(waiting) and is_only_help(event):
                life.done.append(waiting.id)
                return
            self._catch_up(life, waiting)
            self._apply(life, waiting, event)
        except Exception as error:  # noqa: BLE001  the one place where a member's trouble must not reach the others
            self._trouble(life, lived, waiting, error)
            return
        life.done.append(waiting.id)
        lived.turns += 1
        if life.member.troubles and waiting.address is not None:  # the clock's events say nothing about what is asked
            life.member = replace(life.member, troubles=0)

    def _is_answered(self, waiting: Waiting) -> bool:
        """From static text, while the store was slow."""
        return waiting.address is not None and self.helped.knows(waiting.address.channel, waiting.source)

    def _catch_up(self, life: _Life, waiting: Waiting) -> None:
        """The document learns of the lock that only the member's row holds. Raises whatever a turn may raise."""
        if not life.owed:
            return
        alarm, first = _alarm_again(life.owed), replace(waiting, source=f"owed {waiting.source}")
        try:
            self._apply(life, first, alarm)
        except Exception:  # noqa: BLE001  it may be a flow that raises: then without it
            self._apply_bare(life, first, alarm)
        life.owed = ""

    def _apply_bare(self, life: _Life, waiting: Waiting, event: Event) -> None:
        """Step an alarm without what may have raised. Raises whatever a turn may raise; nothing has changed then."""
        before, life.member = life.member, bare(life.member, self.kit.operator.zone)
        try:
            self._apply(life, waiting, event)
        except Exception:
            life.member = before
            raise

    def _apply(self, life: _Life, waiting: Waiting, event: Event) -> None:
        turn = step(
            life.member,
            event,
            from_micros(self.now),
            self.kit,
            channel=waiting.address.channel if waiting.address else "",
            first_id=self.ids.block(IDS_A_TURN, self.now),
            elsewhere=_elsewhere(life.claim, waiting.address),
            run=self.documents.take_run(life.member),
        )
        if not turn.erase:
            self.documents.keep_run(turn.run)
        self._take(life, turn, waiting.address, cause_of(waiting, event))
        for wish in turn.wishes:
            if isinstance(wish, PreferHere):
                life.prefer = waiting.address.key if waiting.address else None
            else:
                life.wishes.append((wish, waiting.address))
        if waiting.address is not None:
            self._note_reach(life, waiting.address.key, event)

    def _note_reach(self, life: _Life, key: str, event: Event) -> None:
        """Whoever writes somewhere can be reached there again: of a new or newly private room nobody else tells."""
        if isinstance(event, ReachChanged):
            life.reach[key] = event.reachable
        elif isinstance(event, TextReceived | ButtonTapped | MediaReceived):
            stored = any(known.reachable for known in life.claim.addresses if known.address.key == key)
            if not life.reach.get(key, stored):
                life.reach[key] = True

    def _take(self, life: _Life, turn: Turn, origin: Address | None, cause: str = "") -> None:
        """Add a turn's effects to the member's life: all of them, or none where one cannot be written."""
        sends = sends_of(life.claim, origin, turn.messages, self.ids, self.now, cause)
        facts = _facts(turn, self.ids, self.now)
        life.member = turn.member
        life.erase = life.erase or turn.erase
        life.minor = life.minor if turn.minor is None else turn.minor
        life.cancelled |= turn.cancel
        for kind in turn.cancel:
            for key in [key for key in life.appointments if key[0] == kind]:
                del life.appointments[key]
        withdrawn = {kind.value for kind in turn.withdraw}
        life.withdrawn |= withdrawn
        life.sends = [send for send in life.sends if send.kind not in withdrawn] + sends
        life.facts.extend(facts)
        for made in turn.appointments:
            day, due = made.local_date.isoformat(), spread(micros(made.due), life.claim.member)
            life.appointments[made.kind, day] = NewAppointment(
                id=self.ids.next(self.now),
                kind=made.kind,
                local_date=day,
                due=due,
                nature=made.nature.value,
                wall=made.wall.isoformat("minutes") if made.wall else "",
            )

    def _trouble(self, life: _Life, lived: Lived, waiting: Waiting, error: Exception) -> None:
        log.warning(
            "a turn failed",
            extra={"action": "turn-failed", "event": waiting.id, "error": type(error).__name__},
            exc_info=_harmless(error),
        )
        if self.standby.is_urgent(waiting):
            self._help(life, lived, waiting, error)
            return
        if waiting.attempts + 1 < ATTEMPTS:
            lived.returned.append(waiting.id)
            return
        lived.set_aside.append((waiting.id, type(error).__name__))
        troubles = life.member.troubles + 1
        life.member = replace(life.member, troubles=troubles)
        life.sends.extend(self.standby.last_word(life.claim, waiting))
        if troubles >= TROUBLES_END_A_FLOW:
            self._end_flows(life, waiting)

    def _end_flows(self, life: _Life, waiting: Waiting) -> None:
        """What cannot go on ends by its own rule, as far as that rule still works."""
        first_id = self.ids.block(IDS_A_TURN, self.now)
        channel = waiting.address.channel if waiting.address else ""
        elsewhere = _elsewhere(life.claim, waiting.address)
        try:
            turn = end_flows(
                life.member, from_micros(self.now), self.kit, channel=channel, first_id=first_id, elsewhere=elsewhere
            )
            self._take(life, turn, waiting.address)
        except Exception as error:  # noqa: BLE001  a document that lets nothing be ended: its flows go all the same
            log.warning("flows were dropped", extra={"action": "flows-dropped", "error": type(error).__name__})
            life.sends.extend(self.standby.card(life.claim, waiting.address) if life.member.alarm else ())
            life.member = without_flows(life.member)
        life.member = replace(life.member, troubles=0)

    def _help(self, life: _Life, lived: Lived, waiting: Waiting, error: Exception) -> None:
        """A cry for help whose turn failed: again without what may have raised, else from static text, at once."""
        lock = self.standby.lock_of(waiting)
        if lock:
            try:
                self._apply_bare(life, waiting, self.standby.read(waiting))
            except Exception as again:  # noqa: BLE001  then help is static, and the member's row keeps the lock
                log.warning("an alarm failed", extra={"action": "alarm-failed", "error": type(again).__name__})
                life.owed = graver(life.owed, lock)
            else:
                life.done.append(waiting.id)
                lived.turns += 1
                return
        life.sends.extend(self.standby.card(life.claim, waiting.address))
        lived.set_aside.append((waiting.id, type(error).__name__))

    def _help_behind_erasure(self, life: _Life, behind: Sequence[Waiting]) -> None:
        """What was said since goes with the member, but what may be an alarm is answered, in each place once."""
        for address in dict.fromkeys(event.address for event in behind if self.standby.may_be_alarm(event)):
            life.sends.extend(self.standby.card(life.claim, address))


def _alarm_again(lock: str) -> TextReceived:
    """The words whose turn failed, as far as they are still known."""
    category = AlarmCategory.SUICIDAL if lock == AlarmLevel.CRISIS else AlarmCategory.OTHER
    return TextReceived(text="", alarm=Alarm(AlarmLevel(lock), category, Certainty.SURE, "owed"))


def _elsewhere(claim: Claim, origin: Address | None) -> tuple[str, ...]:
    """The channels of the member's other places; where nobody spoke, only if there are several."""
    channels = tuple(known.address.channel for known in claim.addresses if known.address != origin)
    return channels if origin or len(channels) > 1 else ()


def _facts(turn: Turn, ids: Ids, now: int) -> list[Fact]:
    return [
        Fact(
            id=ids.next(now),
            kind=dated.fact.kind,
            at=micros(dated.at),
            local_date=dated.day.isoformat(),
            body=dump_fact(dated.fact),
        )
        for dated in turn.facts
    ]


def spread(due: int, member: int) -> int:
    """What is booked for a time of day comes in the course of that minute, each member at a second of their own.

    Many choose eight o'clock; their clocks still show it. Beyond the minute it is the sender that spreads.
    """
    return due + crc32(str(member).encode()) % SPREAD_S * SECOND if due % MINUTE == 0 else due


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
        lock=graver(life.owed, member.known.lock.disposition if member.known.lock else ""),
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


def _behind_the_clearing(send: NewSend, now: int) -> NewSend:
    """What a page keeps is cleared right behind the transaction: a goodbye that was there by then would go as well."""
    if send.address.channel != "web":
        return send
    return replace(send, not_before=max(send.not_before, now + CLEARED_AFTER_US))


def _harmless(error: Exception) -> bool:
    """Tracebacks are logged for our own errors; ones that may quote what a person wrote are named only."""
    return not isinstance(error, ValueError | UnicodeError)
