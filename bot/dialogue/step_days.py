"""Steps of several days at once, as apps export them and phones tell them: a date and a number in each line."""

import hashlib
import re
from datetime import date

MOST_STEPS = 100_000
MOST_DAYS = 100  # lines read at most; of a year's export nobody needs more
_LINE = re.compile(
    r"(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})\.(\d{1,2})\.(\d{4}))"  # 2026-11-29, 29.11.2026
    r"(?:[T ]\d{2}:\d{2}(?::\d{2})?)?\"?[\s:;,=|]+\"?"  # a time of day some apps write behind it
    r"(\d{1,3}(?:[.,' ]\d{3})+|\d{1,6})(?:[.,]0+)?\"?\s*(?:schritte|steps)?[;,]?"
)
_HEAD = re.compile(r"[\w\s\"().]+[;,|\t][\w\s\"().;,|\t]+")  # "Datum;Schritte"


def read_step_days(written: str) -> tuple[tuple[str, int], ...] | None:
    """ISO date and steps of each line; the last word on a day counts. `None` unless every line is one.

    A first line that names the columns is passed over.
    """
    lines = [line.strip() for line in written.splitlines() if line.strip()]
    if len(lines) > 1 and not _LINE.match(lines[0].lstrip('"').casefold()) and _HEAD.fullmatch(lines[0]):
        lines = lines[1:]
    if not lines or len(lines) > MOST_DAYS:
        return None
    found = [_day(line) for line in lines]
    if any(day is None for day in found):
        return None
    return tuple(dict(day for day in found if day is not None).items())


def _day(line: str) -> tuple[str, int] | None:
    fits = _LINE.fullmatch(line.lstrip('"').casefold())
    if fits is None:
        return None
    year, month, day = (fits[1], fits[2], fits[3]) if fits[1] else (fits[6], fits[5], fits[4])
    steps = int(re.sub(r"\D", "", fits[7]))
    try:
        return (date(int(year), int(month), int(day)).isoformat(), steps) if steps <= MOST_STEPS else None
    except ValueError:
        return None


def key_hash(key: str) -> str:
    """Of the key with which a phone tells steps; 192 random bits need no slow hash."""
    return hashlib.sha256(f"steps\n{key}".encode(errors="replace")).hexdigest()
