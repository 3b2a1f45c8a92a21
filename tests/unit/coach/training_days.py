"""Days of training as short as they can be said: what the tests of decisions build their histories from."""

from collections.abc import Iterable

from bot.coach.course import CourseDay, follow_days
from bot.coach.decision import Case, Decision
from bot.coach.disposition import Disposition
from bot.coach.gate import open_gate
from bot.coach.place import Place
from bot.coach.profile import Profile
from bot.coach.records import DayRecord, ExerciseRecord, History, Moment, SessionRecord
from bot.library.library import Library
from bot.library.screening import AgeBand

PROFILE = Profile(age=AgeBand.FROM_18, pain_average=3, fear=2, disposition=Disposition.GO)
EASY = ExerciseRecord(exercise="bruecke", load=3, done=1, effort=5, more=True)
START = Place(2, 2, 3)


def trained(before: float = 3, after: float | None = 3, record: ExerciseRecord = EASY) -> SessionRecord:
    return SessionRecord(before=before, after=after, exercises=(record,))


def week(*sessions: SessionRecord, morning: float | None = 3, start: int = 1) -> list[DayRecord]:
    """Sessions on every second day, each followed by its morning."""
    days: list[DayRecord] = []
    for n, session in enumerate(sessions):
        first = start + 2 * n
        days += [DayRecord(day=first, session=session), DayRecord(day=first + 1, morning=morning)]
    return days


def follow(
    library: Library, days: Iterable[DayRecord], place: Place = START, profile: Profile = PROFILE
) -> list[CourseDay]:
    return list(follow_days({"bruecke": place}, days, profile, library))


def decisions(
    library: Library, days: Iterable[DayRecord], place: Place = START, profile: Profile = PROFILE
) -> list[Decision]:
    return [day.decisions[0] for day in follow(library, days, place, profile)]


def last(
    library: Library, days: Iterable[DayRecord], place: Place = START, profile: Profile = PROFILE
) -> tuple[str, str, Place]:
    decision = decisions(library, days, place, profile)[-1]
    return decision.change.value, decision.reason, decision.place


def case(library: Library, history: History, day: int, *, is_over: bool = True, profile: Profile = PROFILE) -> Case:
    today = history.find_day(day) or DayRecord(day=day)
    return Case(
        exercise=library.exercises["bruecke"],
        place=START,
        history=history,
        moment=Moment(day, is_over=is_over),
        gate=open_gate(history, today, library.thresholds),
        profile=profile,
        library=library,
        places={"bruecke": START},
    )
