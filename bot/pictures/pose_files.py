"""Reads `content/poses/`: bases, and one file an exercise whose phases are laid over their bases."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from bot.library.yaml12 import Sheet, YamlError, parse_yaml
from bot.pictures.poses import Level, Phase, PoseFile, Wishes
from bot.pictures.spec import PoseFileError

BASES_FILE: Final = "bases.yaml"


def figures(folder: Path) -> list[str]:
    """Names of all figures that have a pose file."""
    return sorted(path.stem for path in folder.glob("*.yaml") if path.name != BASES_FILE)


def load_bases(folder: Path) -> Mapping[str, Wishes]:
    return _bases((folder / BASES_FILE).read_text(encoding="utf-8"))


@lru_cache(maxsize=2)  # every figure asks for the same long file
def _bases(written: str) -> Mapping[str, Wishes]:
    sheet = _parsed(BASES_FILE, written)
    if not isinstance(sheet.data, dict):
        raise PoseFileError(f"{BASES_FILE}: not a list of named bases")
    try:
        return {name: Wishes.model_validate(wishes) for name, wishes in sheet.data.items()}
    except ValidationError as error:
        raise PoseFileError(_first_problem(BASES_FILE, sheet, error)) from error


def used_bases(folder: Path, figure: str) -> Mapping[str, Wishes]:
    """The bases a figure builds on, so that a new base makes nobody else's lock stale."""
    bases = load_bases(folder)
    levels = [level for level in load_poses(folder, figure).levels.values() if isinstance(level, Level)]
    return {name: bases[name] for name in sorted({phase.base for level in levels for phase in _all_phases(level)})}


def _all_phases(level: Level) -> tuple[Phase, ...]:
    return level.phases if level.beside is None else (*level.phases, level.beside)


def load_poses(folder: Path, figure: str) -> PoseFile:
    """Raises PoseFileError; FileNotFoundError when there is no such figure."""
    name = f"{figure}.yaml"
    sheet = _read(folder / name)
    bases = load_bases(folder)
    try:
        poses = PoseFile.model_validate(sheet.data)
    except ValidationError as error:
        raise PoseFileError(_first_problem(name, sheet, error)) from error
    if poses.id != figure:
        raise PoseFileError(f"{name}: id is {poses.id!r}")
    levels = {number: _on_bases(name, level, bases) for number, level in poses.levels.items()}
    return poses.model_copy(update={"levels": levels})


def _on_bases(name: str, level: Level | int, bases: Mapping[str, Wishes]) -> Level | int:
    if isinstance(level, int):
        return level
    unknown = {phase.base for phase in _all_phases(level)} - bases.keys()
    if unknown:
        raise PoseFileError(f"{name}: unknown base {min(unknown)!r}")
    return level.model_copy(
        update={
            "phases": tuple(_on_base(name, phase, bases[phase.base]) for phase in level.phases),
            "beside": None if level.beside is None else _on_base(name, level.beside, bases[level.beside.base]),
        }
    )


def _on_base(name: str, phase: Phase, base: Wishes) -> Phase:
    """What the phase says wins; null removes what the base says."""
    if phase.view != base.view:
        raise PoseFileError(
            f"{name}: base {phase.base!r} is seen from the {base.view}, the level from the {phase.view}"
        )
    merged: dict[str, Any] = {}
    for field in Wishes.model_fields:
        below, above = getattr(base, field), getattr(phase, field)
        if isinstance(above, dict):
            both = {**below, **above}
            merged[field] = {key: value for key, value in both.items() if value is not None}
        else:
            merged[field] = below if above is None or above is False or above == () else above
    return phase.model_copy(update=merged)


def _read(path: Path) -> Sheet:
    return _parsed(path.name, path.read_text(encoding="utf-8"))


def _parsed(name: str, written: str) -> Sheet:
    try:
        return parse_yaml(written)
    except YamlError as error:
        raise PoseFileError(f"{name}:{error.line or 1}: {error.reason}") from error


def _first_problem(name: str, sheet: Sheet, error: ValidationError) -> str:
    first = error.errors()[0]
    # A union adds the names of its branches to the path; they are no fields.
    field = tuple(
        part for part in first["loc"] if part not in {"Level", "int", "[key]"} and not str(part).startswith("function-")
    )
    line = sheet.find_line(
        tuple(str(part) if i == 1 and field[0] == "levels" else part for i, part in enumerate(field))
    )
    return f"{name}:{line or 1}: {'.'.join(str(part) for part in field)}: {first['msg']}"
