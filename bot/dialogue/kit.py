"""What a turn may look things up in: content, texts, alarm detector, operator. All of it is read-only values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bot.coach.allowing import Exercises
from bot.dialogue.doors import NO_DOORS, Doors
from bot.dialogue.everyday import TopicFinder
from bot.library.catalog import Catalog
from bot.library.library import Library

T = TypeVar("T")
_REMEMBERED = 5_000  # bounds what members' facts together may ask for


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """Whose coach this is; shown in the welcome and under /daten."""

    name: str  # "" for the local demo, see `whose`
    contact: str
    place: str  # of the data, as the operator says it; "" if untold
    months: int
    privacy_url: str = ""
    country: str = "DE"
    language: str = "de"  # of whoever's platform names none
    zone: str = "Europe/Berlin"  # until a member says otherwise
    demo: bool = False
    signup: str = "open"  # whom the coach takes on: open, code (whoever has it), closed
    signup_code: str = field(default="", repr=False)
    steps_address: str = ""  # where a phone tells steps; "": nowhere
    doors: Doors = NO_DOORS


@dataclass(frozen=True, slots=True)
class AllWords:
    """Labels in every language, with the everyday words that stand beside them in the catalogs."""

    catalogs: Mapping[str, Catalog]
    _cache: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def labels(self, key: str) -> tuple[str, ...]:
        found = self._cache.get(key)
        if found is None:
            found = self._cache[key] = tuple(self._collect(key))
        return found

    def _collect(self, key: str) -> list[str]:
        labels: list[str] = []
        for catalog in self.catalogs.values():
            labels.append(catalog.text(key))
            if catalog.has(f"words/{key}"):
                labels.extend(word.strip() for word in catalog.text(f"words/{key}").split("|"))
        return labels


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """`words` understands typed labels in every language, whatever the member's own, `topics` everyday things."""

    library: Library
    catalogs: Mapping[str, Catalog]
    operator: Operator
    words: AllWords
    topics: TopicFinder
    exercises: Exercises = Exercises.ADAPTIVE
    _made: dict[tuple[object, ...], Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def recall(self, what: tuple[object, ...], make: Callable[[], T]) -> T:
        """What is made of this kit and of `what` alone, made once. Many members share the same lists."""
        made = self._made.get(what)
        if made is None:
            if len(self._made) >= _REMEMBERED:
                self._made.clear()
            made = self._made[what] = make()
        kept: T = made
        return kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """Whom to call, from the country file."""

    emergency: str = "112"
    doctor: str = "116117"
    crisis: str = "0800 1110111 · 0800 1110222 · 116 123"
    violence: str = "116 016"
    poison: str = "112"
    mood: str = "0800 3344533"


def numbers_of(kit: Kit, country_code: str = "") -> Numbers:
    """Help numbers of the member's country, else of the operator's; where a line is missing another one stands in."""
    countries = kit.library.countries
    country = countries.get(country_code) or countries[kit.operator.country]
    emergency = country.emergency[0]
    doctor = country.doctor_on_call.numbers[0] if country.doctor_on_call else emergency
    crisis = " · ".join(number for line in country.crisis for number in line.numbers)
    return Numbers(
        emergency=emergency,
        doctor=doctor,
        crisis=crisis or emergency,
        mood=country.mood.numbers[0] if country.mood and country.mood.numbers else crisis or emergency,
        violence=country.violence.numbers[0] if country.violence and country.violence.numbers else emergency,
        poison=country.poison.numbers[0] if country.poison and country.poison.numbers else emergency,
    )
