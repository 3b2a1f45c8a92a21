"""Telegram as a channel: one bot account, by polling or webhook."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from starlette.routing import Route
from telegram import BotCommand, BotCommandScopeAllPrivateChats
from telegram.error import EndPointNotFound, InvalidToken, TelegramError

from bot.channels.channel import Delivery, Intake, Media, Pictures, Receipt, RetryLaterError, TokenRefusedError
from bot.channels.botapi.http import AiohttpRequest
from bot.channels.botapi.receiving import RawBot, Receiving, webhook_route
from bot.channels.botapi.sending import Sending
from bot.channels.botapi.updates import ALLOWED, NAME
from bot.dialogue.failures import StoreAwayError

log = logging.getLogger(__name__)

HOOK_PATH = "/telegram"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What Telegram shows of the bot in one language; `language` is empty for everybody else."""

    language: str
    commands: tuple[tuple[str, str], ...]
    description: str
    short: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    url: str
    secret: str


class TelegramChannel:
    """Made by `open_channel`, which has asked Telegram who the bot is."""

    name = NAME

    def __init__(self, bot: RawBot, *, pictures: Pictures, media: Media, webhook: Webhook | None) -> None:
        self._bot = bot
        self.account = str(bot.id)
        self.username = bot.username
        self._webhook = webhook
        self._sending = Sending(bot=bot, pictures=pictures, media=media)
        self._receiving = Receiving(bot=bot, account=self.account, acknowledge=self.acknowledge)
        self._intake: Intake | None = None
        self._background: set[asyncio.Task[None]] = set()

    def __repr__(self) -> str:
        return f"TelegramChannel({self.account})"

    def routes(self) -> Sequence[Route]:
        """The webhook's route; none when polling."""
        if self._webhook is None:
            return []
        path = urlsplit(self._webhook.url).path or HOOK_PATH
        return [webhook_route(path, self._webhook.secret, self._take_in)]

    async def receive(self, intake: Intake) -> None:
        """Until cancelled. Raises `TokenRefusedError`."""
        self._intake = intake
        try:
            await self._point_telegram_here()
            if self._webhook is None:
                await self._receiving.poll(intake)
            await asyncio.Event().wait()
        finally:
            self._intake = None

    async def _point_telegram_here(self) -> None:
        """Webhook or polling, whichever is set; the other one ends."""
        while True:
            try:
                if self._webhook is None:
                    await self._bot.delete_webhook()
                else:
                    await self._bot.set_webhook(
                        self._webhook.url, secret_token=self._webhook.secret, allowed_updates=list(ALLOWED)
                    )
            except (InvalidToken, EndPointNotFound):
                raise TokenRefusedError("Telegram no longer accepts the token") from None
            except TelegramError as error:
                log.warning(
                    "Telegram is not reached", extra={"action": "telegram-start", "error": type(error).__name__}
                )
                await asyncio.sleep(5)
            else:
                return

    async def _take_in(self, updates: list[Any]) -> None:
        if self._intake is None:
            raise StoreAwayError("not receiving yet")
        await self._receiving.take_in(self._intake, updates, 0)

    async def send(self, delivery: Delivery) -> Receipt:
        return await self._sending.send(delivery)

    def acknowledge(self, query: str) -> None:
        """Answer a tap at once and in the background; a query that is too old no longer matters."""
        task = asyncio.create_task(self._acknowledged(query))
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def _acknowledged(self, query: str) -> None:
        try:
            await self._bot.answer_callback_query(query)
        except TelegramError as error:
            log.debug("a tap was not acknowledged", extra={"action": "ack", "error": type(error).__name__})

    async def introduce(self, profiles: Sequence[Profile]) -> None:
        """Commands and descriptions per language. A failure is logged, never fatal."""
        try:
            for profile in profiles:
                language = profile.language or None
                commands = [BotCommand(name, what) for name, what in profile.commands]
                scope = BotCommandScopeAllPrivateChats()
                await self._bot.set_my_commands(commands, scope=scope, language_code=language)
                await self._bot.set_my_description(profile.description, language_code=language)
                await self._bot.set_my_short_description(profile.short, language_code=language)
        except TelegramError as error:
            log.warning("commands not registered", extra={"action": "telegram-profile", "error": type(error).__name__})

    async def aclose(self) -> None:
        for task in self._background:
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        await self._bot.shutdown()


async def open_channel(
    token: str, api_url: str, *, pictures: Pictures, media: Media, webhook: Webhook | None
) -> TelegramChannel:
    """Ask Telegram who the bot is. Raises `TokenRefusedError` or `RetryLaterError`."""
    requests = AiohttpRequest(), AiohttpRequest(pool=2)
    bot = RawBot(
        token,
        base_url=f"{api_url}/bot",
        base_file_url=f"{api_url}/file/bot",
        request=requests[0],
        get_updates_request=requests[1],
    )
    try:
        await bot.initialize()
    except TelegramError as error:
        for request in requests:
            await request.shutdown()
        if isinstance(error, InvalidToken | EndPointNotFound):
            raise TokenRefusedError("RUECKGRAT_TELEGRAM_TOKEN: Telegram does not accept it") from None
        raise RetryLaterError(5.0, whole_platform=True) from None
    return TelegramChannel(bot, pictures=pictures, media=media, webhook=webhook)
