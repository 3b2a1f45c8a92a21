"""When a lock may be spoken about again, and what the way back begins with. Explicit clearance only (invariant I16)."""

from datetime import date, timedelta

from bot.coach.disposition import Disposition
from bot.coach.place import Place, reopened
from bot.coach.screening import Answer, disposition_of
from bot.dialogue.facts import Decided
from bot.dialogue.flows.changes import ChangesStart
from bot.dialogue.flows.clearing import ClearanceStart, Seen
from bot.dialogue.flows.lines import KNOWN
from bot.dialogue.history import places_of, profile_of
from bot.dialogue.kit import Kit
from bot.dialogue.locks import chain, is_alone
from bot.dialogue.member import Known, Lock
from bot.dialogue.moment import Moment, from_micros
from bot.dialogue.starts import LISTS, changes_start, screening_start

NOT_BEFORE = timedelta(hours=24)  # after an emergency or a crisis (EXPERIENCE, "The first four minutes")
LEVELS_DOWN = 2  # "lowest form or two levels down"
_DAYS_AGO = {Seen.YESTERDAY: 1, Seen.WEEK: 2, Seen.EARLIER: 7}  # each was at least so many days ago


def can_clear(lock: Lock, now: Moment) -> bool:
    """Doctor first at once; urgent not in the very turn it was said; emergency and crisis after a day.

    What lies beneath opens with it, so its time must have come too. None while the lists still ask: which line it is
    tells what a practice would have to look at.
    """
    return all(not each.provisional and _has_waited(each, now) for each in chain(lock))


def _has_waited(lock: Lock, now: Moment) -> bool:
    since = now.now - from_micros(lock.since)
    match Disposition(lock.disposition):
        case Disposition.DOCTOR_FIRST:
            return True
        case Disposition.URGENT:
            return since > timedelta(0)
        case _:
            return since >= NOT_BEFORE


def clearance_start(kit: Kit, known: Known, now: Moment) -> ClearanceStart | None:
    """`None` while it is too early. What only a practice can judge is not asked again; signs of an emergency are."""
    lock = known.lock
    if lock is None or not can_clear(lock, now):
        return None
    screening = screening_start(kit, known, now.day, LISTS)
    changes = _changes(kit, known, now.day)
    judged = _judged(kit, known, lock)
    screening = screening.without(judged)
    changes = None if changes is None else changes.without(judged)
    return ClearanceStart(
        disposition=lock.disposition,
        screening=screening,
        changes=changes,
        needs_sure=lock.disposition != Disposition.DOCTOR_FIRST,
        practice=bool(_for_practice(lock)),
        before=_before(lock, now),
        places=tuple(_reopened(kit, known, now.day)),
    )


def _judged(kit: Kit, known: Known, lock: Lock) -> set[str]:
    """Lines that a practice has judged, now or long ago: an honest answer would close it again and again.

    New fever or weakness is no such, and after a graver lock everything acute is asked.
    """
    doctor_first, answers = Disposition.DOCTOR_FIRST, dict(known.answers)
    items = kit.library.screening.items
    acute = {item.id for item in items if item.list is not None and item.list < LISTS[-1]}
    told = {i.id for i in items if i.id in answers and disposition_of(i, Answer(answers[i.id])) is doctor_first}
    long_known = {item for item in lock.items if answers.get(item) == KNOWN and lock.disposition == doctor_first}
    return (told - acute) | long_known | (set(lock.items) - acute if lock.disposition == doctor_first else set())


def _changes(kit: Kit, known: Known, day: date) -> ChangesStart | None:
    """Where what to mind was never asked, the first conversation goes on to ask it, with its warning signs."""
    return None if known.tags is None else changes_start(kit, known, day)


def _for_practice(lock: Lock) -> list[Lock]:
    """What of it nobody but a practice opens."""
    return [each for each in chain(lock) if not is_alone(each)]


def _before(lock: Lock, now: Moment) -> tuple[str, ...]:
    """Which visits were certainly before the flag. Doctor first is often about something looked at long ago."""
    locks = _for_practice(lock)
    if all(each.disposition == Disposition.DOCTOR_FIRST for each in locks):
        return ()
    since = max(each.since for each in locks)
    days = (now.day - from_micros(since).astimezone(now.zone).date()).days
    return tuple(seen.value for seen, ago in _DAYS_AGO.items() if days < ago)


def soft_clearance_start(kit: Kit, known: Known, day: date) -> ClearanceStart | None:
    """Something was to be looked at while gentle things went on; None where nothing was.

    Only a practice's word lifts it (clinical rules 2.2). What it judged is not asked again; places stay as they are.
    """
    if known.lock is not None or known.disposition != Disposition.DOCTOR_SOFT:
        return None
    soft = {item.id for item in kit.library.screening.items if item.soft}
    present = {item for item, answer in known.answers if answer != "no"}
    screening = screening_start(kit, known, day, LISTS).without(soft & present)
    changes = _changes(kit, known, day)
    return ClearanceStart(disposition=Disposition.DOCTOR_SOFT.value, screening=screening, changes=changes)


def _reopened(kit: Kit, known: Known, day: date) -> list[Decided]:
    rules = kit.library.thresholds
    tags = profile_of(known, kit.library, day).tags
    made: list[Decided] = []
    for exercise, place in places_of(known).items():
        content = kit.library.exercises.get(exercise)
        new = place if content is None else reopened(place, tags, content, LEVELS_DOWN)
        if new != place:
            made.append(_decided(exercise, place, new, rules.sources_of("R_FLAG"), str(rules.version)))
    return made


def _decided(exercise: str, old: Place, new: Place, sources: tuple[str, ...], version: str) -> Decided:
    return Decided(
        exercise=exercise,
        change="level_down" if new.level < old.level else "dose_down",
        rule="R_FLAG",
        level=new.level,
        dose_step=new.step,
        sets=new.sets,
        levels=new.level - old.level,
        inputs=(("level", str(old.level)),),
        sources=sources,
        version=version,
    )
