"""Everything that `content check` looks at, told at once: files, references, catalogs, alarm phrases, pictures."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from bot.library.alarm_phrases import read_alarm_phrases
from bot.library.alarm_plain import read_alarm_plain
from bot.library.alarm_weights import read_alarm_senses, read_alarm_weights
from bot.library.catalog import LANGUAGES
from bot.library.content_needs import with_content
from bot.library.errors import ContentError, Problem
from bot.library.library import Library
from bot.library.lint import Needs, lint
from bot.library.lint_rules import read_lint_rules
from bot.library.load import load_library
from bot.library.po_file import PoFile, read_po_folder

PictureCheck: TypeAlias = Callable[[frozenset[str]], Iterable[Problem]]
"""Takes the ids of all pictures the content names and tells which cannot be drawn, and why."""


def check_content(
    root: Path, *, needs: Needs | None = None, check_pictures: PictureCheck | None = None
) -> tuple[Problem, ...]:
    """All problems of a content folder. `needs`: what the code asks of the catalogs beyond the content itself."""
    problems: list[Problem] = []
    library: Library | None = None
    try:
        library = load_library(root)
    except ContentError as error:
        problems += error.problems
    problems += _alarm(root)
    problems += _texts(root, library, needs or Needs())
    if library is not None and check_pictures is not None:
        problems += check_pictures(library.picture_ids())
    return tuple(problems)


def unreviewed(root: Path) -> tuple[str, ...]:
    """What no clinician has signed yet: no problem, but said. Raises ContentError."""
    return load_library(root).unreviewed()


def _alarm(root: Path) -> tuple[Problem, ...]:
    readers: tuple[tuple[str, Callable[[Path], object]], ...] = (
        ("alarm/phrases.yaml", read_alarm_phrases),
        ("alarm/senses.yaml", read_alarm_senses),
        ("alarm/weights.bin", read_alarm_weights),
        ("alarm/plain.yaml", read_alarm_plain),
    )
    problems: list[Problem] = []
    for file, read in readers:
        try:
            read(root / file)
        except ContentError as error:
            problems += (replace(problem, file=file) for problem in error.problems)
    return tuple(problems)


def _texts(root: Path, library: Library | None, needs: Needs) -> tuple[Problem, ...]:
    files: list[PoFile] = []
    problems: list[Problem] = []
    for language in LANGUAGES:
        name = f"locales/{language}/LC_MESSAGES"
        try:
            files.append(read_po_folder(root / name, language, name))
        except ContentError as error:
            problems += error.problems
    try:
        rules = read_lint_rules(root)
    except ContentError as error:
        return (*problems, *error.problems)
    if problems:  # with a language missing, every text of the other one would be told as missing
        return tuple(problems)
    return lint(files, needs if library is None else with_content(needs, library), rules)
