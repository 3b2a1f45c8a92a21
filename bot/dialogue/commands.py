"""Commands and their names. Both languages always work, with or without the slash where a word stands alone."""

import re
from dataclasses import dataclass
from enum import StrEnum
from unicodedata import normalize


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
    ROUND = "round"
    LEARN = "learn"
    PAIN = "pain"
    EXERCISES = "exercises"
    PROGRESS = "progress"
    PAUSE = "pause"
    SETTINGS = "settings"
    WALK = "walk"
    STEPS = "steps"
    CONSENT = "consent"
    SUPPORT = "support"
    PROBLEM = "problem"
    REPORT = "report"
    TEST = "test"
    EXPORT = "export"
    LINK = "link"
    UNLINK = "unlink"
    PRACTICE = "practice"
    LIMITS = "limits"


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
    "loeschen": Command.ERASE, "erase": Command.ERASE, "löschen": Command.ERASE,
    "wissen": Command.LEARN, "learn": Command.LEARN,
    "gruppe": Command.GROUP, "group": Command.GROUP,
    "runde": Command.ROUND, "round": Command.ROUND,
    "vertippt": Command.MISTYPED, "mistyped": Command.MISTYPED,
    "neu": Command.NEWS, "new": Command.NEWS,
    "schub": Command.FLARE, "flare": Command.FLARE,
    "sprache": Command.LANGUAGE, "language": Command.LANGUAGE,
    "schmerz": Command.PAIN, "pain": Command.PAIN,
    "uebungen": Command.EXERCISES, "exercises": Command.EXERCISES, "übungen": Command.EXERCISES,
    "fortschritt": Command.PROGRESS, "progress": Command.PROGRESS,
    "pause": Command.PAUSE,
    "einstellungen": Command.SETTINGS, "settings": Command.SETTINGS,
    "gehen": Command.WALK, "walk": Command.WALK,
    "schritte": Command.STEPS, "steps": Command.STEPS,
    "einwilligung": Command.CONSENT, "consent": Command.CONSENT,
    "unterstuetzung": Command.SUPPORT, "support": Command.SUPPORT, "unterstützung": Command.SUPPORT,
    "problem": Command.PROBLEM,
    # doors beside an answer to unknown words
    "hurts": Command.FLARE, "news": Command.NEWS, "menu": Command.HELP, "menü": Command.HELP,
    "test": Command.TEST,
    "bericht": Command.REPORT, "report": Command.REPORT,
    "export": Command.EXPORT,
    "verbinden": Command.LINK, "link": Command.LINK,
    "praxis": Command.PRACTICE, "practice": Command.PRACTICE,
    "grenzen": Command.LIMITS, "limits": Command.LIMITS,
    "trennen": Command.UNLINK, "unlink": Command.UNLINK,
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

# In a group these are for its admins, so the platform is asked who is one.
GOVERNED = frozenset({Command.STOP, Command.GROUP})

# Names that are everyday words too: alone they may mean anything.
_EVERYDAY = frozenset({"start", "test", "link", "neu", "new", "news", "hurts"})

# What the platform shows as a menu; everything else stands under /hilfe and works typed.
MENU: dict[str, tuple[tuple[str, Command], ...]] = {
    "de": (
        ("heute", Command.TODAY), ("schmerz", Command.PAIN), ("fortschritt", Command.PROGRESS),
        ("pause", Command.PAUSE), ("einstellungen", Command.SETTINGS), ("hilfe", Command.HELP),
        ("notfall", Command.EMERGENCY),
    ),
    "en": (
        ("today", Command.TODAY), ("pain", Command.PAIN), ("progress", Command.PROGRESS),
        ("pause", Command.PAUSE), ("settings", Command.SETTINGS), ("help", Command.HELP),
        ("emergency", Command.EMERGENCY),
    ),
}  # fmt: skip

# The same things by what they are for, for /hilfe.
GROUPS: tuple[tuple[str, tuple[Command, ...]], ...] = (
    ("daily", (Command.TODAY, Command.PAIN, Command.EXERCISES, Command.WHY)),
    ("moving", (Command.WALK, Command.STEPS, Command.PROGRESS, Command.TEST, Command.GROUP, Command.ROUND)),
    ("trouble", (Command.FLARE, Command.NEWS, Command.REPORT, Command.SUPPORT, Command.LEARN)),
    ("practice", (Command.PRACTICE, Command.LIMITS)),
    ("coach", (Command.SETTINGS, Command.LANGUAGE, Command.PAUSE, Command.RESUME, Command.STOP, Command.PROBLEM)),
    ("data", (Command.PRIVACY, Command.CONSENT, Command.LINK, Command.UNLINK, Command.EXPORT, Command.ERASE)),
)


_SLASHED = re.compile(r"[/!]\s*(\w+)(?:@\w+)?(.*)", re.DOTALL)
_ENDS = " .!?,;:…\t\r\n"
_UNSEEN = "\ufeff\u200b\u200c\u200d\u200e\u200f\u2060\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_AROUND = f"{_UNSEEN} \t\r\n*_\"'„“”‚‘’«»"


def name_of(command: Command, language: str) -> str:
    """As members type it: the German name stands first in the list of names, the English one behind it."""
    names = [name for name, meant in NAMES.items() if meant is command]
    return names[0] if language == "de" else names[min(1, len(names) - 1)]


def read_command(typed: str) -> Called | None:
    """`/heute`, `!heute`, `/today@some_bot`, `/start code`; `None` when it is no command, unknown ones included.

    Whoever needs help types in haste: *notfall!* and a line of words below it are the command all the same.
    """
    words = normalize("NFKC", typed).strip(_AROUND)
    found = _SLASHED.fullmatch(words)
    if found is None:
        return _bare(words)
    command = NAMES.get(found[1].casefold())
    return None if command is None else Called(command, found[2].strip(_ENDS)[:64])


def _bare(words: str) -> Called | None:
    command = BARE.get(words.strip(_ENDS).casefold()) if len(words) < 20 else None
    return None if command is None else Called(command)


def read_name(typed: str) -> Called | None:
    """A message that is a command's name and nothing else, as people write it who know no slashes."""
    name = typed.strip(" .!?,").casefold()
    command = None if name in _EVERYDAY else NAMES.get(name)
    return None if command is None else Called(command)


def is_slashed(typed: str) -> bool:
    """Looks like a command, known or not."""
    return typed.strip()[:1] in {"/", "!"} and typed.strip()[1:2].isalpha()


def is_opt_out(typed: str) -> bool:
    return typed.strip(" ./!").casefold() in OPT_OUT
