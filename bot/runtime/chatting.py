"""`rueckgrat chat`: one conversation in this terminal."""

import os
import sys
from uuid import uuid4

from bot.channels.console import ConsoleChannel
from bot.runtime.failures import CannotStartError
from bot.runtime.lifecycle import Coach, open_coach
from bot.runtime.logs import set_up_logging
from bot.settings import Settings

ROLES = frozenset({"worker", "clock"})


async def chat(settings: Settings, *, language: str | None) -> int:
    """The coach in this terminal, on the same database; ends with the input. Returns the exit code."""
    set_up_logging("ERROR")
    alone = settings.model_copy(update={"telegram_token": None, "matrix_homeserver": None, "web_port": None})
    try:
        coach = await open_coach(alone, ROLES)
    except CannotStartError as error:
        print(error, file=sys.stderr)  # noqa: T201  the operator's one line
        return 1
    console = ConsoleChannel.of_process(
        run=uuid4().hex,
        language=language or settings.default_locale,
        emergency_text=coach.kitted.static_help,
        names_emergency=coach.kitted.calls_for_help,
        environment=os.environ,
    )
    await talk(coach, console)
    return 0


async def talk(coach: Coach, console: ConsoleChannel) -> None:
    """One conversation on this console, from the start of the coach to its stop; ends with the input."""
    coach.opened.channels.append(console)
    try:
        await coach.start(ROLES)
        await coach.until_input_ends(console)
    finally:
        await coach.stop()
