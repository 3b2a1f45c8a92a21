"""Poses are shared by all figures. A fuller one wears them with small changes: hands on the belly come out with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.pictures.lock import Locked
from bot.pictures.poses import Level, Phase
from bot.pictures.profiles import Vec
from bot.pictures.skeleton import INDEX, RANGE, SEGMENT, SIDES, blended, place, unit

ARM: Final = ("shoulder", "elbow", "wrist")


@dataclass(frozen=True, slots=True)
class _Fit:
    """A phase for a fuller body as its author drew it, and as this body wears it."""

    drawn: Phase
    worn: Phase


def fitted(level: Level, locked: Locked, physique: Mapping[str, float]) -> tuple[Level, Locked]:
    """Level and poses for somebody of this build."""
    if not physique:
        return level, locked
    full = level.worn_by(physique)
    if any(phase.view == "front" for phase in full.phases):
        return full, locked  # hands there lie beside the body or before it
    fits = [_Fit(phase, _reaching(phase, pose)) for phase, pose in zip(full.phases, locked.phases, strict=True)]
    poses = tuple(_handed(pose, fit, fit, 0) for pose, fit in zip(locked.phases, fits, strict=True))
    ways = tuple(
        tuple(_handed(pose, fits[i], fits[(i + 1) % len(fits)], (n + 1) / (len(way) + 1)) for n, pose in enumerate(way))
        for i, way in enumerate(locked.between)
    )
    return full.model_copy(update={"phases": tuple(fit.worn for fit in fits)}), Locked(poses, ways)


def _reaching(phase: Phase, pose: Vec) -> Phase:
    """What the author wished for the joints of an arm does not bind one that follows the belly.

    With an elbow on the floor only the forearm can follow: it then points less at the viewer.
    """
    body, seen, wished = place(pose, phase.build), dict(phase.shorten), dict(phase.joints)
    for side in SIDES:
        shift = _shift(pose, phase, side)
        if shift.any():
            wished = {name: angle for name, angle in wished.items() if name not in {f"{j}.{side}" for j in ARM}}
        if _is_planted(phase, side) and shift.any():
            way = body.points[f"wrist.{side}"] + shift - body.points[f"elbow.{side}"]
            seen[f"forearm.{side}"] = min(1.0, float(np.linalg.norm(way)) / SEGMENT["forearm"])
    return phase.model_copy(update={"shorten": seen, "joints": wished})


def _is_planted(phase: Phase, side: str) -> bool:
    return any(phase.on.get(f"{part}.{side}") is not None for part in ("elbow", "forearm"))


def _shift(pose: Vec, phase: Phase, side: str) -> Vec:
    """How much further out this person's front is where the hand touches it; nothing if it touches something else."""
    spot = phase.touch.get(f"palm.{side}") or phase.touch.get(f"fingers.{side}")
    if spot is None or not spot.at.startswith("front"):
        return np.zeros(2)
    thin = {name: value for name, value in phase.build.items() if name not in phase.physique}
    return np.asarray(place(pose, phase.build).points[spot.at] - place(pose, thin).points[spot.at])


def _handed(pose: Vec, before: _Fit, after: _Fit, share: float) -> Vec:
    """The pose with each hand that touches the trunk's front as far out as the front is."""
    moved = pose.copy()
    drawn = place(pose, blended(before.drawn.build, after.drawn.build, share))
    for side in SIDES:
        shift = _shift(pose, before.drawn, side) * (1 - share) + _shift(pose, after.drawn, side) * share
        if shift.any():
            build = blended(before.worn.build, after.worn.build, share)
            planted = _is_planted(before.drawn, side) and _is_planted(after.drawn, side)
            _reach(moved, drawn.points[f"wrist.{side}"] + shift, side, build, planted=planted)
    return moved


def _reach(pose: Vec, wrist: Vec, side: str, build: Mapping[str, float], *, planted: bool) -> None:
    """Turn the arm so that the wrist is there; the hand keeps its direction, a planted elbow its place."""
    body = place(pose, build)
    shoulder, elbow = (body.points[f"{name}.{side}"] for name in ("shoulder", "elbow"))
    was = body.directions[f"upper_arm.{side}"]
    upper = was
    if not planted:
        upper = _aim(shoulder, wrist, side, build)
        elbow = shoulder + unit(upper) * SEGMENT["upper_arm"] * build.get(f"upper_arm.{side}", 1)
    fore = float(np.degrees(np.arctan2(*(wrist - elbow)[::-1])))
    turned, bent = upper - was, fore - upper - pose[INDEX[f"elbow.{side}"]]
    for joint, turn in zip(ARM, (turned, bent, -turned - bent), strict=True):
        index = INDEX[f"{joint}.{side}"]
        low, high = RANGE[joint]
        pose[index] = np.clip(pose[index] + (turn + 180) % 360 - 180, low + 1, high - 1)


def _aim(shoulder: Vec, wrist: Vec, side: str, build: Mapping[str, float]) -> float:
    """Direction of the upper arm from which the forearm reaches the wrist; the elbow points backwards."""
    upper, fore = (SEGMENT[part] * build.get(f"{part}.{side}", 1) for part in ("upper_arm", "forearm"))
    way = wrist - shoulder
    distance = float(np.clip(np.linalg.norm(way), abs(upper - fore) + 1e-6, upper + fore - 1e-6))
    inner = np.arccos((upper**2 + distance**2 - fore**2) / (2 * upper * distance))
    return float(np.degrees(np.arctan2(way[1], way[0]) - inner))
