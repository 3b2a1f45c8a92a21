"""Which knowledge card comes next: one a day, in a sensible order, none twice in sixty days, none in an emergency."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.coach.disposition import Disposition
from bot.library.card import Card, Topic
from bot.library.library import Library
from bot.library.screening import Episode

REST_DAYS = 60
FIRST_WEEK = 10  # cards of the file that come before those for a desk, bad sleep or a low mood
_SILENT = frozenset({Disposition.EMERGENCY, Disposition.CRISIS, Disposition.URGENT})
# What calms those without warning signs says nothing to somebody whom a doctor should see first.
_CALMING = frozenset({"keine-ursache", "schadet-bewegung", "alarm", "bilder", "mrt", "befund"})
_FEAR_FIRST = ("schadet-bewegung", "alarm", "bilder", "buecken", "empfindlich")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Whom a card is for. `seen`: card id and the day it was shown last; `topics`: what concerns them."""

    tags: frozenset[str] = frozenset()
    episode: Episode | None = None
    country: str = "DE"
    disposition: str | None = None
    topics: frozenset[Topic] = frozenset()
    seen: Mapping[str, date]


def next_card(reader: Reader, today: date, library: Library) -> Card | None:
    """`None`: every fitting card was shown within sixty days, one was shown today, or it is no time for cards."""
    if reader.disposition is not None and Disposition(reader.disposition) in _SILENT:
        return None
    if any(shown == today for shown in reader.seen.values()):
        return None
    fitting = [card for card in library.cards if _fits(card, reader) and _is_rested(card, reader, today)]
    return min(fitting, key=lambda card: _rank(card, reader, library), default=None)


def _fits(card: Card, reader: Reader) -> bool:
    waits = reader.disposition == Disposition.DOCTOR_FIRST and card.id in _CALMING
    return (
        not waits
        and (not card.tags or bool(reader.tags & set(card.tags)))
        and (not card.phases or reader.episode in card.phases)
        and (not card.countries or reader.country in card.countries)
    )


def _is_rested(card: Card, reader: Reader, today: date) -> bool:
    shown = reader.seen.get(card.id)
    return shown is None or (today - shown).days >= REST_DAYS


def _rank(card: Card, reader: Reader, library: Library) -> tuple[int, int, int]:
    """Cards never shown before shown ones; what concerns this person behind the first week's; else the file's order."""
    place = next(index for index, each in enumerate(library.cards) if each.id == card.id)
    if card.tags:
        nearness = 0
    elif Topic.FEAR in reader.topics and card.id in _FEAR_FIRST:
        nearness = 1
    elif place < FIRST_WEEK:
        nearness = 2
    else:
        nearness = 3 if reader.topics & set(card.topics) else 4
    return (int(card.id in reader.seen), nearness, place)
