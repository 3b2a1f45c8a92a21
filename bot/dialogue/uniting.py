"""Two places of one person become one: flags, locks and tags are united, the stricter wins. Nothing else is.

`flags_of` takes them from the document that goes, `unite` adds them to what is known of the one that stays.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from bot.coach.disposition import Disposition, worst
from bot.dialogue.facts_places import United
from bot.dialogue.keeping import NEWS
from bot.dialogue.locks import chain, kind_of
from bot.dialogue.member import Known, Lock, Mark, Once

_GRAVER = ("no", "known", "unsure", "yes")
_ALWAYS = frozenset({"flare", "due", NEWS})
_OF_A_STOP = frozenset({"stopped", "cleared"})


def is_onboarded(known: Known) -> bool:
    """Consented, screened and asked what to mind: there is a history. Before that a place has only answers to ask."""
    return bool(known.consents) and known.tags is not None and known.disposition is not None


def flags_of(known: Known, channel: str) -> United:
    """Its flags. A yes whose follow-up was still open counts: nobody will ask it there any more."""
    return United(
        channel=channel,
        disposition=known.disposition or "",
        locks=tuple((lock.disposition, lock.since, lock.items) for lock in chain(known.lock)),
        answers=tuple(pair for pair in known.answers if pair[1] != "no"),
        once=tuple(each.item for each in known.once if not each.asked),
        tags=known.tags or (),
        crisis_on=known.crisis_on or "",
        limits=known.limits,
        marks=tuple((mark.day, mark.what) for mark in known.marks if mark.what in _ALWAYS | _OF_A_STOP),
        before=_apart_from_locks(known),
        soft=known.soft_since or "",
    )


def unite(known: Known, other: United, day: date) -> Known:
    """What is known with the other side's flags: never milder than either side was.

    A side that is not onboarded takes locks and what a crisis means; all the rest it will be asked itself before any
    exercise, and an answer of the other side must not make it skip a list.
    """
    lock = _united_lock(known, other)
    crisis = max(known.crisis_on or "", other.crisis_on) or None
    limits = tuple(dict.fromkeys((*known.limits, *other.limits)))
    united = replace(known, lock=lock, crisis_on=crisis, limits=limits, marks=_marks(known, other, day))
    if lock is not None:
        united = replace(united, disposition=_worst(lock.disposition, known.disposition))
    if not is_onboarded(known):
        return united
    return replace(
        united,
        lock=_never_below(united.lock, other.before),
        soft_since=min(filter(None, (known.soft_since, other.soft)), default=None),
        disposition=_worst(united.disposition, other.disposition),
        tags=tuple(dict.fromkeys((*(known.tags or ()), *other.tags))),
        answers=_answers(known.answers, other.answers),
        once=(*known.once, *_once(known, other, day)),
    )


def _once(known: Known, other: United, day: date) -> Iterator[Once]:
    own = {each.item for each in known.once if not each.asked}
    return (Once(item=item, day=day.isoformat()) for item in other.once if item not in own)


def _apart_from_locks(known: Known) -> str:
    locks = list(chain(known.lock))
    soft = Disposition.DOCTOR_SOFT.value if known.soft_since else ""
    told = locks[-1].before if locks else known.disposition
    return _worst(told, soft) if told or soft else ""


def _never_below(lock: Lock | None, before: str) -> Lock | None:
    """What a lock leads back to when its tap is corrected is never milder than what the other side brought."""
    if lock is None or not before:
        return lock
    return replace(lock, before=_worst(lock.before, before), beneath=_never_below(lock.beneath, before))


def _worst(*dispositions: str | None) -> str:
    return worst(Disposition(each) for each in dispositions if each).value


def _united_lock(known: Known, other: United) -> Lock | None:
    """The gravest on top. A follow-up under way goes on where its lock is the gravest; else its yes counts."""
    own = list(chain(known.lock))
    if not other.locks:
        return known.lock
    before = known.disposition if known.lock is None else known.lock.before
    taken = [
        Lock(disposition=disposition, since=since, items=items, corrected=True, before=before)
        for disposition, since, items in other.locks
    ]
    asking = own.pop(0) if own and own[0].provisional else None
    firm = _stacked([*own, *taken])
    if asking is None:
        return firm
    if firm is None or kind_of(asking) > kind_of(firm):
        return replace(asking, beneath=firm)
    return _stacked([*own, *taken, replace(asking, provisional=False)])


def _stacked(locks: Iterable[Lock]) -> Lock | None:
    """One lock of a kind, the latest one, and no tap takes back what two of them said; the milder beneath."""
    found: Lock | None = None
    for lock in sorted(locks, key=lambda each: (kind_of(each), each.since)):
        if found is not None and kind_of(found) == kind_of(lock):
            found = replace(lock, beneath=found.beneath, corrected=True)
        else:
            found = replace(lock, beneath=found)
    return found


def _marks(known: Known, other: United, day: date) -> tuple[Mark, ...]:
    """Flare-ups and lists that are due; a stop with its clearance only beside no lock of one's own.

    A clearance there does not clear what is stopped here, and a lock that comes along stops from today on.
    """
    wanted = _ALWAYS if known.lock is not None or other.locks else _ALWAYS | _OF_A_STOP
    marks = {(mark.day, mark.what) for mark in known.marks if mark.what in _ALWAYS}
    new = [Mark(day=when, what=what) for when, what in other.marks if what in wanted and (when, what) not in marks]
    if other.locks:
        new.append(Mark(day=day.isoformat(), what="stopped"))
    return tuple(sorted((*known.marks, *new), key=lambda mark: mark.day))


def _answers(own: tuple[tuple[str, str], ...], others: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    united = dict(own)
    for item, answer in others:
        united[item] = max(united.get(item, "no"), answer, key=_GRAVER.index)
    return tuple(united.items())
