"""What may stand in a group at all: the texts of rounds, filled with sums, dates and names that people chose to show.

A line that is none of these says something it must not, whatever it is: pain, an exercise, a level, somebody's absence.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from bot.dialogue.commanding import emergency_card
from bot.dialogue.kit import numbers_of
from bot.dialogue.round_questions import Name
from bot.dialogue.rounds import DAY_SIGNS, JOIN_SIGN, LEAVE_SIGN, UNDO_SIGN
from bot.library.catalog import LANGUAGES, Catalog
from tests.dialogue.room import the_kit

_LINES = (
    *(
        "card-invite",
        "card-rules",
        "card-foot-invite",
        "card-head",
        "card-today",
        "card-sums",
        "card-few",
        "card-names",
        "card-foot",
    ),
    "card-foot-private",
    "card-names-more",
    *(
        "card-reads-group",
        "card-reads-hears",
        "card-reads-open",
        "card-old",
        "week-over",
        "week-few",
        "over",
        "over-reached",
        "over-few",
    ),
    "over-stays",
    *("entered", "cannot-bring", "leave-done"),
)
_BUTTONS = ("moved", "undo", "leave", "join")
_NUMBERS = ("week", "weeks", "days", "today", "total", "goal", "day", "month")
_SLOT = "\ue000{}\ue001"  # of no text


def wrong_lines(texts: Iterable[str], shown: Iterable[str] = ()) -> list[str]:
    """The lines that may not stand in a group. `shown`: the names that people chose to have there."""
    allowed, names = _allowed(), set(shown)
    return [line for text in texts for line in text.split("\n") if line and not _may_stand(line, allowed, names)]


def _may_stand(line: str, allowed: re.Pattern[str], names: set[str]) -> bool:
    found = allowed.fullmatch(line.replace("**", "").strip())
    if found is None:
        return False
    told = [group for group in found.groups() if group]
    return not told or set(told[0].split(", ")) <= names


def _alts(catalog: Catalog, slots: dict[str, str]) -> list[str]:
    """What the pictures of weeks are described by."""
    overs = [catalog.text("round/picture-week", slots), catalog.text("round/picture-all", {"count": 1})]
    overs.append(catalog.text("round/picture-all", {"count": 2}).replace("2", slots["weeks"]))
    goal, unit = catalog.text("round/picture-goal", slots), catalog.text("round/picture-unit")
    parts = slots | {"unit": unit, "goal": goal}
    return [catalog.text("round/picture-alt", parts | {"over": over}) for over in overs]


@lru_cache(maxsize=1)
def _allowed() -> re.Pattern[str]:
    """One pattern for all lines; its groups are the lists of names."""
    lines: set[str] = set()
    numbers = numbers_of(the_kit())
    signs = "|".join(re.escape(sign) for sign in (*DAY_SIGNS, UNDO_SIGN, LEAVE_SIGN, JOIN_SIGN))
    for language in LANGUAGES:
        catalog = the_kit().catalogs[language]
        slots = {slot: _SLOT.format(slot) for slot in ("name", "names", *_NUMBERS)}
        names = "|".join(re.escape(catalog.text(f"round/name/{name.value}")) for name in Name)
        texts = [catalog.text(f"round/{key}", slots) for key in _LINES]
        texts += [catalog.text(f"group/{key}", {"emergency": "112"}) for key in ("alarm", "private")]
        for weeks in (1, 2):
            before = catalog.text("round/card-before", slots | {"count": weeks})
            texts.append(
                before.replace(f"{weeks} W", f"{slots['weeks']} W").replace(f"{weeks} w", f"{slots['weeks']} w")
            )
        texts += _alts(catalog, slots)
        helping = {"emergency": numbers.emergency, "crisis": numbers.crisis}
        texts += [catalog.text(f"matrix/{key}", helping) for key in ("crowded", "plain", "beside")]
        for text in texts:
            for line in text.replace("**", "").split("\n"):
                pattern = re.escape(line).replace(re.escape(slots["name"]), f"(?:{names})")
                pattern = pattern.replace(re.escape(slots["names"]), "NAMES")
                for number in _NUMBERS:
                    pattern = pattern.replace(re.escape(slots[number]), r"\d{1,5}")
                lines.add(re.sub(r"(?<![\w/.])/(?=start|gruppe|group)", "[/!]", pattern))
        lines |= {f"(?:(?:{signs}) )?{re.escape(catalog.text(f'round/{key}'))}" for key in _BUTTONS}
        helps = emergency_card(catalog, numbers.emergency, numbers.doctor, numbers.crisis)
        lines |= {re.escape(line) for line in helps.replace("**", "").split("\n") if line}
    lines |= {r"https://t\.me/\w+(?:\?start=round)?", "/start(?: round)?"}
    with_names = [line for line in lines if "NAMES" in line]
    alone = [line for line in lines if "NAMES" not in line]
    shown = sorted((line.replace("NAMES", "(.+)") for line in with_names), key=len, reverse=True)  # the closest first
    return re.compile("|".join([f"(?:{'|'.join(alone)})", *shown]))
