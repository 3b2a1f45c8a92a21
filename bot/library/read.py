"""Reads the authors' YAML into a Library. Collects every problem of every file before it gives up."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from bot.library.card import Card
from bot.library.crosscheck import Drafts, cross_check
from bot.library.entry import Entry
from bot.library.errors import ContentError, Problem
from bot.library.exercise import Exercise
from bot.library.guards import FILE as GUARDS
from bot.library.guards import Guards
from bot.library.library import Library
from bot.library.references import Country, Source, Tag
from bot.library.reviews import FILE as REVIEWS
from bot.library.reviews import Reviews, unread, word_files
from bot.library.screening import Screening
from bot.library.selftest import SelfTests
from bot.library.thresholds import Thresholds
from bot.library.topic import Topics
from bot.library.yaml12 import FieldPath, Sheet, Value, YamlError, parse_yaml

SINGLE_FILES = (
    *("screening.yaml", "thresholds.yaml", "countries.yaml", "tags.yaml", "sources.yaml", "cards.yaml"),
    *("topics.yaml", "selftests.yaml", GUARDS, REVIEWS),
)
EXERCISES = "exercises"

E = TypeVar("E", bound=Entry)


class _Countries(Entry):
    countries: dict[str, Country]


class _Tags(Entry):
    tags: tuple[Tag, ...]


class _Cards(Entry):
    cards: tuple[Card, ...]


class _Sources(Entry):
    sources: dict[str, Source]


@dataclass(frozen=True, slots=True)
class _Read:
    """What could be read so far; each file is read once and its problems are kept."""

    root: Path
    problems: list[Problem]
    sheets: dict[str, Sheet]

    def entry(self, file: str, model: type[E], prepare: Callable[[Value], Value] = lambda data: data) -> E | None:
        try:
            sheet = parse_yaml((self.root / file).read_text(encoding="utf-8"))
        except FileNotFoundError:
            self.problems.append(Problem(file, "", "is missing"))
        except UnicodeDecodeError:
            self.problems.append(Problem(file, "", "is not UTF-8"))
        except YamlError as error:
            self.problems.append(Problem(file, "", error.reason, error.line))
        else:
            self.sheets[file] = sheet
            return self._validated(file, sheet, model, prepare(sheet.data))
        return None

    def _validated(self, file: str, sheet: Sheet, model: type[E], data: Value) -> E | None:
        try:
            # Through JSON, so that strict types (no "6" for 6, no true for 1) go together with tuples, enums and dates.
            return model.model_validate_json(json.dumps(data), strict=True)
        except ValidationError as error:
            self.problems.extend(_problems(error, file, sheet))
        return None


def content_files(root: Path) -> tuple[str, ...]:
    """The files a library is made of, relative to its folder, in a fixed order."""
    exercises = sorted(path.name for path in (root / EXERCISES).glob("*.yaml"))
    return (*SINGLE_FILES, *(f"{EXERCISES}/{name}" for name in exercises))


def hashed_files(root: Path) -> tuple[str, ...]:
    """All that what is read depends on: the content's own files, and those whose wording somebody may have signed."""
    return (*content_files(root), *(file for file in word_files(root) if file not in SINGLE_FILES))


def read_library(root: Path) -> Library:
    """Read and check all files; raises ContentError with everything that is wrong."""
    read = _Read(root, [], {})
    screening = read.entry("screening.yaml", Screening)
    thresholds = read.entry("thresholds.yaml", Thresholds, _split_origins)
    countries = read.entry("countries.yaml", _Countries)
    tags = read.entry("tags.yaml", _Tags)
    sources = read.entry("sources.yaml", _Sources)
    cards = read.entry("cards.yaml", _Cards)
    topics = read.entry("topics.yaml", Topics)
    selftests = read.entry("selftests.yaml", SelfTests)
    guards = read.entry(GUARDS, Guards)
    reviews = read.entry(REVIEWS, Reviews)
    files = content_files(root)[len(SINGLE_FILES) :]
    exercises = {file: exercise for file in files if (exercise := read.entry(file, Exercise)) is not None}
    if not files:
        read.problems.append(Problem(EXERCISES, "", "holds no exercise"))
    drafts = Drafts(
        exercises=exercises,
        exercises_complete=len(exercises) == len(files),
        screening=screening,
        thresholds=thresholds,
        countries=countries.countries if countries else None,
        tags=tags.tags if tags else None,
        sources=sources.sources if sources else None,
        cards=cards.cards if cards else None,
        selftests=selftests.tests if selftests else None,
        guards=guards,
    )
    for file, field, reason in cross_check(drafts):
        sheet = read.sheets.get(file)
        read.problems.append(Problem(file, dotted(field), reason, sheet.find_line(field) if sheet else None))
    if read.problems or not (
        screening and thresholds and countries and tags and sources and cards and topics and selftests and reviews
    ):
        raise ContentError(tuple(sorted(read.problems, key=lambda p: (p.file, p.line or 0, p.field, p.reason))))
    return Library(
        exercises={exercise.id: exercise for exercise in exercises.values()},
        screening=screening,
        thresholds=thresholds,
        countries=countries.countries,
        tags={tag.id: tag for tag in tags.tags},
        sources=sources.sources,
        cards=cards.cards,
        topics=topics,
        selftests=selftests,
        unread=tuple(unread(root, reviews)),
    )


def dotted(field: FieldPath) -> str:
    return ".".join(str(part) for part in field)


def _problems(error: ValidationError, file: str, sheet: Sheet) -> Iterator[Problem]:
    for wrong in error.errors(include_url=False, include_context=False, include_input=False):
        # A key that is wrong itself is marked by pydantic with "[key]" at the end of its path.
        field = tuple(part for part in wrong["loc"] if part != "[key]")
        if field[:1] == ("origins",):  # stands beside the number in the file
            field = (*str(field[1]).split("."), *field[2:])
        yield Problem(file, dotted(field), wrong["msg"], sheet.find_line(field))


def _split_origins(raw: Value) -> Value:
    """Turn the file's {value, label, sources, note} into plain numbers and, beside them, `origins`."""
    if not isinstance(raw, dict):
        return raw
    numbers: dict[str, Value] = dict(raw)
    origins: dict[str, Value] = {}
    for name, group in raw.items():
        if isinstance(group, dict) and name != "rules":
            numbers[name] = {
                key: entry.get("value") if isinstance(entry, dict) else entry for key, entry in group.items()
            }
            origins |= {
                f"{name}.{key}": _without_value(entry) for key, entry in group.items() if isinstance(entry, dict)
            }
    return {**numbers, "origins": origins}


def _without_value(entry: dict[str, Value]) -> Value:
    return {key: value for key, value in entry.items() if key != "value"}
