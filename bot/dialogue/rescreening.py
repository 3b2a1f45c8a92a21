"""When the lists come before the next exercises (clinical rules 2.5): every four weeks, after a long pause, left open.

An unanswered list never counts as clear: it is asked again before the next exercises, whatever else the day holds.
"""

from datetime import date

from bot.coach.course import raises_question
from bot.coach.gate import open_gate
from bot.coach.records import DayRecord, Mode, session_days
from bot.dialogue.flows.changes import ChangesStart
from bot.dialogue.flows.lists import ListsStart
from bot.dialogue.flows.screening import ScreeningStart
from bot.dialogue.history import day_of, history_of, left_open
from bot.dialogue.keeping import NEWS
from bot.dialogue.kit import Kit
from bot.dialogue.member import Known
from bot.dialogue.moment import Moment
from bot.dialogue.starts import ACUTE_LISTS, LISTS, changes_start, screening_start
from bot.library.library import Library
from bot.library.quick import altered

_LEFT_OPEN = frozenset({"pause", "unanswered", "leg", "peak"})  # pain of the day has a flow of its own


def lists_start(known: Known, moment: Moment, kit: Kit) -> ListsStart | None:
    """The lists that are due now; None: the exercises may begin."""
    if _is_full_due(known, moment, kit):
        full = screening_start(kit, known, moment.day, LISTS)
        return ListsStart(
            screening=altered(full, singly=True, lead="lists/month"), changes=changes_start(kit, known, moment.day)
        )
    open_lines = _left_open(known, moment.day, kit)
    if open_lines is not None:
        return open_lines
    history, today = history_of(known, kit.library), day_of(known, moment.day.isoformat(), kit.library)
    gate = open_gate(history, altered(today, session=None, mode=None), kit.library.thresholds)
    is_due = gate.cause in _LEFT_OPEN if gate.mode is Mode.SCREEN else today.mode is Mode.SCREEN
    changes = changes_start(kit, known, moment.day) if is_new(known) else None
    if not is_due and not came_up(today, kit.library):
        return None if changes is None else ListsStart(screening=ScreeningStart(pages=()), changes=changes)
    lead = "lists/pause" if gate.cause == "pause" else "lists/open"
    screening = altered(screening_start(kit, known, moment.day, ACUTE_LISTS), lead=lead)
    return ListsStart(screening=screening, changes=changes)


def is_new(known: Known) -> bool:
    """Something new was told, and what came on top to mind has not been asked since."""
    return any(mark.what == NEWS for mark in known.marks)


def came_up(today: DayRecord, library: Library) -> bool:
    """Whether exercises of today brought up what lists 1 to 3 ask about, and these have not been answered since."""
    return raises_question(today.session, library) and not today.screened_clear


def _left_open(known: Known, day: date, kit: Kit) -> ListsStart | None:
    """Lines that concern the member since a birthday, a longer episode or a pregnancy; without them nothing begins."""
    missing = left_open(known, kit.library, day)
    if not missing:
        return None
    screening = altered(screening_start(kit, known, day, LISTS).only(missing), lead="lists/new")
    changes = changes_start(kit, known, day)
    lines = tuple((tags, line) for tags, line in changes.lines if line.item in missing)
    if not screening.pages and not lines:
        return None
    only = ChangesStart(tags=(), known=changes.known, lines=lines)
    return ListsStart(screening=screening, changes=only if lines else None)


def is_stale(known: Known, day: date, library: Library) -> bool:
    """Lists 1 to 3 were answered clear too long ago for anything to rise."""
    days = [{mark.day for mark in known.marks if mark.what == f"list-{number}"} for number in ACUTE_LISTS]
    clear = set.intersection(*days)
    limit = library.thresholds.rescreening.stale_days
    return not any((day - date.fromisoformat(each)).days <= limit for each in clear)


def _is_full_due(known: Known, moment: Moment, kit: Kit) -> bool:
    rules = kit.library.thresholds.rescreening
    if known.joined is None:
        return False
    whole = (known.screened_fully, known.minded_on)  # the lists without what to mind are half a screen
    asked = date.fromisoformat(min(part or known.joined for part in whole))
    if (moment.day - asked).days >= rules.full_days:
        return True
    sessions = [record.day for record in session_days(history_of(known, kit.library).days)]
    away = moment.day.toordinal() - sessions[-1] if sessions else 0
    return away >= rules.full_after_pause and asked.toordinal() <= sessions[-1]
