"""Receiving: raw updates → arrivals → inbox, and only then the platform is told.

Polling: the next offset is written with the arrivals in one transaction and used only afterwards. One update that
cannot be read never holds up the others.
"""

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.channels.channel import Arrival, Intake, TokenRefusedError
from bot.channels.telegram.api import Api
from bot.channels.telegram.backlog import Backlog
from bot.channels.telegram.errors import seconds
from bot.channels.telegram.governing import Governing
from bot.channels.telegram.taps import Taps
from bot.channels.telegram.updates import (
    ALLOWED,
    arrivals_of,
    callback_id,
    damage_of,
    damaged,
    is_round_tap,
    update_number,
)
from bot.channels.wall_clock import now_us
from bot.dialogue.commands import GOVERNED, read_command
from bot.dialogue.events import TextReceived
from bot.dialogue.failures import StoreAwayError

log = logging.getLogger(__name__)

LONG_POLL_S = 30
FETCHED = 100  # at once: the most there are
OFFSET = "offset"
TROUBLE_S, CONFLICT_S = 30.0, 30.0  # the longest pauses
STORE_AWAY_S = 1.0  # always: calls for help are answered meanwhile, and must be fetched for it

T = TypeVar("T")


@dataclass(slots=True)
class Receiving:
    """Of one account."""

    api: Api
    account: str
    taps: Taps
    governing: Governing
    _failures: int = 0
    _offset: int | None = field(default=None)
    _backlog: Backlog = field(default_factory=lambda: Backlog(missed_at=now_us()))

    async def poll(self, intake: Intake) -> None:
        """Until cancelled. Raises `TokenRefusedError`."""
        while True:
            try:
                await self._round(intake)
            except InvalidToken:
                raise TokenRefusedError("Telegram no longer accepts the token") from None
            except StoreAwayError:
                await self._pause("telegram-store-away", "the database is away", STORE_AWAY_S)
            except Conflict:
                await self._pause("telegram-conflict", "another process polls with the same token", CONFLICT_S)
            except RetryAfter as error:
                await self._pause("telegram-flood", "Telegram asks to wait", TROUBLE_S, at_least=seconds(error))
            except TelegramError as error:
                await self._pause("telegram-unreachable", type(error).__name__, TROUBLE_S)

    async def _round(self, intake: Intake) -> None:
        offset = await self._position(intake)
        updates = await self._fetch(offset)
        following, now = _following(offset or 0, updates), now_us()
        await self._take_in(intake, updates, now, self._backlog.polled_s(now), cursor=(OFFSET, str(following)))
        if len(updates) < FETCHED:
            self._backlog.empty_at = now
        if updates and following == (offset or 0):
            await self._pause("telegram-unnumbered", "updates without a number", TROUBLE_S)
            return
        if updates:
            self._offset = following
        self._failures = 0

    async def _position(self, intake: Intake) -> int | None:
        """The saved offset. Without the store we ask from the first unconfirmed update: that confirms nothing."""
        if self._offset is None:
            try:
                saved = await intake.position(OFFSET)
            except StoreAwayError:
                return None
            self._offset = int(saved) if saved and saved.isdecimal() else 0
        return self._offset

    async def _fetch(self, offset: int | None) -> list[Any]:
        """Raw updates: the typed client would refuse a whole batch for one update it does not know."""
        values = {"offset": offset or None, "timeout": LONG_POLL_S, "limit": FETCHED, "allowed_updates": list(ALLOWED)}
        found = await self.api.call("getUpdates", values, read_s=LONG_POLL_S + 10)
        return found if isinstance(found, list) else []

    async def posted(self, intake: Intake | None, updates: Sequence[Any]) -> None:
        """From the webhook: Telegram keeps the position itself. Raises `StoreAwayError`."""
        now = now_us()
        waited = self._backlog.posted_s(now)
        try:
            if intake is None:
                raise StoreAwayError("not receiving yet")  # noqa: TRY301  the same as below for whoever brings it
            await self._take_in(intake, updates, now, waited, cursor=None)
        except StoreAwayError:
            self._backlog.missed_at = now
            raise

    async def _take_in(
        self, intake: Intake, updates: Sequence[Any], now: int, waited_s: int, *, cursor: tuple[str, str] | None
    ) -> None:
        """Write what came, and the next offset, in one transaction. Raises `StoreAwayError`."""
        if not updates:
            return
        arrivals: list[Arrival] = []
        for update in updates:
            if (tapped := callback_id(update)) is not None:
                (self.taps.hold if is_round_tap(update) else self.taps.answer)(tapped)
            if (damage := damage_of(update)) is not None:
                log.warning("an update was set aside", extra={"action": "update-set-aside", "kind": damage})
                arrivals += damaged(update, damage, self.account, now)
            arrivals += arrivals_of(update, self.account, now, waited_s)
        asking = [arrival for arrival in arrivals if _must_ask(arrival)]
        if asking:
            if others := [arrival for arrival in arrivals if not _must_ask(arrival)]:
                await _undivided(intake.receive(others))  # nobody else waits for Telegram's answer
            arrivals = await self.governing.known(asking)
        await _undivided(intake.receive(arrivals, cursor=cursor))

    async def _pause(self, action: str, why: str, longest: float, *, at_least: float = 1.0) -> None:
        self._failures += 1
        delay = max(at_least, min(longest, 2.0 ** min(self._failures - 1, 5)))
        if self._failures & (self._failures - 1) == 0:  # the first, second, fourth, eighth … in a row
            log.warning("receiving from Telegram pauses", extra={"action": action, "why": why, "s": delay})
        await asyncio.sleep(delay)


def _must_ask(arrival: Arrival) -> bool:
    """Whoever wants to end or change something in a group: whether they may. Asked for these commands only."""
    event = arrival.event
    if arrival.address.private or not isinstance(event, TextReceived) or event.governs:
        return False
    called = read_command(event.text)
    return called is not None and called.command in GOVERNED


def _following(offset: int, updates: Sequence[Any]) -> int:
    return max([offset, *(number + 1 for update in updates if (number := update_number(update)) is not None)])


async def _undivided(work: Coroutine[Any, Any, T]) -> T:
    """Being stopped must not cut a transaction in two: it is finished first."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise
