"""I2, I3, I6 and I7 as clinical rules 5.9 say them, told again in plain words, over plans at any hour and in any zone.

Several sessions a day, measurements between them, numbers that are missing, facts that come twice, flights across the
date line. What was done is noted with its moment beside the coach, and only that is looked at.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from bot.dialogue.member import Known, Placed
from tests.dialogue.diary import LIBRARY, Diary, grown

ZONES = ("Europe/Berlin", "America/Los_Angeles", "Pacific/Auckland", "Pacific/Kiritimati", "Pacific/Pago_Pago")
HEAVY = ("bruecke", "unterarmstuetz", "seitstuetz", "kniebeuge", "rueckenstrecker")
HOURS, CALM, WEEK = timedelta(hours=48), timedelta(hours=72), timedelta(days=7)
GROWTH, SETS_ALWAYS = 1.2, 6  # a fifth more, and what a week may hold even after weeks with nothing


@dataclass(frozen=True, slots=True)
class Step:
    gap: timedelta
    zone: str
    pain: int | None
    twice: bool
    test: str | None


FAR = Step(timedelta(hours=200), "Europe/Berlin", 2, twice=False, test=None)  # so that old weeks are forgotten
STEPS = st.lists(
    st.builds(
        Step,
        gap=st.sampled_from([0.3, 3, 8, 12, 23, 24, 31.5, 40, 47.9, 48, 49, 72, 200]).map(
            lambda hours: timedelta(hours=hours)
        ),
        zone=st.sampled_from(ZONES),
        pain=st.sampled_from([2, 2, 2, None]),
        twice=st.booleans(),
        test=st.sampled_from([None, None, None, "plank", "bridge"]),
    ),
    min_size=4,
    max_size=10,
)
FEW = settings(max_examples=8, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])


def with_many(known: Known, *, level: int = 1, step: int = 1) -> Known:
    """All heavy exercises in the programme, and the light ones that were there."""
    light = tuple(placed for placed in known.programme if LIBRARY.exercises[placed.exercise].load != 3)
    heavy = (
        Placed(
            exercise=name,
            level=level,
            dose_step=min(step, LIBRARY.exercises[name].top_step),
            sets=2,
            since="2026-11-24",
        )
        for name in HEAVY
    )
    return replace(known, programme=(*light, *heavy), about=replace(known.about, minutes=30))


def lived(steps: list[Step]) -> Diary:
    member, now = grown()
    diary = Diary(with_many(member.known), now)
    for step in steps:
        diary.now, diary.zone = diary.now + step.gap, step.zone
        diary.tells(step.pain)
        if step.test is not None and _may_be_measured(diary, step.test):
            diary.measures(step.test)
        diary.trains(step.pain, twice=step.twice)
    return diary


def _may_be_measured(diary: Diary, test: str) -> bool:
    """The door to measuring keeps the rest itself (tested with it); here only what it leaves behind is asked."""
    found = LIBRARY.selftests.get_test(test)
    times = [done.at for done in diary.done if found is not None and done.exercise == found.exercise]
    return all(diary.now - at >= HOURS for at in times)


@given(STEPS)
@FEW
def test_i7_load_3_rests_48_hours_by_the_clock_and_comes_three_times_a_week(steps: list[Step]) -> None:
    for name in HEAVY:
        times = sorted(done.at for done in lived(steps).done if done.exercise == name)
        assert all(later - earlier >= HOURS for earlier, later in pairwise(times)), name
        assert all(sum(timedelta(0) <= at - other < WEEK for other in times) <= 3 for at in times), name


@given(STEPS)
@example([Step(timedelta(days=1), "Europe/Berlin", None, twice=False, test=None)] + 3 * [FAR])
@FEW
def test_i6_a_week_holds_at_most_a_fifth_more_heavy_sets_than_the_best_of_the_two_before(steps: list[Step]) -> None:
    """Days by the calendar, at one place; the first two weeks know no week before and are limited by minutes."""
    diary = lived([replace(step, zone="Europe/Berlin", twice=False) for step in steps])
    sets: dict[int, int] = {}
    # What the coach remembers of weeks long past goes when days pass; what it had then is looked at, too.
    memos = {memo.at: memo for memo in (*grown()[0].known.sessions, *diary.known.sessions)}
    for memo in memos.values():
        for each in memo.exercises:
            if LIBRARY.exercises[each.exercise].load == 3 and each.done:
                day = date.fromisoformat(memo.day).toordinal()
                sets[day] = sets.get(day, 0) + each.sets
    for day in sets:
        if day < grown()[1].date().toordinal():
            continue
        this, *before = (sum(sets.get(day - 7 * n - ago, 0) for ago in range(7)) for n in range(3))
        assert this <= max(GROWTH * max(before), SETS_ALWAYS), sets


@given(st.lists(st.sampled_from([24, 24, 48, 30]), min_size=8, max_size=16), st.integers(0, 3))
@FEW
def test_i3_two_new_forms_a_week_of_all_and_one_of_each(gaps: list[int], step: int) -> None:
    """Everything is ripe for the next form: many exercises at the top of their band, all of it easy."""
    member, now = grown()
    diary = Diary(with_many(member.known, step=4 - min(step, 1)), now)
    for gap in gaps:
        diary.now += timedelta(hours=gap)
        diary.tells(2)
        diary.trains()
    ups = [(day, name) for day, name, change in diary.risen if change == "level_up"]
    for day, name in ups:
        recent = [(other, risen) for other, risen in ups if 0 <= (day - other).days < 7]
        assert len(recent) <= 2
        assert sum(risen == name for _, risen in recent) <= 1


TRIPS = st.lists(
    st.tuples(st.sampled_from([9, 13, 20, 24, 24, 36, 48, 50]), st.sampled_from(ZONES), st.sampled_from([2, 2, 2, 5])),
    min_size=6,
    max_size=12,
)


DAILY = [(24, "Europe/Berlin", 2)] * 3
EAST = [*DAILY, (24, "America/Los_Angeles", 5), (50, "Pacific/Auckland", 2)]
WEST = [*DAILY, (24, "Pacific/Auckland", 2), (24, "Pacific/Auckland", 5), (13, "Pacific/Pago_Pago", 2)]
TWICE = [*DAILY, (12, "Europe/Berlin", 5), (9, "Europe/Berlin", 2)]


@given(TRIPS)
@FEW
@example(EAST)
@example(WEST)
@example(TWICE)
def test_i2_nothing_rises_within_72_hours_by_the_clock_wherever_one_flies(trips: list[tuple[int, str, int]]) -> None:
    """Twice a day or every second one, across the date line and back; pain rises now and then."""
    member, now = grown()
    diary, hurt = Diary(with_many(member.known), now), list[datetime]()
    for hours, zone, after in trips:
        diary.now, diary.zone = diary.now + timedelta(hours=hours), zone
        diary.tells(2)
        began, before = diary.now, len(diary.risen)
        start = diary.trains(2, after=after)
        if len(diary.risen) > before:
            assert all(began - at >= CALM for at in hurt), (began, hurt, diary.risen[before:])
        if start is not None and after > 3:
            hurt.append(diary.now)
