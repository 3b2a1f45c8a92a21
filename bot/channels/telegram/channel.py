"""Telegram as a channel: one bot account, by polling or webhook."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from telegram import Bot
from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError

from bot.channels.channel import Delivery, Intake, Media, Pictures, Receipt, RetryLaterError, TokenRefusedError
from bot.channels.telegram import profile as profiles_of
from bot.channels.telegram.api import Api
from bot.channels.telegram.errors import seconds
from bot.channels.telegram.governing import Governing
from bot.channels.telegram.http import AiohttpRequest
from bot.channels.telegram.profile import Profile
from bot.channels.telegram.receiving import Receiving
from bot.channels.telegram.redact import guard_logs
from bot.channels.telegram.sending import Sending
from bot.channels.telegram.taps import Taps
from bot.channels.telegram.updates import ALLOWED, NAME
from bot.channels.telegram.uploads import Uploads

if TYPE_CHECKING:
    from bot.channels.telegram.webhook import Routes

__all__ = ["Profile", "TelegramChannel", "Webhook", "open_channel"]

log = logging.getLogger(__name__)

START_PAUSE_S = 30.0  # the longest
POLL_POOL = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Where Telegram reaches us, and how we know that it is Telegram."""

    url: str
    secret: str = field(repr=False)


class TelegramChannel:
    """Made by `open_channel`, which has asked Telegram who the bot is."""

    name = NAME

    def __init__(
        self, bot: Bot, sends: Api, polls: Api, *, pictures: Pictures, media: Media, webhook: Webhook | None
    ) -> None:
        self._bot = bot
        self.account = str(bot.id)
        self.username = bot.username
        self.hears_all = bool(bot.bot.can_read_all_group_messages)
        self._webhook = webhook
        self._taps = Taps(sends)
        self._sending = Sending(sends, Uploads(pictures, media), bot.username)
        self._receiving = Receiving(polls, self.account, self._taps, Governing(sends))
        self._intake: Intake | None = None

    def __repr__(self) -> str:
        return f"TelegramChannel({self.account})"

    def routes(self) -> "Routes":
        """The webhook's route; none when polling."""
        if self._webhook is None:
            return []
        from bot.channels.telegram.webhook import webhook_routes  # noqa: PLC0415  polling needs no server

        return webhook_routes(self._webhook, self._take_in)

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
        pause = 1.0
        while True:
            try:
                await self._claim()
            except InvalidToken:
                raise TokenRefusedError("Telegram no longer accepts the token") from None
            except TelegramError as error:
                wait = max(pause, seconds(error)) if isinstance(error, RetryAfter) else pause
                kind, refused = type(error).__name__, self._webhook is not None and isinstance(error, BadRequest)
                words = "Telegram refuses RUECKGRAT_TELEGRAM_WEBHOOK_URL" if refused else "receiving cannot start"
                log.warning(words, extra={"action": "telegram-start", "error": kind, "s": wait})
                await asyncio.sleep(wait)
                pause = min(2 * pause, START_PAUSE_S)
            else:
                return

    async def _claim(self) -> None:
        if self._webhook is None:
            await self._bot.delete_webhook()
            return
        await self._bot.set_webhook(self._webhook.url, secret_token=self._webhook.secret, allowed_updates=list(ALLOWED))

    async def _take_in(self, updates: list[Any]) -> None:
        await self._receiving.posted(self._intake, updates)

    async def send(self, delivery: Delivery) -> Receipt:
        return await self._sending.send(delivery)

    def answer_tap(self, query: str, words: str) -> None:
        self._taps.say(query, words)

    async def introduce(self, profiles: Sequence[Profile]) -> None:
        """Commands and descriptions per language. A failure is logged, never fatal."""
        await profiles_of.introduce(self._bot, profiles)

    async def aclose(self) -> None:
        await self._taps.aclose()
        await self._bot.shutdown()


async def open_channel(
    token: str, api_url: str, *, pictures: Pictures, media: Media, webhook: Webhook | None
) -> TelegramChannel:
    """Ask Telegram who the bot is. Raises `TokenRefusedError` or `RetryLaterError`."""
    guard_logs(token)
    sends, polls = AiohttpRequest(), AiohttpRequest(pool=POLL_POOL)
    base = f"{api_url.rstrip('/')}/bot{token}"
    try:
        bot = Bot(
            token,
            base_url=base.removesuffix(token),
            base_file_url=f"{api_url.rstrip('/')}/file/bot",
            request=sends,
            get_updates_request=polls,
        )
        await bot.initialize()
    except TelegramError as error:
        await sends.shutdown()
        await polls.shutdown()
        if isinstance(error, InvalidToken):
            raise TokenRefusedError("RUECKGRAT_TELEGRAM_TOKEN: Telegram does not accept it") from None
        raise RetryLaterError(5.0, whole_platform=True) from None
    if bot.bot.can_read_all_group_messages:
        log.warning("turn the bot's privacy mode on (@BotFather, /setprivacy): every round's card says that it is off")
    return TelegramChannel(bot, Api(base, sends), Api(base, polls), pictures=pictures, media=media, webhook=webhook)
