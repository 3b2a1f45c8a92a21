"""Several locks of one member: which lie beneath which, and which speak for themselves.

A crisis and violence at home have help of their own, which no other text names, and open without anybody's leave.
"""

from collections.abc import Iterator

from bot.coach.disposition import Disposition, gravity
from bot.dialogue.member import Lock
from bot.library.quick import altered

_ALONE = frozenset({"violence"})


def chain(lock: Lock | None) -> Iterator[Lock]:
    """The lock and all beneath it."""
    while lock is not None:
        yield lock
        lock = lock.beneath


def is_alone(lock: Lock) -> bool:
    """Whether it speaks for itself."""
    return lock.disposition == Disposition.CRISIS or not _ALONE.isdisjoint(lock.items)


def kind_of(lock: Lock) -> tuple[int, bool]:
    """Of one kind are locks that one text speaks of and one way opens."""
    return gravity(Disposition(lock.disposition)), is_alone(lock)


def covered(new: Lock, firm: Lock | None) -> Lock | None:
    """What a new lock covers, and what a mistaken tap leaves standing; of more than one of its kind the first stays."""
    same = [each for each in chain(firm) if kind_of(each) == kind_of(new)]
    if len(same) < 2:
        return firm
    return _stacked([each for each in chain(firm) if each is not same[0]])


def joined(standing: Lock | None, new: Lock) -> Lock:
    """One more lock beside those that stand: beneath the graver ones, so that what came later is looked at later.

    Lists that ask go on asking, or else their yes counts.
    """
    if standing is None or _gravity(new) >= _gravity(standing):
        settled = None if standing is None else altered(standing, provisional=False)
        return altered(new, beneath=covered(new, settled))
    return altered(standing, beneath=joined(standing.beneath, new))


def _stacked(locks: list[Lock]) -> Lock | None:
    """`locks`: the uppermost first."""
    found: Lock | None = None
    for lock in reversed(locks):
        found = altered(lock, beneath=found)
    return found


def _gravity(lock: Lock) -> int:
    return gravity(Disposition(lock.disposition))
