"""With the library as it is shipped the programme stays fresh: every kind comes, and each exercise to somebody."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from bot.coach.disposition import Disposition
from bot.coach.joining import first_day, newcomer
from bot.coach.kinds import Kind, kind_of
from bot.coach.place import Place
from bot.coach.profile import Activity, Profile, tags_of
from bot.coach.programme import is_ordinary
from bot.coach.records import DayRecord, ExerciseRecord, History, SessionRecord
from bot.coach.today import Day, Rest, Stay, choose
from bot.dialogue.facts import ROTATE, START, Decided, ExerciseDone, SessionStarted
from bot.dialogue.history import in_turn
from bot.dialogue.member import Tested as Measured
from bot.library.exercise import Category, Equipment
from bot.library.screening import AgeBand, Episode
from tests.dialogue.month import Month, easy
from tests.dialogue.room import Room, the_kit

WEEKS = 26
LIBRARY = the_kit().library
RULES = LIBRARY.thresholds
ORDINARY = {name for name, exercise in LIBRARY.exercises.items() if is_ordinary(exercise)}
THINGS = tuple(f"+{thing.value}" for thing in (Equipment.BAND, Equipment.BALL, Equipment.ROLLER, Equipment.BACKPACK))
ABLE = Profile(
    age=AgeBand.FROM_18,
    episode=Episode.CHRONIC,
    pain_now=2,
    pain_average=2,
    fear=2,
    activity=Activity.ACTIVE,
    disposition=Disposition.GO,
    equipment=frozenset(Equipment),
    minutes=20,
    was_shown=True,
)


class Equipped:
    """To whom everything goes well, with a quarter of an hour on four days a week and all things at home."""

    def __init__(self) -> None:
        self.marked = 0

    def __call__(self, question: str, tokens: set[str]) -> str | None:
        if question == "equipment":
            self.marked += 1
            return THINGS[self.marked - 1] if self.marked <= len(THINGS) else "="
        told = {"soft-now": "now", "minutes": "15", "days": "4", "fear": "1", "activity": "active"}
        return told.get(question) or easy(question, tokens)


@pytest.fixture(scope="module")
def flawless() -> Room:
    room = Room()
    room.first_day()
    return Month(room, answer=Equipped()).lives(7 * WEEKS).room


def met(room: Room) -> Counter[str]:
    return Counter(fact.exercise for fact in room.known_facts(ExerciseDone) if fact.done)


def kinds(exercises: Iterator[str]) -> set[Kind | None]:
    return {kind_of(LIBRARY.exercises[name]) for name in exercises}


@pytest.mark.slow
def test_half_a_flawless_year_meets_every_kind_and_most_exercises(flawless: Room) -> None:
    done = met(flawless)
    categories = {LIBRARY.exercises[name].category for name in done}

    assert categories == {LIBRARY.exercises[name].category for name in ORDINARY}
    assert {Category.MIND_BODY, Category.RELAX, Category.STRETCH} < categories
    assert len(done) >= 24


@pytest.mark.slow
def test_every_month_of_it_holds_all_four_kinds(flawless: Room) -> None:
    first = flawless.facts[0].day
    months: dict[int, set[str]] = {}
    for dated in flawless.facts:
        if isinstance(dated.fact, ExerciseDone):
            months.setdefault((dated.day - first).days // 28, set()).add(dated.fact.exercise)

    assert len(months) >= 6
    assert all(kinds(iter(names)) == set(Kind) for names in months.values())


@pytest.mark.slow
def test_something_makes_room_every_few_days_at_most_and_never_the_only_one_of_its_kind(flawless: Room) -> None:
    left = [dated.day for dated in flawless.facts if isinstance(dated.fact, Decided) and dated.fact.change == ROTATE]

    assert len(left) > 10
    soon = sum((later - earlier).days < RULES.rotation.apart_days for earlier, later in pairwise(left))
    assert soon <= len(Kind)  # a kind that was missing did not wait
    assert len(in_turn(flawless.member.known)) == RULES.planning.pool


@pytest.mark.slow
def test_what_rests_keeps_its_form_and_comes_back_with_the_smallest_dose_and_never_higher(flawless: Room) -> None:
    stood: dict[str, Place] = {}
    rested: dict[str, date] = {}
    back = 0
    for dated in flawless.facts:
        if not isinstance(dated.fact, Decided) or dated.fact.declined:
            continue
        made = dated.fact
        place = Place(made.level, made.dose_step, made.sets)
        if made.change == ROTATE:
            rested[made.exercise] = dated.day
            assert place.level == stood.get(made.exercise, place).level
        elif made.change == START and made.exercise in rested:
            back += 1
            assert place.step == 1
            assert place.level <= stood[made.exercise].level
            assert (dated.day - rested.pop(made.exercise)).days >= RULES.rotation.rest_days
        else:
            assert made.exercise not in rested
        stood[made.exercise] = place


@pytest.mark.slow
def test_who_makes_room_is_no_part_of_the_days_after_and_why_says_so(flawless: Room) -> None:
    known = flawless.member.known
    resting = {each.exercise: each.rests for each in known.programme if each.rests is not None}
    last = {each.exercise: memo.day for memo in known.sessions for each in memo.exercises}

    assert len(resting) > 10
    assert all(last.get(name, "") <= since for name, since in resting.items())
    flawless.says("/warum")
    assert "ruht eine Übung und eine andere kommt" in " ".join(flawless.texts)


def life(profile: Profile, weeks: int, *, settled_from: int = 0) -> Iterator[tuple[int, dict[str, Stay], set[str]]]:
    """Every second day a session that goes well, by the rules alone: day, programme, what was done."""
    history, stays, rests = History(since=1), dict[str, Stay](), dict[str, Rest]()
    for number in range(1, weeks * 7, 2):
        day = Day(
            day=number,
            history=history,
            profile=profile,
            library=LIBRARY,
            since=1,
            acute_settled=number >= settled_from > 0,
            stays=stays,
            rests=rests,
        )
        places = {name: stay.place for name, stay in stays.items()}
        if not places:
            stays = {item.exercise: Stay(item.place, number) for item in first_day(day)}
            items = first_day(day)
        else:
            arrival = newcomer(places, day)
            if arrival is not None:
                if arrival.leaves:
                    rests = rests | {arrival.leaves: Rest(stays.pop(arrival.leaves).place, number)}
                rests = {name: rest for name, rest in rests.items() if name != arrival.item.exercise}
                stays = {**stays, arrival.item.exercise: Stay(arrival.item.place, number)}
            items = choose({name: stay.place for name, stay in stays.items()}, day)
        done = {item.exercise for item in items}
        history = replace(history, days=(*history.days[-30:], _trained(number, done, stays)))
        yield number, stays, done
        stays = {name: _grown(name, stay, profile) if name in done else stay for name, stay in stays.items()}


def _trained(number: int, done: set[str], stays: dict[str, Stay]) -> DayRecord:
    records = tuple(
        ExerciseRecord(exercise=name, load=LIBRARY.exercises[name].load, done=1, place=stays[name].place)
        for name in sorted(done)
    )
    return DayRecord(day=number, morning=2, session=SessionRecord(before=2, after=2, exercises=records))


def _grown(name: str, stay: Stay, profile: Profile) -> Stay:
    exercise, place = LIBRARY.exercises[name], stay.place
    allowed = exercise.allowed_levels(tags_of(profile, LIBRARY))
    if place.step < exercise.top_step:
        return replace(stay, place=replace(place, step=place.step + 1))
    return replace(stay, place=replace(place, level=place.level + 1, step=1)) if place.level + 1 in allowed else stay


def test_every_exercise_of_a_day_comes_to_somebody() -> None:
    seen = set[str]().union(*(done for _, _, done in life(ABLE, 60)))

    assert ORDINARY - seen == set()


@pytest.mark.parametrize(
    ("change", "first"),
    [
        ({"tags": frozenset({"OP"})}, "rueckenstrecker"),
        ({"tags": frozenset({"P20"})}, "stuetz-wand"),
        ({}, "bruecke"),
    ],
)
def test_what_strengthens_first_follows_the_playlist_of_the_tags(change: dict[str, frozenset[str]], first: str) -> None:
    profile = replace(ABLE, equipment=frozenset(), **change)  # type: ignore[arg-type]  # one column of fields
    met = [name for _, stays, _ in life(profile, 3) for name in stays]

    assert next(name for name in met if LIBRARY.exercises[name].category is Category.STRENGTHEN) == first


def test_weeks_after_the_self_tests_the_plan_puts_the_weight_where_something_lags() -> None:
    room = Room()
    room.first_day()
    month = Month(room, answer=Equipped()).lives(24)
    today = room.now.date().isoformat()
    tests = [
        Measured(day=today, test=test.id, level=1, value=1 if test.id == "balance" else test.cap)
        for test in LIBRARY.selftests.tests
    ]
    focus = set(next(test.focus for test in LIBRARY.selftests.tests if test.id == "balance"))
    lagging = next(name for name in focus if is_ordinary(LIBRARY.exercises[name]))
    known = room.member.known
    programme = tuple(each for each in known.programme if each.exercise not in focus)
    room.member = replace(room.member, known=replace(known, tests=tuple(tests), programme=programme))
    since = len(room.facts)

    month.lives(28)

    started = [dated.fact for dated in room.facts[since:] if isinstance(dated.fact, SessionStarted)]
    planned = Counter(name for session in started for name, _, _ in session.items)
    assert lagging in in_turn(room.member.known)
    assert sum(planned[name] for name in focus) >= 4


@pytest.mark.parametrize("likes", ["mind-body", "relax", "stretch"])
def test_what_is_liked_comes_first_and_more_often(likes: str) -> None:
    def share(profile: Profile) -> int:
        return sum(
            LIBRARY.exercises[name].category.value == likes for _, stays, _ in life(profile, 16) for name in stays
        )

    liking = replace(ABLE, likes=frozenset({likes}))
    first = next(n for n, stays, _ in life(liking, 16) if any(LIBRARY.exercises[e].category == likes for e in stays))

    assert share(liking) > share(ABLE)
    assert first <= 15


@pytest.mark.parametrize("minutes", [3, 5, 10, 15, 30])
@pytest.mark.parametrize("tags", [(), ("P20",), ("KN",), ("OP",), ("SH", "WR"), ("DS",), ("FL",)])
def test_each_kind_of_the_mix_is_filled_whatever_the_minutes_and_what_is_to_be_minded(
    minutes: int, tags: tuple[str, ...]
) -> None:
    profile = replace(ABLE, minutes=minutes, tags=frozenset(tags), equipment=frozenset())
    last = [(stays, done) for number, stays, done in life(profile, 10) if number > 28]

    assert all(kinds(iter(stays)) == set(Kind) for stays, _ in last)
    assert kinds(name for _, done in last for name in done) == set(Kind)


def test_once_load_is_allowed_an_acute_member_holds_and_strengthens_within_days() -> None:
    acute = replace(ABLE, episode=Episode.ACUTE, minutes=None, equipment=frozenset())
    days = list(life(acute, 12, settled_from=43))
    before = [stays for number, stays, _ in days if number < 43]
    after = [stays for number, stays, _ in days if number > 50]

    assert all(kinds(iter(stays)) <= {Kind.MOVE, Kind.CALM} for stays in before)
    assert len(before[-1]) <= RULES.planning.pool
    assert all({Kind.HOLD, Kind.STRENGTH} < kinds(iter(stays)) for stays in after)
