"""A second pair of eyes on the content: what may only become stricter stands in `guards.yaml` once more.

A slip in one file is told; whoever means it changes both. Screening (clinical rules 2.2), who is spared which level of
an exercise and how heavy it is (4.11), the numbers to call; and of all numbers of the rules the version under which
they stand (I17).
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, TypeAlias

from pydantic import Field

from bot.library.entry import Entry, ExerciseId, TagId
from bot.library.exercise import Exercise
from bot.library.references import Country, Tag
from bot.library.screening import Disposition, Item, Screening
from bot.library.thresholds import Thresholds
from bot.library.yaml12 import FieldPath

FILE = "guards.yaml"
Guarded: TypeAlias = Iterator[tuple[str, FieldPath, str]]

_SEVERITY: Mapping[Disposition, int] = {
    Disposition.GO: 0,
    Disposition.CAUTION: 1,
    Disposition.DOCTOR_SOFT: 2,
    Disposition.DOCTOR_FIRST: 3,
    Disposition.URGENT: 4,
    Disposition.EMERGENCY: 5,
    Disposition.CRISIS: 5,
    Disposition.NOT_SERVED: 5,
}


class Least(Entry):
    """How an item's answers are taken at least."""

    yes: Disposition
    unsure: Disposition
    known: Disposition


class Numbers(Entry):
    """The version of the rules, and what all their numbers come to."""

    version: Annotated[int, Field(ge=1)]
    fingerprint: Annotated[str, Field(pattern=r"^[0-9a-f]{12}$")]


class Guards(Entry):
    """`spared`: for each exercise the tags that take it, with the levels that may remain; empty means none."""

    screening: Annotated[dict[str, Least], Field(min_length=1)]
    spared: Annotated[dict[ExerciseId, dict[TagId, tuple[int, ...]]], Field(min_length=1)]
    loads: dict[ExerciseId, Annotated[int, Field(ge=2, le=3)]]  # what rests on days of pain, and between days
    implied: Annotated[dict[TagId, tuple[TagId, ...]], Field(min_length=1)]  # tags that bring others along
    emergency: Annotated[dict[str, str], Field(min_length=1)]  # the number each country's texts name first
    numbers: Numbers


def guarded_screening(screening: Screening, guards: Guards) -> Guarded:
    """Items that are taken more lightly than they may be, and items that are gone."""
    places = {item.id: index for index, item in enumerate(screening.items)}
    for name, least in guards.screening.items():
        if name not in places:
            yield "screening.yaml", ("items",), f"{name} is gone, and {FILE} asks for it"
            continue
        item = screening.items[places[name]]
        for field, found, wanted in _answers(item, least):
            if _SEVERITY[found] < _SEVERITY[wanted]:
                reason = f"{name} is at least {wanted.value} ({FILE})"
                yield "screening.yaml", ("items", places[name], field), reason


def _answers(item: Item, least: Least) -> Iterator[tuple[str, Disposition, Disposition]]:
    yield "yes", item.yes, least.yes
    yield "unsure", item.unsure, least.unsure
    yield "known", item.known, least.known


def guarded_exercises(exercises: Mapping[str, Exercise], guards: Guards) -> Guarded:
    """Levels that an exercise leaves to someone who is to be spared them."""
    by_id = {exercise.id: (file, exercise) for file, exercise in exercises.items()}
    for name, tags in guards.spared.items():
        if name not in by_id:
            continue
        file, exercise = by_id[name]
        for tag, allowed in tags.items():
            extra = set(exercise.allowed_levels(frozenset({tag}))) - set(allowed)
            if extra:
                levels = ", ".join(map(str, sorted(extra)))
                yield file, ("skip",), f"{tag} is spared level {levels} ({FILE})"


def guarded_loads(exercises: Mapping[str, Exercise], guards: Guards) -> Guarded:
    """Exercises that count as lighter than they are: they would come on a day with a flare-up, or two days running."""
    for file, exercise in exercises.items():
        least = guards.loads.get(exercise.id)
        if least is not None and (exercise.load == "W" or exercise.load < least):
            yield file, ("load",), f"{exercise.id} is at least load {least} ({FILE})"


def guarded_tags(tags: Sequence[Tag], guards: Guards) -> Guarded:
    """Tags that no longer bring along what they stand for."""
    implies = {tag.id: set(tag.implies) for tag in tags}
    for name, wanted in guards.implied.items():
        for missing in sorted(set(wanted) - implies.get(name, set())):
            yield "tags.yaml", ("tags",), f"{name} brings {missing} along ({FILE})"


def guarded_numbers(countries: Mapping[str, Country], guards: Guards) -> Guarded:
    """Countries whose first number to call is another one."""
    for code, number in guards.emergency.items():
        if code not in countries:
            yield "countries.yaml", ("countries",), f"{code} is gone, and {FILE} asks for it"
        elif countries[code].emergency[0] != number:
            yield "countries.yaml", ("countries", code, "emergency"), f"{code} calls {number} first ({FILE})"


def fingerprint(thresholds: Thresholds) -> str:
    """What all numbers come to: another one as soon as any of them is another."""
    numbers = json.dumps(thresholds.numbers(), sort_keys=True)
    return hashlib.sha256(numbers.encode()).hexdigest()[:12]


def guarded_version(thresholds: Thresholds, guards: Guards) -> Guarded:
    """Numbers that changed under their old version, and what to write: decisions keep the version they were made by."""
    kept, now = guards.numbers, Numbers(version=thresholds.version, fingerprint=fingerprint(thresholds))
    if now == kept:
        return
    if now.version < kept.version or (now.fingerprint != kept.fingerprint and now.version == kept.version):
        wanted = kept.version + (now.fingerprint != kept.fingerprint)
        yield (
            "thresholds.yaml",
            ("version",),
            f"numbers changed, or it went back: raise version {now.version} to {wanted}",
        )
        now = now.model_copy(update={"version": wanted})
    told = f'write numbers: {{version: {now.version}, fingerprint: "{now.fingerprint}"}}'
    yield FILE, ("numbers",), f"the numbers of thresholds.yaml are others or have another version: {told}"
