"""What a physiotherapist told a member to leave out, beside the content's own skip tags. It only ever narrows.

A limit is a skip tag of the member's own, so whatever reads skip tags reads it: plan, minute, flare-up, desk, tests.
`not:<exercise>`, `most:<exercise>:<level>`, `only:<exercise>` (several: any of these), `move:<movement>`.
"""

from collections.abc import Collection
from enum import StrEnum

NOT, MOST, ONLY, MOVE = "not", "most", "only", "move"


class Movement(StrEnum):
    """What a practice forbids as a movement."""

    BEND = "bend"  # the back rounds, or the trunk leans forward
    ARCH = "arch"  # the back bends backwards
    TWIST = "twist"  # the trunk turns, leans to the side, or works against being turned
    OVERHEAD = "overhead"  # the arms at shoulder height or above
    FLOOR = "floor"  # down to the floor and up again


FLOOR_TAG = "FL"


def is_limit(tag: str) -> bool:
    return ":" in tag


def of_exercise(kind: str, exercise: str, level: int = 0) -> str:
    return f"{kind}:{exercise}:{level}" if level else f"{kind}:{exercise}"


def of_movement(movement: Movement) -> str:
    return f"{MOVE}:{movement.value}"


def with_floor(limits: Collection[str]) -> frozenset[str]:
    """The floor is what the content itself minds by a tag."""
    floor = {FLOOR_TAG} if of_movement(Movement.FLOOR) in limits else set()
    return frozenset((*limits, *floor))


def levels_within(
    tags: Collection[str], exercise: str, moves: Collection[str], levels: tuple[int, ...]
) -> tuple[int, ...]:
    """The levels that a member's own limits leave; one that cannot be read leaves none."""
    only = [tag for tag in tags if tag.startswith(f"{ONLY}:")]
    if only and of_exercise(ONLY, exercise) not in only:
        return ()
    for tag in tags:
        kind, _, rest = tag.partition(":")
        if (kind == NOT and rest == exercise) or (kind == MOVE and rest in moves):
            return ()
        name, _, most = rest.partition(":")
        if kind == MOST and name == exercise:
            levels = tuple(level for level in levels if most.isdecimal() and level <= int(most))
    return levels
