"""Before the database is there: it is waited for, and whoever needs help meanwhile gets it from static text.

On Telegram calls for help are answered, polled or by webhook, and nothing is confirmed, so that all comes again. On
Matrix those are heard that come from now on: our place in the sync stands in the database, and stays there, so that all
comes again as well. The web page says whom to call.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

from bot.channels.channel import Channel, RetryLaterError, TokenRefusedError
from bot.channels.telegram.channel import TelegramChannel, open_channel
from bot.channels.telegram.webhook import Routes
from bot.channels.web.app import waiting_app
from bot.dialogue.events import Arrival
from bot.dialogue.failures import StoreAwayError
from bot.runtime.failures import DatabaseAwayError, HomeserverAwayError
from bot.runtime.http import Front, health_routes
from bot.runtime.intake import StoreIntake
from bot.runtime.kitting import Kitted
from bot.runtime.leadership import AlreadyRunningError
from bot.runtime.members import open_store
from bot.runtime.pictures import DrawnPictures, open_pictures
from bot.runtime.serving import DEFAULT_PORT, web_settings
from bot.runtime.telegram import NoMedia, webhook_of
from bot.settings import Settings
from bot.store.engine import Database
from bot.store.intake import Position
from bot.store.store import Store

log = logging.getLogger(__name__)

BACK_OFF_S = (1.0, 2.0, 5.0)


class AbsentStore(Store):
    """A database that is not there yet: whatever is asked of it, the answer is that it is away."""

    async def receive(
        self,
        arrivals: Sequence[Arrival],  # noqa: ARG002  nothing is written
        *,
        cursor: Position | None = None,  # noqa: ARG002  see above
        now: int,  # noqa: ARG002  see above
    ) -> int:
        raise StoreAwayError("not there yet")

    async def position(self, channel: str, account: str, name: str) -> str | None:  # noqa: ARG002  nothing is known
        raise StoreAwayError("not there yet")


class FromNowOn(AbsentStore):
    """For Matrix, whose first sync tells rooms and waiting keys, and no messages: what is said after it is heard."""

    async def position(self, channel: str, account: str, name: str) -> str | None:  # noqa: ARG002  nothing is known
        return None


async def open_when_there(settings: Settings, kitted: Kitted, roles: frozenset[str], now: Callable[[], int]) -> Store:
    """A server's database. Raises `CannotStartError` for what waiting does not mend, such as a wrong address."""
    with suppress(DatabaseAwayError):
        return await open_store(settings)
    async with _help(settings, kitted, roles, now):
        failures = 0
        while True:
            delay = _delay(failures)
            log.warning("the database cannot be reached, waiting", extra={"action": "start-store-away", "s": delay})
            await asyncio.sleep(delay)
            failures += 1
            with suppress(DatabaseAwayError):
                return await open_store(settings)


@asynccontextmanager
async def _help(
    settings: Settings, kitted: Kitted, roles: frozenset[str], now: Callable[[], int]
) -> AsyncIterator[None]:
    """Meanwhile calls for help are answered."""
    front = _front(settings, roles)
    serving: list[asyncio.Task[None]] = []

    def serve(routes: Routes) -> None:
        """The front can be told its routes only once."""
        if front is not None:
            app = waiting_app(web_settings(settings, kitted, front.port), extra_routes=[*_health(), *routes])
            serving.append(asyncio.create_task(front.serve(app), name="http while waiting"))

    listeners: list[Coroutine[Any, Any, None]] = []
    if settings.telegram_token is not None and "telegram" in roles:
        listeners.append(_on_telegram(settings, kitted, now, serve))
    else:
        serve([])
    if settings.has_matrix and "matrix" in roles:
        listeners.append(_on_matrix(settings, kitted, now))
    listening = [asyncio.create_task(each, name="help while waiting") for each in listeners]
    try:
        yield
    finally:
        for task in listening:
            task.cancel()
        await asyncio.gather(*listening, return_exceptions=True)
        if front is not None:
            await front.stop()
            await asyncio.gather(*serving, return_exceptions=True)
            front.close()


def _front(settings: Settings, roles: frozenset[str]) -> Front | None:
    wants_web = settings.serves_web and "web" in roles
    wants_webhook = webhook_of(settings) is not None and "telegram" in roles
    port = DEFAULT_PORT if settings.web_port is None else settings.web_port
    return Front(settings.web_host, port) if wants_web or wants_webhook else None


def _health() -> Routes:
    async def missing() -> list[str]:
        return ["database"]

    return health_routes(missing)


async def _on_telegram(
    settings: Settings, kitted: Kitted, now: Callable[[], int], serve: Callable[[Routes], None]
) -> None:
    """Until cancelled; what was read is not confirmed, so it comes again as soon as it can be written down."""
    pictures, store = open_pictures(settings, settings.cache), AbsentStore(_database(settings))
    try:
        channel = await _channel(settings, pictures)
        serve(channel.routes())
        await _listen(channel, store, kitted, now)
    except TokenRefusedError:
        log.warning("the platform refuses the token", extra={"action": "token-refused"})  # the start will say so
        serve([])
    finally:
        await pictures.aclose()
        await store.aclose()


async def _on_matrix(settings: Settings, kitted: Kitted, now: Callable[[], int]) -> None:
    """Until cancelled. Rooms are neither entered nor left: that waits until it can be written down.

    The keys that come meanwhile stand in their own folder, so what is told again can be read then.
    """
    from bot.runtime.matrix import open_matrix, take_keys  # noqa: PLC0415  encryption takes memory and time to load

    pictures, store = open_pictures(settings, settings.cache), FromNowOn(_database(settings))
    try:
        while True:
            with suppress(HomeserverAwayError, AlreadyRunningError):
                lock = await take_keys(settings)
                try:
                    await _listen(await open_matrix(settings, kitted, store, pictures, now), store, kitted, now)
                finally:
                    lock.release()
    except TokenRefusedError:
        log.warning("the platform refuses the token", extra={"action": "token-refused"})  # the start will say so
    finally:
        await pictures.aclose()
        await store.aclose()


def _database(settings: Settings) -> Database:
    return Database.at(settings.database_url.get_secret_value())


async def _listen(channel: Channel, store: Store, kitted: Kitted, now: Callable[[], int]) -> None:
    """Until cancelled; closes the channel."""
    intake = StoreIntake(
        store=store,
        channel=channel,
        detector=kitted.detector,
        static_help=kitted.static_help,
        now=now,
        on_received=lambda: None,
    )
    try:
        await channel.receive(intake)
    finally:
        await channel.aclose()


async def _channel(settings: Settings, pictures: DrawnPictures) -> TelegramChannel:
    assert settings.telegram_token is not None  # noqa: S101  the caller has looked
    token = settings.telegram_token.get_secret_value()
    failures = 0
    while True:
        try:
            return await open_channel(
                token, settings.telegram_api_url, pictures=pictures, media=NoMedia(), webhook=webhook_of(settings)
            )
        except RetryLaterError:
            await asyncio.sleep(_delay(failures))
            failures += 1


def _delay(failures: int) -> float:
    return BACK_OFF_S[min(failures, len(BACK_OFF_S) - 1)]
