"""Breaks at the desk: two a working day for who wants them, from the second week on, never while lists are open."""

from datetime import date, time

from bot.coach.allowing import Exercises
from bot.coach.gate import open_gate
from bot.coach.place import Place
from bot.coach.profile import equipment_of, load_limit, tags_of
from bot.coach.records import Mode
from bot.dialogue.beside import planned_as, unwanted
from bot.dialogue.conversation import Ended, open_flow
from bot.dialogue.flows.desk import BREAKS, DESK_BREAK, IDEAS, BreakStart
from bot.dialogue.flows.portion_person import Work
from bot.dialogue.flows.session import Planned
from bot.dialogue.history import day_of, history_of, places_of, profile_of
from bot.dialogue.member import Known, Member
from bot.dialogue.rescreening import came_up, is_new
from bot.dialogue.turn import Draft

FROM_DAY = 7
WORKDAYS = range(5)
PATIENCE = 4  # unanswered in a row; then one comes on Mondays only
_NOON = 13  # o'clock: from here on it is the day's second break
_IDEA_EVERY = 3  # the third of three breaks is an idea
_APART = 60  # minutes between a break and the day's prompt
_TIMES = ((time(10, 30), time(11, 45)), (time(15), time(16, 15)))


def sits(known: Known) -> bool:
    """Whether breaks at a desk could be of use: not where somebody stands, carries, or has no work."""
    return known.about.work in {"", Work.SITTING, Work.MIXED}


def wants_breaks(known: Known) -> bool:
    return ("desk", "on") in known.settings


def break_times(prompt: time) -> tuple[tuple[str, time], ...]:
    """Both appointments with their times, away from the prompt's."""
    return tuple(
        (kind, first if _minutes_between(first, prompt) >= _APART else second)
        for kind, (first, second) in zip(BREAKS, _TIMES, strict=True)
    )


def _minutes_between(one: time, other: time) -> int:
    return abs(one.hour * 60 + one.minute - other.hour * 60 - other.minute)


def is_break_due(member: Member, day: date, kind: str) -> bool:
    """On working days; who leaves them unanswered gets them rarely."""
    known = member.known
    if not wants_breaks(known) or known.since is None or day.weekday() not in WORKDAYS:
        return False
    if (day - date.fromisoformat(known.since)).days < FROM_DAY:
        return False
    return member.unanswered_breaks < PATIENCE or (day.weekday() == 0 and kind == BREAKS[0])


def begin_break(draft: Draft) -> list[Ended]:
    """Exercises and ideas for the everyday take turns; none where the day's lists are still open."""
    moves, ideas = _fitting(draft)
    if draft.kit.exercises is Exercises.OFF:
        moves = []
    if not moves and not ideas:
        return []
    draft.change(unanswered_breaks=draft.member.unanswered_breaks + 1)
    number = 2 * draft.moment.day.toordinal() + (draft.moment.local.hour >= _NOON)
    turn = number // _IDEA_EVERY
    if ideas and (number % _IDEA_EVERY == 0 or not moves):
        return open_flow(draft, DESK_BREAK, BreakStart(idea=ideas[turn % len(ideas)]))
    return open_flow(draft, DESK_BREAK, BreakStart(move=moves[(number - turn) % len(moves)]))


def _fitting(draft: Draft) -> tuple[list[Planned], list[str]]:
    """What is allowed today: moves of the desk's playlist, and ideas. None of it where the lists are open."""
    known, library = draft.member.known, draft.kit.library
    history, today = history_of(known, library), day_of(known, draft.moment.day.isoformat(), library)
    gate = open_gate(history, today, library.thresholds)
    if gate.mode in {Mode.STOP, Mode.SCREEN} or today.mode is Mode.SCREEN or came_up(today, library) or is_new(known):
        return [], []
    profile = profile_of(known, library, draft.moment.day)
    tags = tags_of(profile, library) | ({"AF"} if gate.flaring else set())
    limit, places = min(load_limit(profile, library), gate.max_load), places_of(known)
    fitting: list[Planned] = []
    refused = unwanted(known, draft.moment.day, library.thresholds)
    for name in library.thresholds.playlists.get("desk", ()):
        exercise = library.exercises.get(name)
        if exercise is None or name in refused or exercise.load == "W" or exercise.load > limit:
            continue
        levels = exercise.allowed_levels(tags)
        if levels and equipment_of(profile).issuperset(exercise.equipment):
            level = places[name].level if name in places and places[name].level in levels else levels[0]
            fitting.append(planned_as(name, Place(level, 1, 1), library))
    ideas = [idea for idea, like in IDEAS.items() if library.exercises[like].allowed_levels(tags)]
    return fitting, [] if gate.flaring else ideas
