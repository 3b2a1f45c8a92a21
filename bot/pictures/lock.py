"""Locked poses: what was solved and looked at, so that the coach draws without solving.

A lock names the hash of the YAML it was solved from; when that changed, the lock is refused.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from bot.pictures.pose_files import used_bases
from bot.pictures.profiles import Vec
from bot.pictures.skeleton import View
from bot.pictures.spec import StaleLockError
from bot.pictures.views import RIGS

FORMAT: Final = 1


@dataclass(frozen=True, slots=True, eq=False)
class Locked:
    """Joint vectors of one level: key poses, and the way from each to the next.

    `apart`: the numbers of poses, from 0, that are seen from the other side; no way leads from one view to the other.
    """

    phases: tuple[Vec, ...]
    between: tuple[tuple[Vec, ...], ...]
    view: View = "side"
    apart: tuple[int, ...] = ()
    beside: Vec | None = None  # the first pose from the other side

    def joints_of(self, phase: int) -> tuple[str, ...]:
        """Names of the joints of a pose."""
        return RIGS[other_view(self.view) if phase in self.apart else self.view].joints


def other_view(view: View) -> View:
    return "front" if view == "side" else "side"


def lock_path(folder: Path, figure: str) -> Path:
    return folder / f"{figure}.lock.json"


def source_hash(folder: Path, figure: str) -> str:
    """Hash of all that the solver reads: the figure's file, and of the bases those it builds on."""
    digest = hashlib.sha256((folder / f"{figure}.yaml").read_bytes().replace(b"\r\n", b"\n") + b"\0")
    used = {name: base.model_dump(mode="json", exclude_unset=True) for name, base in used_bases(folder, figure).items()}
    digest.update(json.dumps(used, sort_keys=True).encode())
    return digest.hexdigest()


def write_lock(folder: Path, figure: str, levels: Mapping[int, Locked]) -> None:
    document = {
        "format": FORMAT,
        "source": source_hash(folder, figure),
        "joints": list(RIGS["side"].joints),
        "levels": {str(number): _levels_rows(level) for number, level in sorted(levels.items())},
    }
    text = json.dumps(document, indent=1)
    lock_path(folder, figure).write_text(text + "\n", encoding="utf-8")


def _levels_rows(level: Locked) -> dict[str, Any]:
    seen: dict[str, Any] = {} if level.view == "side" else _view_row(level.view)
    if level.apart:
        seen["apart"] = {"phases": list(level.apart)} | _view_row(other_view(level.view))
    if level.beside is not None:
        other = other_view(level.view)
        seen["beside"] = _view_row(other) | {"pose": _row(level.beside, RIGS[other].joints)}
    return seen | {
        "phases": [_row(pose, level.joints_of(i)) for i, pose in enumerate(level.phases)],
        "between": [[_row(pose, level.joints_of(i)) for pose in way] for i, way in enumerate(level.between)],
    }


def _view_row(view: View) -> dict[str, Any]:
    return {"view": view, "joints": list(RIGS[view].joints)}


def _row(pose: Vec, joints: Sequence[str]) -> str:
    """One pose as a line of text: a changed pose is then one changed line."""
    digits = [5 if joint in ("x", "y") or "scapula" in joint else 2 for joint in joints]
    return " ".join(f"{value + 0.0:.{places}f}" for value, places in zip(pose, digits, strict=True))


def read_lock(folder: Path, figure: str) -> dict[int, Locked]:
    """Raises StaleLockError when the poses were edited after they were locked."""
    try:
        raw = json.loads(lock_path(folder, figure).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StaleLockError(f"no readable lock: `rueckgrat picture lock {figure}`, then look at it") from error
    if raw.get("format") != FORMAT or not _of_these_skeletons(raw):
        raise StaleLockError(f"{figure}: locked for another skeleton; solve again")
    if raw.get("source") != source_hash(folder, figure):
        raise StaleLockError(f"{figure}: poses changed after they were locked; solve and look again")
    return {int(number): _locked(level) for number, level in raw["levels"].items()}


def _of_these_skeletons(raw: Mapping[str, Any]) -> bool:
    """A level seen from the front names its own joints, as do poses apart."""
    levels = raw["levels"].values()
    rows = [level for level in levels if "view" in level]
    rows += [level[other] for level in levels for other in ("apart", "beside") if other in level]
    named = [("side", raw["joints"]), *((level["view"], level["joints"]) for level in rows)]
    return all(view in RIGS and joints == list(RIGS[view].joints) for view, joints in named)


def _locked(level: Mapping[str, Any]) -> Locked:
    phases = tuple(_pose(row) for row in level["phases"])
    between = tuple(tuple(_pose(row) for row in way) for way in level["between"])
    beside = _pose(level["beside"]["pose"]) if "beside" in level else None
    return Locked(phases, between, level.get("view", "side"), tuple(level.get("apart", {}).get("phases", ())), beside)


def _pose(row: str) -> Vec:
    return np.array(row.split(), float)
