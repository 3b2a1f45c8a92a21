"""One repetition in time: how far the movement is at each frame, and the moment to draw there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.pictures.lock import Locked
from bot.pictures.poses import Phase, Tempo
from bot.pictures.profiles import Vec
from bot.pictures.skeleton import LEG_JOINTS, blended, mirrored
from bot.pictures.stage import Moment, Stage
from bot.pictures.views import draw_figure

FRAMES_PER_SECOND: Final = 20
# Progress is drawn in this many steps, there and back the same: each pose is drawn once.
# So many that four slow seconds move with every frame.
STEPS: Final = 80
# Around this share of a way hands take the shape of the pose they come to, and limbs go behind the trunk.
GRASPS, GRASPING = 0.8, 0.12
TURNS: Final = 0.15  # share of a way over which the signs of a breath come and go


@dataclass(frozen=True, slots=True)
class Beat:
    """One frame: the drawn step of the movement and the share of the repetition that is over."""

    step: int
    share: float
    back: bool = False  # on the way back


def seconds(tempo: Tempo) -> float:
    return tempo.rest + tempo.there + tempo.hold + tempo.back


def beats(tempo: Tempo) -> tuple[Beat, ...]:
    """All frames of one repetition. It starts resting, so the first frame is the one that explains."""
    returns = tempo.rest + tempo.there + tempo.hold
    return tuple(
        Beat(round(progress(tempo, t) * STEPS), t / seconds(tempo), back=t >= returns) for t in _frame_times(tempo)
    )


def paces(tempo: Tempo) -> tuple[Beat, ...]:
    """All frames of a walk, evenly: one step is 0 to STEPS, the other one STEPS to twice that."""
    return tuple(Beat(round(2 * STEPS * t / seconds(tempo)), t / seconds(tempo)) for t in _frame_times(tempo))


def _frame_times(tempo: Tempo) -> list[float]:
    return [i / FRAMES_PER_SECOND for i in range(round(seconds(tempo) * FRAMES_PER_SECOND))]


def progress(tempo: Tempo, t: float) -> float:
    """0 at the start pose, 1 in the held pose, soft at either end."""
    if t < tempo.rest:
        return 0.0
    t -= tempo.rest
    if t < tempo.there:
        return soft(t / tempo.there)
    t -= tempo.there
    if t < tempo.hold:
        return 1.0
    return soft(1 - (t - tempo.hold) / tempo.back)


def hold_share(tempo: Tempo) -> tuple[float, float]:
    """From where to where in the repetition the pose is held."""
    start = (tempo.rest + tempo.there) / seconds(tempo)
    return start, start + tempo.hold / seconds(tempo)


def reshaped(stage: Stage, done: float) -> float:
    """How much is seen of the shapes that hands and feet come to."""
    _, before, after, share = _pose_at(stage, done)
    return grasped(before, after, share, GRASPS)


def grasped(before: Phase, after: Phase, share: float, at: float) -> float:
    """The same on one way, around a share of it; where nothing changes its shape there is nothing between."""
    if before.shapes == after.shapes:
        return float(share >= at)
    return soft((share - at) / GRASPING + 0.5)


def breathes(stage: Stage) -> bool:
    """Whether there is one breath and back another: then a film says on both ways which."""
    first, last = (stage.level.phases[i].breath for i in (0, -1))
    return first is not None and last is not None


def _breath_signs(done: float, *, back: bool) -> float:
    """How strong they are: gone where the breath turns, and those of the way there come again before it begins."""
    if not back:
        return 1 - soft((done - 1) / TURNS + 1)
    return soft((1 - done) / TURNS) * soft((done - TURNS) / TURNS) if done > TURNS else 1 - soft(done / TURNS)


def moment_at(stage: Stage, done: float, *, as_after: bool | None = None, back: bool = False) -> Moment:
    """The moment after a share of the way through all phases; signs leave with the movement, muscles come.

    `as_after`: with the shapes of the pose that the way leads to, or of the one it comes from. `back` is asked for
    only where breathing out looks different from breathing in.
    """
    phases = stage.level.phases
    last = stage.moments[-1]
    # What the last pose does not say an earlier one does, as on the way to a seat.
    told = next((moment for moment in stage.moments[:0:-1] if moment.courses), last)
    breath = breathes(stage)
    if breath and back and done > TURNS:
        told = stage.moments[0]
    pose, before, after, share = _pose_at(stage, done)
    build = blended(before.build, after.build, share)
    shapes = after.shapes if (share >= GRASPS if as_after is None else as_after) else before.shapes
    # The marks of the held pose; the gap shows as soon as any phase wants it.
    seen = phases[-1].model_copy(update={"show_gap": any(phase.show_gap for phase in phases)})
    lets_go = bool(phases[0].works) and not (phases[-1].works or phases[-1].stretch)
    if lets_go:  # who is tense to begin with shows what works then
        seen = seen.model_copy(update={"works": phases[0].works})
    return Moment(
        phase=seen,
        figure=draw_figure(before.rig.place(pose, build), stage.person, shapes),
        courses=told.courses,
        lens_courses=told.lens_courses if breath else last.lens_courses,
        muscles=1 - soft(done / 0.4) if lets_go else soft((done - 0.4) / 0.5),
        signs=_breath_signs(done, back=back) if breath else 1 - soft(done / 0.2),
        line=soft((done - 0.85) / 0.15),
        goal=last.figure if seen.lens is None and not (stage.level.held or breath) and done < 0.2 else None,
    )


def stride_at(stage: Stage, done: float) -> Moment:
    """The moment of a walk after `done` steps, 0 to 2. The picture goes along with the walker, the way passes by."""
    pace, phases = stage.pace, stage.level.phases
    working = max((i for i, phase in enumerate(phases) if phase.works), default=0)
    pose, before, after, share = _pose_at(stage, done % 1)
    stairs = stage.level.props.stairs
    if done >= 1:
        pose = mirrored(pose) if stairs is None else mirrored(pose, LEG_JOINTS)
    pose[0] -= stage.locked.phases[0][0] + pace * (done % 1)
    if stairs is not None:
        pose[1] -= stairs.rise / stairs.tread * pace * (done % 1)
    return Moment(
        phase=phases[working],
        figure=draw_figure(
            before.rig.place(pose, blended(before.build, after.build, share)), stage.person, before.shapes
        ),
        muscles=soft(1 - abs(done - min(0.85, working / (len(phases) - 1))) / 0.55),
        signs=0,
        line=0,
        travelled=float(stage.locked.phases[0][0]) + pace * done,
    )


def _pose_at(stage: Stage, done: float) -> tuple[Vec, Phase, Phase, float]:
    """Joint angles between the two locked poses around `done`, and the key phases around them."""
    phases = stage.level.phases
    ways = len(phases) - 1
    way = min(int(done * ways), ways - 1)
    share = done * ways - way
    return pose_on(stage.locked, way, way + 1, share), phases[way], phases[way + 1], share


def pose_on(locked: Locked, way: int, to: int, share: float) -> Vec:
    """Joint angles at a share of a way, which leads from the pose of its number to another one."""
    knots: Sequence[Vec] = (locked.phases[way], *locked.between[way], locked.phases[to])
    at = share * (len(knots) - 1)
    i = min(int(at), len(knots) - 2)
    return np.asarray(knots[i] + (knots[i + 1] - knots[i]) * (at - i))


def soft(t: float) -> float:
    """0 to 1 with a soft start and end; what lies beyond stays at its end."""
    t = min(1.0, max(0.0, t))
    return t * t * (3 - 2 * t)
