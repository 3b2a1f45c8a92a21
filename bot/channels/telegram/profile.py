"""What Telegram shows of the bot: commands and descriptions, a set for each language."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats
from telegram.error import TelegramError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """In one language; `language` is empty for everybody else."""

    language: str
    commands: tuple[tuple[str, str], ...]
    description: str
    short: str


async def introduce(bot: Bot, profiles: Sequence[Profile]) -> None:
    """Tell Telegram, a language at once: nobody is heard before. A failure is logged only, yesterday's texts stay."""

    async def told(language: str, what: str, call: Callable[[], Awaitable[bool]]) -> None:
        try:
            await call()
        except TelegramError as error:
            kind = type(error).__name__
            log.warning(
                "the bot's profile was not set",
                extra={"action": "telegram-profile", "what": what, "lang": language, "error": kind},
            )

    for profile in profiles:
        await asyncio.gather(*(told(profile.language, what, call) for what, call in _calls(bot, profile)))


def _calls(bot: Bot, profile: Profile) -> list[tuple[str, Callable[[], Awaitable[bool]]]]:
    commands = [BotCommand(name, what) for name, what in profile.commands]
    scope = BotCommandScopeAllPrivateChats()
    language = profile.language or None
    return [
        ("commands", partial(bot.set_my_commands, commands, scope=scope, language_code=language)),
        ("description", partial(bot.set_my_description, profile.description, language_code=language)),
        ("short", partial(bot.set_my_short_description, profile.short, language_code=language)),
    ]
