"""Times of day as people type them: `8`, `halb acht`, `viertel nach 7`, `19.15`, `half past seven`, `8 pm`.

*half seven* is left out: in English it means 7:30, in the mouth of a German 6:30.
"""

import re
from datetime import time

from bot.dialogue.numbers import LONGEST_ANSWER, NUMBER_WORDS, plain_digits, words_in

_NOON = re.compile(r"noon|midday|12 noon")
_MIDNIGHT = re.compile(r"mitternacht|midnight")
_PART_OF_DAY = {
    "morning": words_in("morgens früh frueh vormittags vormittag morning"),
    "noon": words_in("mittags mittag"),
    "afternoon": words_in("nachmittags nachmittag afternoon"),
    "evening": words_in("abends abend evening tonight"),
    "night": words_in("nachts nacht night"),
    "ante": words_in("antemeridiem"),
    "post": words_in("pm"),
}
_HOURS_OF = {
    "morning": frozenset(range(3, 12)),
    "noon": frozenset(range(11, 15)),
    "afternoon": frozenset(range(12, 19)),
    "evening": frozenset({*range(16, 24), 0}),
    "night": frozenset({*range(20, 24), *range(6)}),
    "ante": frozenset(range(12)),
    "post": frozenset(range(12, 24)),
}
# "am" is also German ("am Abend"): only right behind a number, and not before a part of the day, is it ante meridiem.
_ANTE = re.compile(r"(?<=\d) ?a\.? ?m\b\.?(?! \w)")
_POST = re.compile(r"\bp\.? ?m\b\.?|(?<=\d)p\.? ?m\b\.?")
_FILLERS = words_in(
    "um gegen ca circa so etwa ungefähr at around about bitte please immer uhr punkt jeden tag täglich taeglich every "
    "day daily in the oclock o clock heute today morgen tomorrow am lieber gern gerne ab wieder dann es ist passt mir "
    "sharp exactly genau h rum herum"
)
_WORDED = (
    # pattern of hour and minutes around it; minutes counted from the hour named
    (re.compile(r"(?:halb) (\d{1,2})"), -30),
    (re.compile(r"(?:dreiviertel|drei viertel|3 viertel) (\d{1,2})"), -15),
    (re.compile(r"viertel (\d{1,2})"), -45),
    (re.compile(r"(?:viertel nach|quarter past|quarter after|1 quarter past|a quarter past) (\d{1,2})"), 15),
    (re.compile(r"(?:viertel vor|quarter to|quarter before|1 quarter to|a quarter to) (\d{1,2})"), -15),
    (re.compile(r"half past (\d{1,2})"), 30),
)
_MINUTES_AROUND = re.compile(r"(\d{1,2}) (?:minuten |minutes )?(nach|past|after|vor|to|before) (halb )?(\d{1,2})")
_PLAIN = re.compile(r"(\d{1,2})(?:(?: ?[:.] ?| )(\d{2}))?")
_FOUR_DIGITS = re.compile(r"([01]\d|2[0-4])([0-5]\d)")
_DAY = 24 * 60


def parse_time(text: str) -> time | None:
    """A time of day; None if there is none, more than one, or words besides it."""
    if len(text) > LONGEST_ANSWER:
        return None
    words, parts_of_day = _sorted_words(text)
    if (_NOON.fullmatch(words) and not parts_of_day) or (words in {"", "12"} and parts_of_day == {"noon"}):
        return time(12)
    if _MIDNIGHT.fullmatch(words):
        return time(0)
    found = _minutes(words)
    minutes = None if found is None else _in_part_of_day(found, parts_of_day)
    return None if minutes is None else time(minutes % _DAY // 60, minutes % 60)


def _sorted_words(text: str) -> tuple[str, set[str]]:
    """The words that tell the time, and the parts of day named."""
    closed = re.sub("['’]", "", plain_digits(text).casefold())
    closed = _POST.sub(" pm ", _ANTE.sub(" antemeridiem ", closed))
    spaced = re.sub(r"(?<=\d)(?=[^\W\d])", " ", closed)
    told: list[str] = []
    parts_of_day: set[str] = set()
    for word in re.findall(r"\d+ ?[:.] ?\d+|\w+|[^\w\s.!,]", spaced):
        parts = {part for part, names in _PART_OF_DAY.items() if word in names}
        parts_of_day |= parts
        if not parts and word not in _FILLERS:
            told.append(str(NUMBER_WORDS.get(word, word)))
    return " ".join(told), parts_of_day


def _minutes(words: str) -> int | None:
    """Minutes since midnight as named, before the part of day is applied."""
    for pattern, offset in _WORDED:
        if found := pattern.fullmatch(words):
            return _from_hour(int(found[1]), offset)
    if found := _MINUTES_AROUND.fullmatch(words):
        sign = -1 if found[2] in {"vor", "to", "before"} else 1
        offset = sign * int(found[1]) - (30 if found[3] else 0)
        return _from_hour(int(found[4]), offset) if int(found[1]) < 60 else None
    if found := _FOUR_DIGITS.fullmatch(words) or _PLAIN.fullmatch(words):
        minutes = int(found[2] or 0)
        return _from_hour(int(found[1]), minutes) if minutes < 60 else None
    return None


def _from_hour(hour: int, offset: int) -> int | None:
    """An hour of the clock and minutes from it; 24 is only the end of the day."""
    if hour > 24 or (hour == 24 and offset > 0):
        return None
    return (hour * 60 + offset) % _DAY


def _in_part_of_day(minutes: int, parts: set[str]) -> int | None:
    """Move a twelve-hour time into the part of day named; a contradiction gives None."""
    if not parts:
        return minutes
    half_day = _DAY // 2
    possible = {minutes} if minutes >= 13 * 60 else {minutes % half_day, minutes % half_day + half_day}
    fitting = [m for m in possible if all(m // 60 in _HOURS_OF[part] for part in parts)]
    return fitting[0] if len(fitting) == 1 else None
