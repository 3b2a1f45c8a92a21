"""Members and days for the properties: wholly arbitrary ones, and calm ones with a few arbitrary days put into them.

Only the second kind leads to rises often enough to say something about them.
"""

from dataclasses import replace

from hypothesis import strategies as st

from bot.coach.disposition import Disposition
from bot.coach.place import Place
from bot.coach.profile import Profile
from bot.coach.records import DayRecord, ExerciseRecord, Quality, SessionRecord
from bot.library.exercise import Load
from bot.library.screening import AgeBand, Episode

LOADS: dict[str, Load] = {"beckenkippen": 1, "bruecke": 3}

PAIN = st.none() | st.sampled_from([x / 2 for x in range(21)])
EFFORT = st.none() | st.integers(0, 10).map(float)
QUALITY = st.none() | st.sampled_from(Quality)
RARELY = st.integers(0, 15).map(lambda n: n == 15)


def _record(exercise: str) -> st.SearchStrategy[ExerciseRecord]:
    return st.builds(
        ExerciseRecord,
        exercise=st.just(exercise),
        load=st.just(LOADS[exercise]),
        done=st.none() | st.sampled_from([0.0, 0.5, 1.0]),
        effort=EFFORT,
        more=st.none() | st.booleans(),
        hurt=RARELY,
        quality=QUALITY,
        too_hard=RARELY,
    )


RECORDS = st.sampled_from(
    [("bruecke",), ("beckenkippen", "bruecke"), ("beckenkippen",), ("bruecke", "bruecke"), ()]
).flatmap(lambda names: st.tuples(*(_record(name) for name in names)))
SESSIONS = st.builds(
    SessionRecord, before=PAIN, peak=PAIN, after=PAIN, quality=QUALITY, unwell=RARELY, exercises=RECORDS
)


def any_day(day: int) -> st.SearchStrategy[DayRecord]:
    return st.builds(
        DayRecord,
        day=st.just(day),
        morning=PAIN,
        before=PAIN,
        session=st.none() | SESSIONS,
        missed=RARELY,
        flare_said=RARELY,
        sleep=EFFORT,
        stopped=RARELY,
        cleared=RARELY,
        screened_clear=RARELY,
    )


def calm_day(day: int, *, trains: bool, pain: float = 3) -> DayRecord:
    easy = tuple(ExerciseRecord(exercise=name, load=load, done=1, effort=4, more=True) for name, load in LOADS.items())
    session = SessionRecord(before=pain, after=pain, exercises=easy)
    return DayRecord(day=day, morning=pain, session=session if trains else None)


def nudged(day: DayRecord) -> st.SearchStrategy[DayRecord]:
    """The day with one thing different."""
    session = day.session or SessionRecord(before=day.morning)
    return st.one_of(
        PAIN.map(lambda pain: replace(day, morning=pain)),
        st.just(replace(day, morning=None)),
        PAIN.map(lambda pain: replace(day, before=pain)),
        PAIN.map(lambda pain: replace(day, session=replace(session, peak=pain))),
        PAIN.map(lambda pain: replace(day, session=replace(session, after=pain))),
        st.just(replace(day, flare_said=True)),
        st.just(replace(day, missed=True)),
    )


@st.composite
def arbitrary(draw: st.DrawFn) -> list[DayRecord]:
    day, days = 0, []
    for gap in draw(st.lists(st.just(1) | st.integers(1, 40), min_size=1, max_size=20)):
        day += gap
        days.append(draw(any_day(day)))
    return days


@st.composite
def disturbed(draw: st.DrawFn, max_days: int = 26) -> list[DayRecord]:
    """Training every second day and all as usual, but for up to three days."""
    length = draw(st.integers(4, max_days))
    pain = draw(st.sampled_from([3.0, 6.0]))
    days = [calm_day(day, trains=day % 2 == 1, pain=pain) for day in range(1, length + 1)]
    for index in draw(st.lists(st.integers(0, length - 1), max_size=3)):
        days[index] = draw(any_day(index + 1) | nudged(days[index]))
    return days


DAYS = arbitrary() | disturbed()

PROFILES = st.builds(
    Profile,
    age=st.none() | st.sampled_from(AgeBand),
    episode=st.none() | st.sampled_from(Episode),
    pain_now=PAIN,
    pain_average=PAIN,
    tags=st.frozensets(st.sampled_from(["P20", "DS", "BP", "FL", "OP", "KN", "AF"]), max_size=3),
    fear=EFFORT,
    disposition=st.sampled_from(Disposition),
    soft_open=st.sampled_from([(), ("rf_walk",)]),
)
# Those who may rise at all, the careful ones among them.
SERVED = st.builds(
    Profile,
    age=st.sampled_from([AgeBand.FROM_18, AgeBand.FROM_65]),
    pain_average=st.sampled_from([2.0, 3.0, 5.0]),
    tags=st.sampled_from([frozenset[str](), frozenset({"KN"}), frozenset({"OP"})]),
    fear=st.sampled_from([2.0, 8.0]),
    disposition=st.sampled_from([Disposition.GO, Disposition.CAUTION]),
)
ANYBODY = PROFILES | SERVED
PLACES = st.fixed_dictionaries(
    {name: st.builds(Place, st.integers(1, 4), st.integers(1, 4), st.integers(1, 3)) for name in LOADS}
)
