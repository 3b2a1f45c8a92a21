"""Opens the Telegram account: who the bot is, that it is yesterday's, and what Telegram shows of it."""

import asyncio
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.channels.channel import RetryLaterError
from bot.channels.telegram.channel import Profile, TelegramChannel, Webhook, open_channel
from bot.channels.wall_clock import now_us
from bot.dialogue.commands import MENU
from bot.dialogue.events import Address
from bot.runtime.doors import OTHER_BOT, bot_name
from bot.runtime.failures import AnotherBotError, TelegramAwayError
from bot.runtime.kitting import Kitted
from bot.runtime.media import StoredMedia
from bot.runtime.pictures import DrawnPictures, open_pictures
from bot.settings import Settings
from bot.store.store import Store

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

log = logging.getLogger(__name__)

TRIES = 6
WEBHOOK_PATH = "/telegram"  # of an address without one: there the web chat may stand


async def open_telegram(
    settings: Settings, kitted: Kitted, store: Store, pictures: DrawnPictures, *, new_bot: bool
) -> "tuple[TelegramChannel, Sequence[BaseRoute]]":
    """Raises `TokenRefusedError`, `AnotherBotError`, or `TelegramAwayError` when Telegram is not reached at all."""
    channel = await _opened(settings, store, pictures)
    try:
        await _same_bot(store, channel.account, new_bot=new_bot)
        if channel.username != await bot_name(store):
            await store.receive([], cursor=("telegram", OTHER_BOT, "name", channel.username), now=now_us())
        async with store.rounds(now_us()) as desk:
            everywhere = Address(channel.name, channel.account, "", "", private=False)
            await desk.note_hearing(everywhere, hears=channel.hears_all)
        await channel.introduce(profiles(kitted))
    except BaseException:
        await channel.aclose()
        raise
    return channel, channel.routes()


async def _opened(settings: Settings, store: Store, pictures: DrawnPictures) -> TelegramChannel:
    assert settings.telegram_token is not None  # noqa: S101  the caller has looked
    media = StoredMedia(store)
    webhook = webhook_of(settings)
    for attempt in range(TRIES):
        try:
            channel = await open_channel(
                settings.telegram_token.get_secret_value(),
                settings.telegram_api_url,
                pictures=pictures,
                media=media,
                webhook=webhook,
            )
        except RetryLaterError:
            log.warning("RUECKGRAT_TELEGRAM_API_URL does not answer, trying again", extra={"action": "telegram-start"})
            await asyncio.sleep(2.0**attempt)
        else:
            media.account = channel.account
            return channel
    raise TelegramAwayError("RUECKGRAT_TELEGRAM_API_URL does not answer")


def webhook_of(settings: Settings) -> Webhook | None:
    """None: Telegram is polled."""
    secret = settings.telegram_webhook_secret
    if not settings.telegram_webhook_url or not secret:
        return None
    url = settings.telegram_webhook_url
    return Webhook(url=url if urlsplit(url).path else url + WEBHOOK_PATH, secret=secret.get_secret_value())


async def _same_bot(store: Store, account: str, *, new_bot: bool) -> None:
    """Another bot cannot write to yesterday's members: starting it by mistake would lose them silently."""
    known = await store.position("telegram", OTHER_BOT, "bot")
    if known is not None and known != account and not new_bot:
        raise AnotherBotError(
            f"RUECKGRAT_TELEGRAM_TOKEN belongs to bot {account}, but the members here know bot {known}; "
            "start with --new-bot if that is meant"
        )
    if known != account:
        await store.receive([], cursor=("telegram", OTHER_BOT, "bot", account), now=now_us())


def profiles(kitted: Kitted) -> list[Profile]:
    """Per language; English is shown to everybody else."""
    found = []
    for language, shown_to in (("de", "de"), ("en", "en"), ("en", "")):
        catalog = kitted.kit.catalogs[language]
        commands = tuple((name, catalog.text(f"command/{command.value}")) for name, command in MENU[language])
        found.append(
            Profile(
                language=shown_to,
                commands=commands,
                description=catalog.text("profile/description"),
                short=catalog.text("profile/short"),
            )
        )
    return found


async def who_is_the_bot(settings: Settings) -> str:
    """The bot's user name, for the doctor."""
    assert settings.telegram_token is not None  # noqa: S101  the caller has looked
    pictures = open_pictures(settings, settings.cache)
    channel = await open_channel(
        settings.telegram_token.get_secret_value(),
        settings.telegram_api_url,
        pictures=pictures,
        media=NoMedia(),
        webhook=None,
    )
    await channel.aclose()
    await pictures.aclose()
    return channel.username


class NoMedia:
    """Nothing is sent, so nothing is remembered."""

    async def find(self, digest: str, kind: str) -> str | None:  # noqa: ARG002  there is nothing to find
        return None

    async def remember(self, digest: str, kind: str, remote: str) -> None: ...

    async def forget(self, digest: str, kind: str) -> None: ...
