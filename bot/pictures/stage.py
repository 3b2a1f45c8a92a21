"""One exercise level set up for drawing: its key moments, its ground, and a panel of any moment as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from bot.pictures import marks, outfit, scenery
from bot.pictures.arrows import arrow_course, arrow_shape, breath_course
from bot.pictures.bags import bag_layers, bag_room
from bot.pictures.bags import held_by as bags_held_by
from bot.pictures.band import band_layers, band_room
from bot.pictures.body import FLAT, Figure
from bot.pictures.bottle import bottle_layers, bottles, held_by
from bot.pictures.contacts import FLOORS, STEPS, Floor, kept
from bot.pictures.fitting import fitted
from bot.pictures.front_measures import feet_off_mat
from bot.pictures.front_profiles import LIES_BEHIND
from bot.pictures.front_skeleton import FRONT_SIDES
from bot.pictures.furniture import furnishing, furniture, pillow_layers, posts_before
from bot.pictures.layers import Canvas, Layer
from bot.pictures.lifted import lifted_layers, pack_lifted
from bot.pictures.lock import Locked
from bot.pictures.loops import loop_layers
from bot.pictures.outline import NOTHING, union
from bot.pictures.poses import Level, Phase
from bot.pictures.profiles import Vec
from bot.pictures.regions import badges, numbered, region_layers, region_room
from bot.pictures.rolling import rolling_layers, rolling_room
from bot.pictures.skeleton import Placed
from bot.pictures.stairs import flight, lowest, whole
from bot.pictures.stick import stick_layers, stick_shape
from bot.pictures.svg import View, layers_svg, shadow
from bot.pictures.theme import Person
from bot.pictures.tied import handle_layers, tied_layers, tied_room
from bot.pictures.towel import strand_layers, towel_room
from bot.pictures.views import draw_figure

MARGIN = 0.045  # of ground on either side of the body
NARROW_MARGIN = 0.022
MARGIN_FROM_ABOVE = 0.075  # arms may reach beyond a mat
EDGE_BEYOND = 0.016  # body heights that a mat goes on in front of what lies on it
HAND_SHADE = 0.06  # body heights, half as wide as the shade of a lifted hand
LENS_BOLDNESS = 0.5
LINE_CLEAR = 0.004  # body heights between an arm and the dashes that go on behind it
SEEN_LIFTED = 0.02  # body heights
_NEAR_FLOOR = box(-9, -1, 9, 0.2)
NORMAL_SCALE = 740  # pixels per body height at which marks have their normal thickness


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """A figure and what is to be seen on it; in a film signs and muscles come and go."""

    phase: Phase
    figure: Figure
    courses: tuple[Vec, ...] = ()
    lens_courses: tuple[Vec, ...] = ()
    muscles: float = 1
    signs: float = 1
    line: float = 1
    travelled: float | None = None  # of a walk: the way comes to the walker
    goal: Figure | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """All moments of one level and the ground they share."""

    level: Level
    locked: Locked
    person: Person
    moments: tuple[Moment, ...]
    span: scenery.Span
    lies_within: scenery.Bounds | None = None  # the mat, seen from above
    beside: "Stage | None" = None  # the first moment from its other side
    margin: float = MARGIN

    @property
    def pace(self) -> float:
        """How far the body comes from the first moment to the last: of a walk, one step."""
        return float(self.locked.phases[-1][0] - self.locked.phases[0][0])


def set_stage(level: Level, locked: Locked, person: Person) -> Stage:
    person = replace(person, shoes=level.props.shoes)
    other = level.from_beside
    beside = None
    if other is not None and locked.beside is not None:
        beside = set_stage(other, Locked((locked.beside,), (), other.view), person)
    level, locked = fitted(level, locked, person.physique)
    bodies = [phase.rig.place(pose, phase.build) for pose, phase in zip(locked.phases, level.phases, strict=True)]
    moments = [
        Moment(
            phase,
            draw_figure(body, person, phase.shapes),
            courses(phase, bodies[i - 1], body),
            tuple(arrow_course(arrow, bodies[i - 1], body) for arrow in phase.arrows if arrow.in_lens),
        )
        for i, (phase, body) in enumerate(zip(level.phases, bodies, strict=True))
    ]
    if level.from_above:
        on_mat = union(*(moment.figure.without_arms for moment in moments))
        return Stage(level, locked, person, tuple(moments), (0, 0), on_mat.buffer(MARGIN_FROM_ABOVE).bounds, beside)
    standing = union(*(moment.figure.silhouette for moment in moments), furnishing(level.props))
    left, _, right, _ = standing.intersection(_NEAR_FLOOR).bounds
    margin = MARGIN if level.props.stairs is None else 0  # stairs are widened to whole steps
    span = (left - margin, right + margin)
    return Stage(level, locked, person, tuple(moments), span, beside=beside)


def on_own_ground(stage: Stage, moment: Moment) -> Stage:
    """The same with a mat, or a floor, for this moment alone: one of many, for which there is little room."""
    left, _, right, _ = union(moment.figure.silhouette, furnishing(stage.level.props)).intersection(_NEAR_FLOOR).bounds
    return replace(stage, span=(left - NARROW_MARGIN, right + NARROW_MARGIN), margin=NARROW_MARGIN)


def courses(phase: Phase, before: Placed, now: Placed) -> tuple[Vec, ...]:
    """The arrows of a phase; a breath is one too."""
    found = [arrow_course(arrow, before, now) for arrow in phase.arrows if not arrow.in_lens]
    if phase.breath is not None:
        found.append(breath_course(now, phase.breath))
    return tuple(found)


def content(moment: Moment) -> BaseGeometry:
    """Everything a layout must leave room for, without the ground."""
    return union(moment.figure.silhouette, *(arrow_shape(course).buffer(0.01) for course in moment.courses))


def room(stage: Stage, moment: Moment) -> BaseGeometry:
    """All that must be seen: the figure with its signs, what it carries, and furniture."""
    carried = (outfit.pack(moment.figure.placed),) if stage.level.props.backpack else ()
    held = bottles(moment.figure.placed, stage.level.props.bottle)
    along = (stick_shape(moment.figure.placed),) if stage.level.props.stick else ()
    pulled = band_room(moment.figure.placed, stage.level.props)
    tied = tied_room(stage.level.props, moment.figure.placed)
    bags = bag_room(stage.level.props.bag, moment.figure.placed)
    held = union(held, pulled, tied, bags, _lifted(stage, moment))
    props, body = stage.level.props, moment.figure.placed
    lent = union(furnishing(props), rolling_room(props, body), towel_room(moment.figure, props.towel))
    told = region_room(numbered(moment.figure, moment.phase.regions))
    return union(content(moment), lent, held, *carried, *along, told)


def _lifted(stage: Stage, moment: Moment) -> BaseGeometry:
    height = stage.level.props.lifted
    return union() if height is None else pack_lifted(moment.figure.placed, height).buffer(0.01)


def bounds(stage: Stage, moment: Moment) -> tuple[float, float, float, float]:
    left, low, right, top = room(stage, moment).bounds
    if stage.lies_within is not None:
        x, y, x_to, y_to = stage.lies_within
        return min(left, x), min(low, y - scenery.THICKNESS), max(right, x_to), max(top, y_to)
    low = _edges(stage, moment)[0] - (scenery.THICKNESS if stage.level.props.mat else 0)
    ground_left, ground_right = _ground(stage, moment)
    if any(arrow.step is not None for phase in stage.level.phases for arrow in phase.arrows):
        low = min(low, *(float(course[-1, 1]) - scenery.THICKNESS for one in stage.moments for course in one.courses))
    if _comes_ahead(stage):
        low, middle, half = scenery.AHEAD_NEAR, float(np.mean(stage.span)), scenery.AHEAD_HALF[1]
        ground_left, ground_right = middle - half, middle + half
    near, far = (scenery.skewed(edge) for edge in _edges(stage, moment))
    if stage.level.props.stairs is not None:
        low = lowest(stage.level.props.stairs, stage.span)
        ground_left, ground_right = whole(stage.level.props.stairs, (ground_left, ground_right))
    if stage.level.props.wall is not None:
        top = max(top, stage.level.props.wall.top)
    return min(left, ground_left + near), low, max(right, ground_right + far), top


def _comes_ahead(stage: Stage) -> bool:
    """Whether a way comes to the viewer."""
    return stage.level.props.path and stage.level.view == "front"


def _edges(stage: Stage, moment: Moment) -> tuple[float, float]:
    """The near and the far one of the mat: it reaches as far as the body that is on it, in one movement throughout."""
    phases = (moment.phase,) if stage.level.flow else stage.level.phases
    surfaces = (FLOORS[name] for phase in phases for name in kept(phase.on).values() if name in FLOORS)
    heights = [surface.y for surface in surfaces if isinstance(surface, Floor)]
    near = min(scenery.NEAR_EDGE, min(heights, default=0) - EDGE_BEYOND)
    kneels = any(kept(moment.phase.on).get(f"knee.{side}") == "floor" for side in FRONT_SIDES)
    return near, scenery.FAR_EDGE + (LIES_BEHIND[1] + 2 * EDGE_BEYOND if kneels else 0)


def _ground(stage: Stage, moment: Moment) -> scenery.Span:
    if stage.level.props.mat or moment.travelled is not None:
        return stage.span
    stairs, wall = stage.level.props.stairs, stage.level.props.wall
    standing = union(moment.figure.silhouette, furnishing(stage.level.props), _lifted(stage, moment))
    if stairs is not None:
        left, _, right, _ = standing.intersection(box(-9, -1, 9, (len(STEPS) + 1) * stairs.rise)).bounds
        return left, right
    left, _, right, _ = standing.intersection(box(-9, -1, 9, 0.12)).bounds
    if wall is not None:
        left, right = min(left, wall.x), max(right, wall.x)
    return left - stage.margin, right + stage.margin


def panel(stage: Stage, moment: Moment, view: View) -> str:
    """The moment with its ground, from back to front."""
    figure = moment.figure
    under, over = _muscles(moment)
    goal = () if moment.goal is None else marks.goal_outline(moment.goal, figure, moment.signs)
    signs = _signs(moment, view.scale)
    pack, strap = _carried(stage, figure)
    far_arm, near_arm = (
        (*_held(stage, figure, "far"), *strand_layers(figure, stage.level.props.towel, "far"), *figure.far_arm),
        (*_held(stage, figure, "near"), *strand_layers(figure, stage.level.props.towel, "near"), *figure.near_arm),
    )
    along = stick_layers(figure.placed) if stage.level.props.stick else ()
    lifted = lifted_layers(figure.placed, stage.level.props.lifted)
    body = (
        *goal,
        *far_arm,
        *pillow_layers(stage.level.props),
        *pack,
        *lifted,
        *figure.layers,
        *strap,
        *under,
        *along,
        *near_arm,
        *posts_before(stage.level.props),
        *over,
        *tied_layers(stage.level.props, figure.placed),
        *signs,
        *region_layers(places := numbered(figure, moment.phase.regions)),
    )
    fixed = (*furniture(stage.level.props), *handle_layers(stage.level.props))
    things = (*fixed, *rolling_layers(stage.level.props, figure.placed))
    scene, furnished = (layers_svg(layers, view) for layers in (_scenery(stage, moment), things))
    return "\n".join([scene, _shadows(stage, figure, view), furnished, layers_svg(body, view), *badges(places, view)])


def _carried(stage: Stage, figure: Figure) -> tuple[Sequence[Layer], Sequence[Layer]]:
    """Behind the trunk, and over shirt and trousers."""
    if stage.level.props.loop:
        return (), loop_layers(figure.placed)
    if not stage.level.props.backpack:
        return (), ()
    return outfit.pack_behind(figure.placed), outfit.pack_strap(figure.placed)


def _held(stage: Stage, figure: Figure, side: str) -> Sequence[Layer]:
    """Behind the hand that holds it. Seen from the front all hands come together."""
    props, body = stage.level.props, figure.placed
    if body.view == "front":
        return _bags(stage, figure, FRONT_SIDES if side == "near" else ())
    held = (*band_layers(body, props, side, figure.shift[side]), *_bags(stage, figure, (side,)))
    return (*held, *bottle_layers(body, side, figure.shift[side])) if side in held_by(props.bottle) else held


def _bags(stage: Stage, figure: Figure, sides: Sequence[str]) -> tuple[Layer, ...]:
    bag, body = stage.level.props.bag, figure.placed
    if bag is None:
        return ()
    hands = [side for side in bags_held_by(bag, body.view) if side in sides]
    return tuple(layer for side in hands for layer in bag_layers(bag, body, side, figure.shift[side]))


def lens_panel(stage: Stage, moment: Moment, view: View, around: BaseGeometry) -> str:
    """What a lens shows: no arms and no piece of a muscle in the way, only the arrows meant for it, cut to the lens."""
    arrows = [
        layer for course in moment.lens_courses for layer in marks.arrow_layers(course, moment.signs, LENS_BOLDNESS)
    ]
    layers = (
        *_scenery(stage, moment),
        *furniture(stage.level.props),
        *pillow_layers(stage.level.props),
        *rolling_layers(stage.level.props, moment.figure.placed),
        *moment.figure.layers,
        *(arrows if moment.signs > 0 else ()),
    )
    # Cut here, because a clip path costs the rasteriser as much as the whole picture.
    cut = [replace(layer, shape=layer.shape.intersection(around)) for layer in layers]
    return layers_svg([layer for layer in cut if not layer.shape.is_empty], view)


def _scenery(stage: Stage, moment: Moment) -> Sequence[Layer]:
    if stage.lies_within is not None:
        return (*scenery.mat_from_above(stage.lies_within), *_shade(moment.figure))
    ground, stairs = _ground(stage, moment), stage.level.props.stairs
    if stairs is not None:
        floor = flight(stairs, ground, lowest(stairs, stage.span), moment.travelled or 0)
    elif _comes_ahead(stage):
        floor = scenery.path_ahead(float(np.mean(stage.span)))
    elif stage.level.props.path:
        floor = scenery.path(ground, moment.travelled or 0, stage.pace)
    else:
        floor = scenery.mat(ground, *_edges(stage, moment)) if stage.level.props.mat else scenery.floor_plate(ground)
    air = marks.gap_layers(moment.figure.placed, stage.level.surfaces()) if moment.phase.show_gap else ()
    return (*floor, *scenery.walls(stage.level.surfaces()), *air)


def _shade(figure: Figure) -> Sequence[Layer]:
    """Of somebody on the back; whose knees point up and feet hang in the air has a shade far away."""
    legs = [(feet_off_mat(figure.placed, side), leg) for side, leg in figure.legs.items()]
    lifted = [(height, leg) for height, leg in legs if height > SEEN_LIFTED]
    low = union(figure.trunk, figure.head, *figure.arms.values())
    return scenery.shade_below(low if lifted else figure.silhouette, lifted)


def _shadows(stage: Stage, figure: Figure, view: View) -> str:
    if stage.level.props.stairs is not None or stage.lies_within is not None:
        return ""  # feet stand at many heights there; whoever lies has a shade of their own
    standing = union(figure.silhouette, furnishing(stage.level.props))
    flat = [(view.pixels(np.array([[middle, -0.006]]))[0], half) for middle, half in scenery.shadow_spots(standing)]
    flat += [(view.pixels(spot[None])[0], HAND_SHADE) for spot in _below_lifted_hand(stage, figure)]
    return "\n".join(shadow(x, y, half * view.scale, 0.017 * view.scale) for (x, y), half in flat)


def _below_lifted_hand(stage: Stage, figure: Figure) -> list[Vec]:
    """On the ground in front of the body: of a hand that lies there in one phase and is lifted in another."""
    lies = {phase.on.get("hand.near") for phase in stage.level.phases}
    grounds = [surface.y for surface in map(FLOORS.get, filter(None, lies)) if isinstance(surface, Floor)]
    low = min(grounds, default=0)
    if stage.level.flow or figure.placed.view == "front" or len(lies) == 1 or low >= -EDGE_BEYOND:
        return []
    return [np.array([figure.placed.points["palm.near"][0], low])]


def _muscles(moment: Moment) -> tuple[Sequence[Layer], Sequence[Layer]]:
    """Under the near arm and over it."""
    under, over = Canvas(), Canvas()
    if moment.muscles > 0:
        for names, paint in ((moment.phase.works, marks.working), (moment.phase.stretch, marks.stretching)):
            for name in names:
                muscle = marks.spindle(moment.figure, name)
                paint(over if muscle.on_arm else under, muscle, moment.muscles)
    return under.layers, over.layers


def _signs(moment: Moment, scale: float) -> Sequence[Layer]:
    boldness = min(1.3, max(0.8, NORMAL_SCALE / scale))
    layers: list[Layer] = []
    if moment.phase.align is not None and moment.line > 0:
        shift = moment.figure.shift.get("near", FLAT) * 0.5
        arm = moment.figure.arms.get("near", NOTHING).buffer(LINE_CLEAR)
        layers += marks.straight_line(moment.figure.placed, moment.phase.align, shift, moment.line, arm)
    if moment.signs > 0 and moment.courses:
        hands = marks.hands(moment.figure)
        for course in moment.courses:
            layers += marks.arrow_layers(course, moment.signs, boldness, hands)
    return layers
