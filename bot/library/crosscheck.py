"""What no single file can know: that ids exist, ladders have no hole, and the screening keeps its own promises.

Checks that lean on a file which could not be read are left out, so that one mistake is told once.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from bot.library.card import Card
from bot.library.evidence import unplaced, unread
from bot.library.exercise import HELD, Exercise
from bot.library.guards import (
    Guards,
    guarded_exercises,
    guarded_loads,
    guarded_numbers,
    guarded_screening,
    guarded_tags,
    guarded_version,
)
from bot.library.references import Country, HelpLine, Source, Tag
from bot.library.screening import Disposition, Item, Screening
from bot.library.selftest import SelfTest
from bot.library.thresholds import Thresholds
from bot.library.yaml12 import FieldPath

Finding: TypeAlias = tuple[str, FieldPath, str]

_SAME_DAY = frozenset({Disposition.EMERGENCY, Disposition.CRISIS, Disposition.URGENT})
_AT_LEAST_CAUTION = frozenset(
    {Disposition.CAUTION, Disposition.DOCTOR_SOFT, Disposition.DOCTOR_FIRST, Disposition.URGENT}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafts:
    """The files that could be read; None stands for one that could not."""

    exercises: Mapping[str, Exercise]  # by file
    exercises_complete: bool
    screening: Screening | None
    thresholds: Thresholds | None
    countries: Mapping[str, Country] | None
    tags: tuple[Tag, ...] | None
    sources: Mapping[str, Source] | None
    cards: tuple[Card, ...] | None
    selftests: tuple[SelfTest, ...] | None = None
    guards: Guards | None = None


def cross_check(drafts: Drafts) -> Iterator[Finding]:
    for file, exercise in drafts.exercises.items():
        yield from ((file, field, reason) for field, reason in _ladder(file, exercise))
    yield from _exercise_references(drafts)
    if drafts.screening is not None:
        yield from _screening(drafts.screening)
    yield from _cards(drafts)
    yield from _unknown_tags(drafts)
    yield from _self_tests(drafts)
    yield from _unknown_sources(drafts)
    yield from _playlists(drafts)
    if drafts.sources is not None:
        yield from unplaced(drafts.sources)
        yield from unread(drafts.sources, drafts.thresholds, drafts.selftests or ())
    if drafts.guards is not None:
        yield from _guarded(drafts, drafts.guards)


def _guarded(drafts: Drafts, guards: Guards) -> Iterator[Finding]:
    yield from guarded_exercises(drafts.exercises, guards)
    yield from guarded_loads(drafts.exercises, guards)
    if drafts.screening is not None:
        yield from guarded_screening(drafts.screening, guards)
    if drafts.tags is not None:
        yield from guarded_tags(drafts.tags, guards)
    if drafts.countries is not None:
        yield from guarded_numbers(drafts.countries, guards)
    if drafts.thresholds is not None:
        yield from guarded_version(drafts.thresholds, guards)


def _ladder(file: str, exercise: Exercise) -> Iterator[tuple[FieldPath, str]]:
    if file != f"exercises/{exercise.id}.yaml":
        yield ("id",), f"{exercise.id!r} does not match the file's name"
    for index, (lower, upper) in enumerate(pairwise(exercise.band)):
        if lower >= upper:
            yield ("band", index + 1), f"the band must rise, but {upper} follows {lower}"
    yield from _levels(exercise)
    for index, rule in enumerate(exercise.skip):
        for level_number in rule.levels_allowed:
            if level_number > exercise.top_level:
                yield ("skip", index, "levels_allowed"), f"there is no level {level_number}"
        if rule.tag in {earlier.tag for earlier in exercise.skip[:index]}:
            yield ("skip", index, "tag"), f"{rule.tag} stands twice"


def _levels(exercise: Exercise) -> Iterator[tuple[FieldPath, str]]:
    for index, level in enumerate(exercise.levels):
        if level.level != index + 1:
            yield ("levels", index, "level"), f"levels run from 1 without a gap; expected {index + 1}"
        if level.picture != f"{exercise.id}/{level.level}":  # a copied file would be checked with its neighbour's
            yield ("levels", index, "picture"), f"what is drawn is {exercise.id}/{level.level}"


def _exercise_references(drafts: Drafts) -> Iterator[Finding]:
    by_id = {exercise.id: exercise for exercise in drafts.exercises.values()}
    if not drafts.exercises_complete:
        return
    for file, exercise in drafts.exercises.items():
        for field, other, level in _mentions(exercise):
            if other not in by_id:
                yield file, field, f"there is no exercise {other!r}"
            elif level is not None and level > by_id[other].top_level:
                yield file, field, f"{other!r} has no level {level}"
            elif other == exercise.id and field[0] != "levels":
                yield file, field, "points at itself"
        yield from ((file, field, reason) for field, reason in _holds(exercise, by_id))


def _holds(exercise: Exercise, by_id: Mapping[str, Exercise]) -> Iterator[tuple[FieldPath, str]]:
    """Seconds can only be reached where seconds are the dose; repetitions would be taken for them."""
    for index, level in enumerate(exercise.levels):
        for place, need in enumerate(level.needs):
            other = by_id.get(need.exercise or "")
            if need.hold_seconds is not None and other is not None and other.unit not in HELD:
                field = ("levels", index, "needs", place, "hold_seconds")
                yield field, f"{other.id!r} is not dosed in seconds; name a level"


def _mentions(exercise: Exercise) -> Iterator[tuple[FieldPath, str, int | None]]:
    for index, alternative in enumerate(exercise.alternatives):
        yield ("alternatives", index, "exercise"), alternative.exercise, alternative.level
    for index, level in enumerate(exercise.levels):
        for place, need in enumerate(level.needs):
            if need.exercise is not None:
                yield ("levels", index, "needs", place, "exercise"), need.exercise, need.level
    if exercise.replaced_by is not None:
        yield ("replaced_by",), exercise.replaced_by, None


def _cards(drafts: Drafts) -> Iterator[Finding]:
    ids = [card.id for card in drafts.cards or ()]
    for index, card in enumerate(drafts.cards or ()):
        if card.id in ids[:index]:
            yield "cards.yaml", ("cards", index, "id"), f"{card.id} stands twice"
        for code in card.countries:
            if drafts.countries is not None and code not in drafts.countries:
                yield "cards.yaml", ("cards", index, "countries"), f"there is no country {code!r}"
        first = (drafts.sources or {}).get(card.sources[0])
        if first is not None and not first.checked:
            yield "cards.yaml", ("cards", index, "sources", 0), "members read the first one: it was found at its source"


def _playlists(drafts: Drafts) -> Iterator[Finding]:
    """A slip of the pen would take an exercise from everybody in silence."""
    known = {exercise.id for exercise in drafts.exercises.values()}
    if drafts.thresholds is None or not (known and drafts.exercises_complete):
        return
    for name, playlist in drafts.thresholds.playlists.items():
        field = ("playlists", name)
        yield from (
            ("thresholds.yaml", field, f"there is no exercise {each!r}") for each in playlist if each not in known
        )
        twice = sorted({each for each in playlist if playlist.count(each) > 1})
        yield from (("thresholds.yaml", field, f"{each!r} stands twice") for each in twice)


def _screening(screening: Screening) -> Iterator[Finding]:
    file, ids = "screening.yaml", [item.id for item in screening.items]
    for index, item in enumerate(screening.items):
        if item.id in ids[:index]:
            yield file, ("items", index, "id"), f"{item.id} stands twice"
        yield from ((file, ("items", index, field), reason) for field, reason in _promises(item))
    for index, pair in enumerate(screening.together):
        for name in (pair.item, *pair.beside):
            if name not in ids:
                yield file, ("together", index), f"there is no item {name!r}"


def _promises(item: Item) -> Iterator[tuple[str, str]]:
    if item.known not in _AT_LEAST_CAUTION and item.yes is not Disposition.CRISIS:
        yield "known", "must be at least caution and never an emergency"
    if item.list in {1, 2} and item.unsure not in _SAME_DAY:
        yield "unsure", "on lists 1 and 2 at least urgent"
    if item.list in {1, 2, 3} and item.yes not in _SAME_DAY:
        yield "yes", "on lists 1 to 3 at least urgent"
    if item.yes in {Disposition.GO, Disposition.NOT_SERVED} or item.unsure in {Disposition.GO, Disposition.NOT_SERVED}:
        yield "yes", "a finding is at least caution"
    if item.soft != (item.yes is Disposition.DOCTOR_SOFT):
        yield "soft", "soft items, and only these, are doctor_soft"


def _self_tests(drafts: Drafts) -> Iterator[Finding]:
    """Each stands on an exercise that has the form; what trains it may still be missing from the content."""
    if not drafts.exercises_complete or not drafts.exercises:
        return
    exercises = {exercise.id: exercise for exercise in drafts.exercises.values()}
    seen: set[str] = set()
    for index, test in enumerate(drafts.selftests or ()):
        field = ("tests", index)
        exercise = exercises.get(test.exercise)
        if exercise is None:
            yield "selftests.yaml", (*field, "exercise"), f"there is no exercise {test.exercise!r}"
        elif test.top_level > exercise.top_level:
            yield "selftests.yaml", (*field, "top_level"), f"{test.exercise} has {exercise.top_level} levels"
        if test.id in seen:
            yield "selftests.yaml", (*field, "id"), f"{test.id} stands twice"
        seen.add(test.id)


def _unknown_tags(drafts: Drafts) -> Iterator[Finding]:
    if drafts.tags is None:
        return
    known = {tag.id for tag in drafts.tags}
    for file, field, tags in _tag_mentions(drafts):
        for tag in tags:
            if tag not in known:
                yield file, field, f"there is no tag {tag!r}"
    ids = [tag.id for tag in drafts.tags]
    for index, tag in enumerate(ids):
        if tag in ids[:index]:
            yield "tags.yaml", ("tags", index, "id"), f"{tag} stands twice"


def _tag_mentions(drafts: Drafts) -> Iterator[tuple[str, FieldPath, Iterable[str]]]:
    for file, exercise in drafts.exercises.items():
        for index, rule in enumerate(exercise.skip):
            yield file, ("skip", index, "tag"), (rule.tag,)
        for index, alternative in enumerate(exercise.alternatives):
            yield file, ("alternatives", index, "tags"), alternative.tags
    for index, card in enumerate(drafts.cards or ()):
        yield "cards.yaml", ("cards", index, "tags"), card.tags
    for index, tag in enumerate(drafts.tags or ()):
        yield "tags.yaml", ("tags", index, "implies"), tag.implies
    for index, item in enumerate(drafts.screening.items if drafts.screening else ()):
        yield "screening.yaml", ("items", index, "adds"), item.adds
        yield "screening.yaml", ("items", index, "asked", "tags"), item.asked.tags


def _unknown_sources(drafts: Drafts) -> Iterator[Finding]:
    if drafts.sources is None:
        return
    for file, field, keys in _source_mentions(drafts):
        for key in keys:
            if key not in drafts.sources:
                yield file, field, f"there is no source {key!r}"


def _bands(drafts: Drafts) -> Iterator[tuple[str, FieldPath, Iterable[str]]]:
    for index, test in enumerate(drafts.selftests or ()):
        for number, band in enumerate(test.bands):
            yield "selftests.yaml", ("tests", index, "bands", number, "sources"), band.sources


def _source_mentions(drafts: Drafts) -> Iterator[tuple[str, FieldPath, Iterable[str]]]:
    yield from _bands(drafts)
    for file, exercise in drafts.exercises.items():
        yield file, ("sources",), exercise.sources
    for index, card in enumerate(drafts.cards or ()):
        yield "cards.yaml", ("cards", index, "sources"), card.sources
    for index, tag in enumerate(drafts.tags or ()):
        yield "tags.yaml", ("tags", index, "sources"), tag.sources
    if drafts.screening is not None:
        yield from (("screening.yaml", field, keys) for field, keys in _screening_sources(drafts.screening))
    if drafts.thresholds is not None:
        for name, origin in drafts.thresholds.origins.items():
            yield "thresholds.yaml", (*name.split("."), "sources"), origin.sources
        for name, rule in drafts.thresholds.rules.items():
            yield "thresholds.yaml", ("rules", name, "sources"), rule.sources
    for code, country in (drafts.countries or {}).items():
        for field, line in _help_lines(country):
            yield "countries.yaml", ("countries", code, *field), (line.source,)


def _screening_sources(screening: Screening) -> Iterator[tuple[FieldPath, Iterable[str]]]:
    yield from ((("items", index, "sources"), item.sources) for index, item in enumerate(screening.items))
    yield from ((("together", index, "sources"), pair.sources) for index, pair in enumerate(screening.together))
    yield from ((("ages", index, "sources"), rule.sources) for index, rule in enumerate(screening.ages))


def _help_lines(country: Country) -> Iterator[tuple[FieldPath, HelpLine]]:
    single = {"doctor_on_call": country.doctor_on_call, "poison": country.poison}
    single |= {"violence": country.violence, "mood": country.mood}
    yield from (((name,), line) for name, line in single.items() if line is not None)
    yield from ((("crisis", index), line) for index, line in enumerate(country.crisis))
