"""Commands and their names. Both languages always work, with or without the slash where a word stands alone."""

from dataclasses import dataclass
from enum import StrEnum


class Command(StrEnum):
    START = "start"
    TODAY = "today"
    HELP = "help"
    EMERGENCY = "emergency"
    STOP = "stop"
    RESUME = "resume"
    WHY = "why"
    PRIVACY = "privacy"
    ERASE = "erase"
    LANGUAGE = "language"
    MISTYPED = "mistyped"
    FLARE = "flare"
    NEWS = "news"
    GROUP = "group"
    LEARN = "learn"


@dataclass(frozen=True, slots=True)
class Called:
    """A command with what stood behind it, e.g. a start code."""

    command: Command
    argument: str = ""


NAMES: dict[str, Command] = {
    "start": Command.START,
    "heute": Command.TODAY, "today": Command.TODAY,
    "hilfe": Command.HELP, "help": Command.HELP,
    "notfall": Command.EMERGENCY, "emergency": Command.EMERGENCY,
    "stopp": Command.STOP, "stop": Command.STOP,
    "weiter": Command.RESUME, "resume": Command.RESUME,
    "warum": Command.WHY, "why": Command.WHY,
    "daten": Command.PRIVACY, "privacy": Command.PRIVACY,
    "loeschen": Command.ERASE, "löschen": Command.ERASE, "erase": Command.ERASE,
    "wissen": Command.LEARN, "learn": Command.LEARN,
    "gruppe": Command.GROUP, "group": Command.GROUP,
    "vertippt": Command.MISTYPED, "mistyped": Command.MISTYPED,
    "neu": Command.NEWS, "new": Command.NEWS,
    "schub": Command.FLARE, "flare": Command.FLARE,
    "sprache": Command.LANGUAGE, "language": Command.LANGUAGE,
}  # fmt: skip

# Alone in a message these are commands without a slash. "stopp" alone opts out of nothing yet: it asks what to stop.
BARE: dict[str, Command] = {
    "hilfe": Command.HELP, "help": Command.HELP,
    "notfall": Command.EMERGENCY, "emergency": Command.EMERGENCY,
    "stopp": Command.STOP, "stop": Command.STOP,
    "warum": Command.WHY, "why": Command.WHY,
}  # fmt: skip

# These end everything at once, without a question (EXPERIENCE, "Commands").
OPT_OUT = frozenset({"abmelden", "unsubscribe"})

MENU: dict[str, tuple[tuple[str, Command], ...]] = {
    "de": (
        ("heute", Command.TODAY), ("warum", Command.WHY), ("hilfe", Command.HELP),
        ("notfall", Command.EMERGENCY), ("stopp", Command.STOP), ("daten", Command.PRIVACY),
        ("loeschen", Command.ERASE),
    ),
    "en": (
        ("today", Command.TODAY), ("why", Command.WHY), ("help", Command.HELP),
        ("emergency", Command.EMERGENCY), ("stop", Command.STOP), ("privacy", Command.PRIVACY),
        ("erase", Command.ERASE),
    ),
}  # fmt: skip


def read_command(typed: str) -> Called | None:
    """`/heute`, `!heute`, `/today@some_bot`, `/start code`; `None` when it is no command, unknown ones included."""
    words = typed.strip()
    if not words or words[0] not in "/!":
        return _bare(words)
    name, _, argument = words[1:].partition(" ")
    command = NAMES.get(name.partition("@")[0].casefold())
    return None if command is None else Called(command, argument.strip()[:64])


def _bare(words: str) -> Called | None:
    command = BARE.get(words.strip(" .!?,").casefold()) if len(words) < 20 else None
    return None if command is None else Called(command)


def is_slashed(typed: str) -> bool:
    """Looks like a command, known or not."""
    return typed.strip()[:1] in {"/", "!"} and typed.strip()[1:2].isalpha()


def is_opt_out(typed: str) -> bool:
    return typed.strip(" ./!").casefold() in OPT_OUT
