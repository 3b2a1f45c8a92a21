"""48 hours between two times of what is heaviest, by the clock: the same day, the night between, across the date line.

A measurement is as hard as training, and a second session of a day is a gentle one (invariant I7).
"""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.dialogue import facts as f
from bot.dialogue.flows.session import SESSION
from bot.dialogue.flows.session_start import SessionStart
from bot.dialogue.member import Known, adapter_for
from bot.dialogue.planning import RestDay
from tests.dialogue.diary import LIBRARY, Diary, grown
from tests.dialogue.living import GOES_WELL, tokens
from tests.dialogue.perfect import lives
from tests.dialogue.room import Room


def load(exercise: str) -> int:
    found = LIBRARY.exercises[exercise].load
    return 0 if found == "W" else found


def trains_on_demand(room: Room) -> list[str]:
    """/heute and all that it holds, easily; what was done."""
    before = len(room.known_facts(f.ExerciseDone))
    room.says("/heute")
    while room.member.open is not None and room.member.open.flow == SESSION.name:
        offered = tokens(room)
        room.taps(next((token for token in GOES_WELL if token in offered), "2"))
    return [done.exercise for done in room.known_facts(f.ExerciseDone)[before:]]


def test_a_session_asked_for_again_on_one_day_is_gentle_and_holds_nothing_heavy_twice() -> None:
    *_, room = lives(Room(), 14)
    room.passes(hours=20)

    first, *others = [trains_on_demand(room) for _ in range(3)]

    assert max(map(load, first)) >= 2
    assert all(load(each) <= 1 for session in others for each in session)
    assert not [name for name, times in Counter(first).items() if times > 1]


def at(day: int, hour: int, minute: int = 0, zone: str = "Europe/Berlin") -> datetime:
    return datetime(2026, 12, 20 + day, hour, minute, tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("before", "then"),
    [
        (at(0, 7), at(0, 20)),
        (at(0, 22, 30), at(2, 6)),
        (at(0, 7), at(2, 6, 59)),
        (at(0, 23, 0, "America/Los_Angeles"), at(2, 21, 0, "Pacific/Auckland")),
        (at(1, 8, 0, "Pacific/Auckland"), at(0, 20, 0, "America/Los_Angeles")),
    ],
)
def test_nothing_heavy_comes_again_within_48_hours(before: datetime, then: datetime) -> None:
    assert then - before < timedelta(hours=48)
    diary = trained_on(before)
    heavy = {done.exercise for done in diary.done if load(done.exercise) == 3}
    assert heavy

    diary.now, diary.zone = then, str(then.tzinfo)
    diary.tells(2)
    plan = diary.plan()

    assert isinstance(plan, RestDay) or not heavy & {each.exercise for each in plan.planned}


def test_after_48_hours_and_not_a_minute_before_it_may_come() -> None:
    diary = trained_on(at(0, 7))
    last = diary.done[-1].at

    assert all(each in waits_at(diary, last + timedelta(hours=48, minutes=-1)) for each in heavy_of(diary))
    assert not waits_at(diary, last + timedelta(hours=48))


def heavy_of(diary: Diary) -> set[str]:
    return {done.exercise for done in diary.done if load(done.exercise) == 3}


def waits_at(diary: Diary, moment: datetime) -> set[str]:
    diary.now = moment
    plan = diary.plan()
    assert not isinstance(plan, RestDay)
    return {change.exercise for change in plan.changes if change.rule == "R_48H"}


def few(known: Known) -> Known:
    """A heavy exercise, light ones and much time, so that the heavy one comes whenever it may."""
    names = {"beckenkippen", "bruecke", "bauchatmung"}
    kept = tuple(placed for placed in known.programme if placed.exercise in names)
    return replace(known, programme=kept, about=replace(known.about, minutes=20))


def with_few(room: Room) -> Room:
    room.member = replace(room.member, known=few(room.member.known))
    return room


def trained_on(moment: datetime) -> Diary:
    """A session with something heavy at this moment."""
    diary = Diary(few(grown()[0].known), moment, str(moment.tzinfo))
    diary.tells(2)
    diary.trains()
    return diary


def test_what_was_measured_rests_like_what_was_trained_and_the_day_is_full() -> None:
    *_, room = lives(Room(), 23)
    room.passes(hours=20)
    room.says("/test")
    while (offered := tokens(room)) and (token := next((t for t in ("go", "3", "20", "10", "8") if t in offered), "")):
        room.taps(token)
    assert "plank" in {each.test for each in room.known_facts(f.SelfTested)}
    room.passes(minutes=30)

    done = trains_on_demand(room)

    assert done
    assert all(load(each) <= 1 for each in done)


def test_nothing_is_measured_that_was_trained_within_48_hours() -> None:
    room = with_few([*lives(Room(), 23)][-1])
    room.passes(hours=68)
    assert any(load(each) == 3 for each in trains_on_demand(room))
    room.passes(minutes=30)

    room.says("/test")

    assert not room.is_offered("go")


def test_an_offer_made_some_minutes_too_early_is_planned_anew_when_it_begins() -> None:
    """Prompts come at the minute, sessions end a little later: else nothing would come every second day."""
    room = with_few([*lives(Room(), 22)][-1])
    room.passes(hours=72)
    heavy = {name for name in trains_on_demand(room) if load(name) == 3}
    last = max(memo.until for memo in room.member.known.sessions)
    assert heavy
    room.passes(hours=48, minutes=-10)

    room.says("/heute")
    early = exercises_of(room)
    room.passes(minutes=20)
    room.taps("go")

    assert not heavy & early
    assert room.now.timestamp() * 1e6 - last >= 48 * 3600 * 1e6
    assert heavy <= exercises_of(room)


def exercises_of(room: Room) -> set[str]:
    state = room.member.open
    assert state is not None
    start: SessionStart = adapter_for(SessionStart).validate_json(state.start)
    return {each.exercise for each in start.planned}


def test_what_a_session_left_half_way_held_does_not_come_again_that_day() -> None:
    room = with_few([*lives(Room(), 22)][-1])
    room.passes(hours=72)
    told = len(room.facts)
    room.says("/heute")
    room.taps("go")
    while room.is_offered("3"):  # pain before
        room.taps("2")
    for _ in range(2):
        room.taps("fine")
    room.says("/schmerz")  # parks it

    trains_on_demand(room)

    since = [dated.fact for dated in room.facts[told:]]
    times = Counter(fact.exercise for fact in since if isinstance(fact, f.ExerciseDone))
    assert max(map(load, times)) == 3
    assert all(count == 1 for name, count in times.items() if load(name) > 1)


def test_a_flare_up_comes_along_over_the_date_line() -> None:
    """Said on the day that lies ahead on the calendar by now: what it told still holds."""
    member, now = grown()
    diary = Diary(member.known, now.replace(hour=21) + timedelta(days=1), zone="Pacific/Kiritimati")
    diary.tells(2)
    diary.notes(f.FlareSaid())
    diary.now, diary.zone = diary.now + timedelta(minutes=30), "Pacific/Pago_Pago"

    start = diary.plan()

    assert not isinstance(start, RestDay)
    assert start.gate == "flare"
    assert all(load(each.exercise) < 2 for each in start.planned)


@pytest.mark.parametrize(("after", "rises"), [(2, True), (4, False)])
def test_more_pain_behind_a_measurement_holds_everything_for_72_hours(after: int, rises: bool) -> None:  # noqa: FBT001
    member, now = grown()
    diary = Diary(member.known, now)
    for _ in range(5):
        diary.now += timedelta(days=1)
        diary.tells(2)
        diary.trains()
    diary.now += timedelta(hours=5)
    diary.notes(f.PainReported(when="now", value=1))
    diary.measures("chair")
    diary.now += timedelta(minutes=2)
    diary.notes(f.PainReported(when="now", value=after))
    before = len(diary.risen)
    for hours in (19, 24, 20):
        diary.now += timedelta(hours=hours)
        diary.tells(2)
        diary.trains()

    assert bool(diary.risen[before:]) is rises
