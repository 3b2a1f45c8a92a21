"""A flow of several poses in time: it rests in each, moves on to the next, and from the last comes back to the first.

Where somebody steps or turns over between two poses, as from the back onto the belly, or is seen from another side, no
way is locked: one dissolves into the other.
"""

from itertools import zip_longest
from typing import Final

from bot.pictures.motion import FRAMES_PER_SECOND, grasped, pose_on, soft
from bot.pictures.poses import Tempo
from bot.pictures.profiles import Vec
from bot.pictures.skeleton import blended
from bot.pictures.stage import Moment, Stage
from bot.pictures.views import draw_figure

BOTH: Final = 0.28  # share of a way over which one pose dissolves into the next
LEAVING, ARRIVING = 0.12, 0.3  # shares of a way over which the signs of a pose go and come
MARKED: Final = 0.3  # share of a way over which a pose's muscles come and go


def flow_seconds(tempo: Tempo, poses: int) -> float:
    """Rest in the first pose, hold every other one, and the ways between."""
    return tempo.rest + (poses - 1) * (tempo.there + tempo.hold) + tempo.back


def places(tempo: Tempo, poses: int) -> list[float]:
    """For every frame how far the flow is: 1.5 is halfway from the second pose to the third."""
    count = round(flow_seconds(tempo, poses) * FRAMES_PER_SECOND)
    return [_place_at(tempo, poses, i / FRAMES_PER_SECOND) for i in range(count)]


def _place_at(tempo: Tempo, poses: int, t: float) -> float:
    t -= tempo.rest
    for pose in range(poses - 1):
        if t < tempo.there:
            return pose + soft(t / tempo.there)
        t -= tempo.there + tempo.hold
        if t < 0:
            return pose + 1
    return poses - 1 + soft(t / tempo.back)


def dissolves(stage: Stage, way: int) -> bool:
    """Whether a way cannot be gone in the plane of the picture."""
    return not stage.locked.between[way]


def dissolved(share: float) -> float:
    """How much of the next pose is seen: both at once are hard to read, so they are only in the middle of the way."""
    return soft((share - 0.5) / BOTH + 0.5)


def reshaped_in_flow(stage: Stage, at: float) -> float:
    """How much is seen of the shapes that hands and feet come to."""
    way, after = _way(stage, at)
    return grasped(stage.level.phases[way], stage.level.phases[after], at - way, 0.5)


def _way(stage: Stage, at: float) -> tuple[int, int]:
    """The poses on either side."""
    count = len(stage.level.phases)
    way = min(int(at), count - 1)
    return way, (way + 1) % count


def moment_in_flow(stage: Stage, at: float, *, as_after: bool | None = None) -> Moment:
    """The moment there, with the muscles of the nearest pose; `as_after` as in `moment_at`."""
    phases = stage.level.phases
    way, after = _way(stage, at)
    share = at - way
    near = phases[way if share < 0.5 else after]
    shaped = near if as_after is None else phases[after if as_after else way]
    if share in {0, 1}:
        pose, build = stage.locked.phases[way if share == 0 else after], near.build
    else:
        pose = pose_on(stage.locked, way, after, share)
        build = blended(phases[way].build, phases[after].build, share)
    return Moment(
        phase=near,
        figure=draw_figure(near.rig.place(pose, build), stage.person, shaped.shapes),
        courses=_own_signs(stage, way if share < 0.5 else after),
        muscles=1 - soft(min(share, 1 - share) / MARKED),
        signs=max(1 - soft(share / LEAVING), soft((share - 1) / ARRIVING + 1)),
        line=0,
    )


def _own_signs(stage: Stage, pose: int) -> tuple[Vec, ...]:
    """How to breathe there, and what goes to and fro there; the way to the pose is seen."""
    phase = stage.level.phases[pose]
    arrows = [arrow for arrow in phase.arrows if not arrow.in_lens]
    told = zip_longest(arrows, stage.moments[pose].courses)
    return tuple(course for arrow, course in told if arrow is None or arrow.sway is not None)
