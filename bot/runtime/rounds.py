"""Moving together, kept going: cards are written when somebody moved, the day changed or a week is over.

Pace: a card is edited at most every four seconds after its last edit has left; so a rush of taps costs one edit, and
the last tap is shown by the next.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.coach.challenge import WEEK, active_day_of, carry, score
from bot.dialogue import rounds as words
from bot.dialogue.events import Address
from bot.dialogue.failures import StoreAwayError
from bot.dialogue.kit import Kit
from bot.dialogue.messages import OF_ITSELF, Button, Kind, Message, Picture, Priority
from bot.dialogue.moment import from_micros, micros
from bot.dialogue.round_pictures import way_picture
from bot.dialogue.rounds import RoundView, Showing
from bot.dialogue.wire import encode
from bot.library.catalog import Catalog
from bot.runtime.metrics import Metrics
from bot.runtime.timer import MonotonicTimer, Timer
from bot.runtime.wishes import plan_of
from bot.store.desk import RoundDesk
from bot.store.ids import Ids
from bot.store.round_rooms import LEFT, DueRoom, StoredRound
from bot.store.round_sums import Tally
from bot.store.rows import NewSend
from bot.store.store import Store

log = logging.getLogger(__name__)

TICK_S = 1.0
AT_ONCE = 10  # rooms in one transaction: an answer to somebody may be waiting for it to end
CARD_LIVES_US = 24 * 3600 * 1_000_000
PRIVATE_WAITING = 100  # private cards that may wait to leave: a group's card stands behind no more of them
FAILED_US = 10 * 60 * 1_000_000  # a card that could not be written is tried again after this
JUMPED_US = 3600 * 1_000_000  # a post that waits for the clock to be trusted is looked at again after this
BUSY_US = 1_000_000  # a card whose last edit has not left is looked at again after this
BOT = ""  # the person of a group's own messages
HEARS_ALL = "matrix"


@dataclass(slots=True)
class RoundKeeper:
    """One loop for all rounds. `on_written` wakes the senders."""

    store: Store
    kit: Kit
    now: Callable[[], int]
    metrics: Metrics
    on_written: Callable[[], None]
    timer: Timer = field(default_factory=MonotonicTimer)
    _stopped: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Until stopped; what fails comes again."""
        while not self._stopped.is_set():
            try:
                await self.tick()
            except StoreAwayError:
                self.metrics.count("rounds_store_away")
            except Exception:
                self.metrics.count("rounds_failed")
                log.exception("a round's card failed", extra={"action": "rounds-failed"})
            await self.timer.wait(self._stopped, TICK_S)

    def stop(self) -> None:
        self._stopped.set()

    async def tick(self) -> int:
        """Write the cards that are due; how many rooms were looked at.

        A round is counted once a transaction, however many rooms show it, and no longer known in the next one: a tap
        that came in between must be seen.
        """
        now, looked = self.now(), 0
        while True:
            async with self.store.rounds(now) as desk:
                due = await desk.due(AT_ONCE, PRIVATE_WAITING)
                shown = await self._without_jumps(desk, due, now)
                views: dict[int, RoundView] = {}
                sums = await desk.tallies({room.round.id for room in shown if not room.waits})
                for room in shown:
                    await self._show_alone(desk, room, now, sums, views)
            if due:
                self.on_written()
            looked += len(due)
            if len(due) < AT_ONCE:
                return looked

    async def _without_jumps(self, desk: RoundDesk, due: list[DueRoom], now: int) -> list[DueRoom]:
        """A clock that has jumped brings no week's post and ends no round, for a day: that cannot be taken back."""
        if not due or await desk.trusts_clock():
            return due
        telling = {room.id for room in due if _tells(room, now)}
        for number in telling:
            await desk.put_off(number, now + JUMPED_US)
        return [room for room in due if room.id not in telling]

    async def _show_alone(
        self, desk: RoundDesk, room: DueRoom, now: int, sums: dict[int, Tally], views: dict[int, RoundView]
    ) -> None:
        """A card that cannot be written waits, and holds up no other."""
        if room.waits:
            await desk.put_off(room.id, now + BUSY_US)
            return
        try:
            if room.round.id not in views:
                async with desk.apart():
                    views[room.round.id] = await self._view(desk, room.round, sums[room.round.id], from_micros(now))
            async with desk.apart():
                await self._show(desk, room, views[room.round.id], now)
        except StoreAwayError:
            raise
        except Exception as error:  # noqa: BLE001  one round's trouble must not reach the others
            self.metrics.count("round_cards_failed")
            log.error("a card failed", extra={"action": "card-failed", "room": room.id, "error": type(error).__name__})  # noqa: TRY400  a traceback could hold a name
            await desk.put_off(room.id, now + FAILED_US)

    async def _show(self, desk: RoundDesk, room: DueRoom, view: RoundView, now: int) -> None:
        moment, found, week = from_micros(now), room.round, view.week
        quiet = bool(room.person) and await desk.is_covered(found.id, room.person, view.today.isoformat())
        beside = bool(room.person) and await desk.reads_along(found.id, room.person)
        own = bool(room.person) and await desk.has_moved(found.id, room.person, view.today.isoformat())
        catalog = self.kit.catalogs[room.language]
        writing = _Writing(room=room, view=view, catalog=catalog, ids=self.store.ids, now=now, beside=beside, own=own)
        is_over = bool(found.settled) or week > found.weeks
        if is_over or room.week == LEFT:
            sends = [] if quiet and room.week != LEFT else writing.last()
            if week > found.weeks and room.week != LEFT and await self._leads(desk, room):
                sends.append(writing.again())
            await desk.show(room, sends, card=room.card, week=room.week, due=0)
            if is_over:
                await desk.settle(found.id, found.name)
            return
        again = micros(words.look_again(moment, found.zone, self.kit.library.thresholds.challenge))
        if quiet:
            await desk.put_off(room.id, again)
            return
        sends = writing.card(week)
        await desk.show(room, sends, card=sends[-1].id, week=week, due=again)

    async def _leads(self, desk: RoundDesk, room: DueRoom) -> bool:
        """A guest who started the round hears here how it can go on; a member hears it in a turn of their own."""
        return bool(room.person) and await desk.is_lone_host(room.round.id, room.person)

    async def _view(self, desk: RoundDesk, found: StoredRound, counted: Tally, moment: datetime) -> RoundView:
        rules, plan = self.kit.library.thresholds.challenge, plan_of(found)
        week = words.posted_week(plan, moment, found.zone)
        today = active_day_of(moment, found.zone, rules)
        active = {date.fromisoformat(day): count for day, count in counted.active.items()}
        carried = dict(counted.carried)
        for over in range(1, min(week, plan.weeks + 1)):
            if over not in carried:
                carried[over] = await self._carry(desk, found, over, active)
        # A sum that was told and is no more would say that somebody left; of fewer than three it would name somebody.
        left = min(1, counted.left) if counted.is_told else 0
        people, movers = counted.people + left, counted.movers + left
        reached = score(plan, active, carried, people=people, movers=movers, today=today, rules=rules)
        if reached.is_told is not counted.is_told:
            await desk.tell(found.id, is_told=reached.is_told)
        return RoundView(
            id=found.id, name=found.name, plan=plan, score=reached, today=today, week=week, names=counted.names
        )

    async def _carry(self, desk: RoundDesk, found: StoredRound, week: int, active: dict[date, int]) -> int:
        """At the week's turn its missed days are made up for; who comes or goes later changes nothing of it."""
        first = date.fromisoformat(found.begins) + timedelta(days=WEEK * (week - 1))
        days = [first + timedelta(days=offset) for offset in range(WEEK)]
        own = await desk.own_days(found.id, days[0].isoformat(), days[-1].isoformat())
        carried = carry([active.get(day, 0) for day in days], own, self.kit.library.thresholds.challenge)
        await desk.carry(found.id, week, carried)
        return carried


def _tells(room: DueRoom, now: int) -> bool:
    """Whether a week's post or the closing comes next, by this clock."""
    found = room.round
    if found.settled or room.week == LEFT:
        return False
    try:
        week = words.posted_week(plan_of(found), from_micros(now), found.zone)
    except Exception:  # noqa: BLE001  whatever is wrong with a round: showing it will say so
        return False
    return week > (max(1, room.week) if room.card else found.weeks)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Writing:
    """Messages for one room. `beside`: a private card of somebody who sees the round's posts in a group.

    `own`: the person of a private card has moved today.
    """

    room: DueRoom
    view: RoundView
    catalog: Catalog
    ids: Ids
    now: int
    beside: bool = False
    own: bool = False

    @property
    def _showing(self) -> Showing:
        if self.room.person:
            return Showing.PRIVATE
        if self.room.channel == HEARS_ALL:
            return Showing.OPEN
        return Showing.HEARS if self.room.hears else Showing.GROUP

    def card(self, week: int) -> list[NewSend]:
        """The card, edited in its week; a new week gets its line and a card of its own. The card comes last."""
        text, buttons = words.card(self.view, self.catalog, self._showing, own=self.own)
        if self.room.card and (self.room.week == week or self.beside):
            return [self._send(text, buttons, replaces=self.room.card, pin=not self.room.shown)]
        before: list[NewSend] = []
        if self.room.card and week > 1:
            over = week - 1  # after an outage of weeks, only the last one
            picture = way_picture(self.view, over, self.catalog)
            told = words.week_over(self.view, over, self.catalog)
            before = [self._old_card(), self._send(told, picture=picture, post=f"week {over}")]
        elif self.room.card:  # the card of the days before the beginning
            return [self._send(text, buttons, replaces=self.room.card)]
        return [*before, self._send(text, buttons, pin=True, post=f"card {week}")]

    def last(self) -> list[NewSend]:
        """The closing post; to whoever left alone, one line in place of their card."""
        if self.room.person and self.room.week == LEFT:
            gone = words.left_card(self.catalog)
            return [self._send(gone, replaces=self.room.card, only_edit=True, unpin=True)] if self.room.card else []
        if self.beside:
            return [self._old_card()] if self.room.card else []
        before = [self._old_card()] if self.room.card else []
        picture = way_picture(self.view, self.view.plan.weeks, self.catalog)
        return [*before, self._send(words.closing(self.view, self.catalog, self._showing), picture=picture, post="end")]

    def again(self) -> NewSend:
        """For whoever started it: one tap, and it goes on."""
        text, buttons = words.again(self.room.round.id, self.room.round.name, self.catalog)
        return self._send(text, buttons, post="again")

    def _old_card(self) -> NewSend:
        text = words.old_card(self.view, max(1, self.room.week), self.catalog)
        return self._send(text, replaces=self.room.card, only_edit=True, unpin=True)

    def _send(
        self,
        text: str,
        buttons: tuple[tuple[Button, ...], ...] = (),
        *,
        replaces: int | None = None,
        only_edit: bool = False,
        pin: bool = False,
        unpin: bool = False,
        picture: Picture | None = None,
        post: str = "",
    ) -> NewSend:
        """`post`: which of the round's own posts it is, so that a restored backup does not show it twice."""
        message = Message(
            id=self.ids.next(self.now),
            text=text,
            buttons=buttons,
            picture=picture,
            priority=Priority.GROUP,
            kind=Kind.CHALLENGE,
            replaces=replaces,
            only_edit=only_edit,
            silent=True,
            pin=pin,
            unpin=unpin,
            reactions=bool(buttons),
            cause=f"{OF_ITSELF}round {self.room.round.id} {self.room.id} {post}" if post else "",
        )
        person = self.room.person.rpartition("\n")[2] or BOT
        where = Address(self.room.channel, self.room.account, person, self.room.room, private=bool(self.room.person))
        return NewSend(
            id=message.id,
            address=where,
            priority=int(message.priority),
            kind=message.kind.value,
            body=encode(message),
            expires=self.now + CARD_LIVES_US,
            replaces=replaces,
            only_edit=only_edit,
            repeat=True,
            silent=True,
        )
