"""What stands beside the day's exercises: one minute, something else instead, the week so far, the prompt's words."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time
from itertools import islice
from zlib import crc32

from bot.coach.place import Place
from bot.coach.profile import tags_of
from bot.coach.programme import fitting_exercises, lowest_place, seconds_of
from bot.coach.today import Day, is_veto_on, is_vetoed, may_come
from bot.dialogue.day_records import ordinal
from bot.dialogue.flows.session import Planned
from bot.dialogue.history import in_turn
from bot.dialogue.member import Known, Member
from bot.dialogue.moment import Moment
from bot.library.library import Library
from bot.library.thresholds import Thresholds

WORDINGS = 12
GOAL = 3  # active days a week, until the member names a number
SPARES = 2
EARLIER = 4  # days: measuring wants a normal day, and the fifth week is an easier one
GRIEF_DAYS = 14  # after a crisis: no groups, no cards, no questions about the person (EXPERIENCE, "Always true")
_NOON, _EVENING = time(11), time(16)


def planned_as(exercise: str, place: Place, library: Library) -> Planned:
    """An exercise beside the plan: as it stands, nothing raised."""
    content = library.exercises[exercise]
    return Planned(
        exercise=exercise,
        level=place.level,
        step=place.step,
        sets=place.sets,
        amount=content.amount(place.step),
        unit=content.unit.value,
    )


def one_minute(known: Known, day: Day) -> Planned | None:
    """One set of something gentle that is over within a minute, waiting longest first."""
    rules = day.rules.gate
    for exercise, place in _gentle(known, day, rules.micro_max_load):
        single = replace(place, step=1, sets=1)
        if seconds_of(day.library.exercises[exercise], single, day.rules) <= rules.micro_minutes * 60:
            return planned_as(exercise, single, day.library)
    return None


def spares(known: Known, day: Day, today: frozenset[str]) -> tuple[Planned, ...]:
    """What may come instead of something unwanted: gentle things, so that no limit of the week is touched."""
    found = (
        planned_as(exercise, place, day.library)
        for exercise, place in _gentle(known, day, day.rules.gate.micro_max_load)
        if exercise not in today
    )
    return tuple(islice(found, SPARES))


def unwanted(known: Known, day: date, rules: Thresholds) -> frozenset[str]:
    """What the member does not want for now, wherever it would be offered."""
    refused = (veto for veto in known.vetoes if is_veto_on(ordinal(veto.day), day.toordinal(), rules))
    return frozenset(veto.exercise for veto in refused)


def _gentle(known: Known, day: Day, limit: int) -> Iterator[tuple[str, Place]]:
    """Known gentle exercises, then those that could join."""
    places = in_turn(known)
    tags = tags_of(day.profile, day.library)
    for exercise, place in places.items():
        load = day.library.exercises[exercise].load if exercise in day.library.exercises else "W"
        allowed = load != "W" and place.level in day.library.exercises[exercise].allowed_levels(tags)
        if load != "W" and load <= limit and allowed and may_come(exercise, day):
            yield exercise, place
    for new, needs in fitting_exercises(day.profile, day.library, limit, acute_settled=False):
        if new.exercise not in places and not needs and not is_vetoed(new.exercise, day):
            yield new.exercise, lowest_place(day.library.exercises[new.exercise], day.profile, day.library)


def days_done(known: Known, today: date) -> int:
    """Active days of this week before today; any movement counts."""
    monday = today.toordinal() - today.weekday()
    done = {memo.day for memo in known.sessions if any(each.done for each in memo.exercises)}
    return sum(monday <= date.fromisoformat(day).toordinal() < today.toordinal() for day in done)


def trained_today(known: Known, today: date) -> bool:
    """A session of today was finished: nothing is offered by itself any more."""
    return any(memo.day == today.isoformat() and memo.finished for memo in known.sessions)


def was_ill(known: Known) -> bool:
    """There was an illness, and no more than a minute was done since it began: the first day back is a smaller one."""
    last = max((memo.day for memo in known.sessions if not memo.minute), default="")
    pauses = (*known.pauses, *((known.pause,) if known.pause else ()))
    return any(pause.why == "ill" and last <= pause.since for pause in pauses)


def is_test_due(known: Known, today: date, days: int) -> bool:
    """So many days after the last measurement it is offered anew; at first before the first easier week."""
    last = max((tested.day for tested in (*known.tests, *known.halted)), default=None)
    since = known.since if last is None else last
    return since is not None and (today - date.fromisoformat(since)).days >= (days if last else days - EARLIER)


def is_grieving(known: Known, today: date) -> bool:
    """The two weeks after a crisis."""
    return known.crisis_on is not None and (today - date.fromisoformat(known.crisis_on)).days < GRIEF_DAYS


def wording(member: Member, moment: Moment) -> int:
    """1 to 12, by member and day: nobody reads the same words within twelve days."""
    known = member.known
    seed = crc32(f"{known.joined} {known.age} {known.prompt_time} {member.zone}".encode())
    return 1 + (seed + moment.day.toordinal()) % WORDINGS


def part_of_day(moment: Moment) -> str:
    wall = moment.local.time()
    if wall < _NOON:
        return "morning"
    return "noon" if wall < _EVENING else "evening"
