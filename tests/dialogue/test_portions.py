"""The rest of the profile in small portions: which comes when, never more than two a day, and what it changes."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from bot.coach.programme import next_exercise
from bot.dialogue.equipping import wanted_equipment
from bot.dialogue.facts import (
    AlarmRaised,
    Cleared,
    Consented,
    Dated,
    Disposed,
    MoodAnswered,
    PortionAsked,
)
from bot.dialogue.flows.clarify import CLARIFY
from bot.dialogue.history import places_of, profile_of
from bot.dialogue.memory import remember
from bot.dialogue.moment import Moment
from bot.dialogue.portions import next_portion
from bot.library.exercise import Equipment
from tests.dialogue.living import portions, tokens, trains, waiting
from tests.dialogue.room import Room

WEEK = {
    2: ["days", "average"],
    3: ["soft-now", "list-4", "fear"],
    4: ["own", "own-now"],
    5: ["activity", "work"],
    6: ["minutes", "likes"],
    7: ["places", "name"],
    8: ["helped"],
}


def after_days(days: int, *, later: tuple[str, ...] = ()) -> tuple[Room, dict[int, list[str]]]:
    """A member who trains every day; what was asked on which day."""
    room, asked = _lived(days, later)
    return room.copy(), asked


@cache
def _lived(days: int, later: tuple[str, ...]) -> tuple[Room, dict[int, list[str]]]:
    room, asked = Room(), {}
    room.first_day()
    for day in range(2, days + 1):
        trains(room)
        asked[day] = list(portions(room, later=later))
    return room, asked


def test_the_first_week_asks_two_things_a_day_and_the_soft_lines_on_the_third() -> None:
    _, asked = after_days(9)

    # Later it is asked what an exercise wants that not every home has, when that exercise is the next one.
    assert set(asked.pop(9)) <= {"equipment"}
    assert asked == WEEK


def test_nothing_is_asked_on_the_first_day() -> None:
    room = Room()

    room.first_day()

    assert room.known_facts(PortionAsked) == []
    assert room.member.open is None


def test_who_comes_late_is_asked_first_for_what_keeps_loads_low() -> None:
    room = Room()
    room.first_day()
    room.until_due("prompt")  # not answered
    trains(room)

    assert list(portions(room)) == ["soft-now", "list-4", "fear"]


def test_later_ends_the_questions_of_the_day_and_comes_back_some_days_later() -> None:
    _, asked = after_days(9, later=("days",))

    assert asked[2] == ["days"]
    assert [day for day, questions in asked.items() if "days" in questions] == [2, 5, 8]


def test_what_is_put_off_three_times_is_not_asked_again_but_the_safety_lines_are() -> None:
    every = ("days", "average", "own", "activity", "work", "minutes", "likes", "name", "helped", "fear", "soft-now")
    room, asked = after_days(24, later=every)

    days = [day for day, questions in asked.items() if "days" in questions]
    soft = [day for day, questions in asked.items() if "soft-now" in questions]
    assert len(days) == 3
    assert len(soft) >= 3
    assert profile_of(room.member.known, room.kit.library, room.now.date()).soft_open


def test_every_day_has_at_most_two_portions_whatever_is_answered() -> None:
    for later in ((), ("days",), ("average", "fear"), ("soft-now",), ("own-now", "minutes")):
        room, _ = after_days(14, later=later)

        counts: dict[str, int] = {}
        for dated in room.facts:
            if isinstance(dated.fact, PortionAsked):
                counts[dated.day.isoformat()] = counts.get(dated.day.isoformat(), 0) + 1
        assert max(counts.values()) <= 2


def test_whoever_finds_them_too_many_gets_one() -> None:
    room = Room()
    room.first_day()
    room.member = replace(room.member, known=replace(room.member.known, settings=(("questions", "few"),)))
    trains(room)

    assert list(portions(room)) == ["days"]


def test_the_answers_are_what_the_rules_read() -> None:
    room, _ = after_days(8)

    profile = profile_of(room.member.known, room.kit.library, room.now.date())
    assert (profile.days_per_week, profile.pain_average, profile.fear, profile.minutes) == (7, 3, 2, 10)
    assert (profile.activity.value, profile.soft_open) == ("some", ())
    assert profile.likes == frozenset({"strengthen"})
    assert (room.member.known.about.own, room.member.known.about.own_now) == ("#garden", 4)
    assert room.member.known.about.name == "Kim"
    assert room.member.known.about.places == ("low-left", "seat-left")


def test_load_comes_only_after_the_soft_lines_were_answered() -> None:
    loads = {}
    for later in ((), ("soft-now",)):
        room, _ = after_days(6, later=later)
        trains(room)
        library = room.kit.library
        done = {each.exercise for memo in room.member.known.sessions for each in memo.exercises}
        loads[later] = max(load for e in done if isinstance(load := library.exercises[e].load, int))

    assert loads[()] == 3
    assert loads["soft-now",] <= 1


def test_a_soft_yes_keeps_loads_low_and_advises_an_appointment() -> None:
    room, _ = after_days(2)
    trains(room)
    room.taps("now")
    room.taps("some", after_s=60)
    room.taps("+rf_walk")
    room.taps("=")
    while "no" in tokens(room):
        room.taps("no")

    assert room.member.known.disposition == "doctor_soft"
    assert room.member.known.lock is None
    assert tokens(room) == ["right", "mistake"]

    room.taps("right")
    assert room.member.known.disposition == "doctor_soft"


@pytest.mark.parametrize(("really", "stands"), [("no", "go"), ("unsure", "caution"), ("yes", "doctor_soft")])
def test_a_soft_yes_tapped_by_mistake_is_taken_back_line_by_line(really: str, stands: str) -> None:
    room, _ = after_days(2)
    trains(room)
    assert room.member.known.disposition == "go"
    room.taps("now")
    room.taps("some", after_s=60)
    room.taps("+rf_walk")
    room.taps("=")
    while "no" in tokens(room):
        room.taps("no")
    room.taps("mistake")
    while "unsure" in tokens(room):
        question = waiting(room)
        assert question is not None
        room.taps(really if question.id in {"correct/rf_walk", "clear/rf_walk"} else "no")

    known = room.member.known
    assert known.disposition == stands
    assert (known.soft_since is None) is (stands != "doctor_soft")
    assert dict(known.answers)["rf_walk"] == really
    assert not known.once
    assert room.known_facts(Cleared)[-1].by == "correction"


@pytest.mark.parametrize("disposition", ["urgent", "doctor_first", "emergency"])
def test_a_soft_line_taken_back_opens_no_lock(disposition: str) -> None:
    room, _ = after_days(1)
    now, day = room.now, room.now.date()
    locked = remember(room.member.known, Dated(Disposed(disposition=disposition, items=("rf_fever",)), now, day))
    cleared = remember(locked, Dated(Cleared(by="correction", disposition="doctor_soft"), now, day))

    assert locked.lock is not None
    assert (cleared.lock, cleared.disposition, cleared.marks) == (locked.lock, disposition, locked.marks)


def test_later_can_be_typed() -> None:
    room = Room()
    room.first_day()
    trains(room)

    room.says("später")

    assert room.member.open is None


def test_a_portion_left_open_is_gone_the_next_day() -> None:
    room = Room()
    room.first_day()
    trains(room)

    trains(room)

    assert waiting(room) is not None
    assert room.member.parked is None


def test_no_questions_after_pain_at_night_in_a_flare_or_under_a_lock() -> None:
    hurt, hard, locked = Room(), Room(), Room()
    for room in (hurt, hard, locked):
        room.first_day()
    trains(hurt, after="8")
    assert hurt.member.open is None

    hard.until_due("prompt")
    hard.taps("3")
    hard.taps("flare")
    while "none" in tokens(hard):
        hard.taps("none", after_s=60)
    hard.taps("breath")
    while tokens(hard) and "fine" in tokens(hard):
        hard.taps("fine")
    assert hard.known_facts(PortionAsked) == []

    trains(locked)
    assert locked.member.open is not None
    locked.says("mein Bein ist taub im Schritt")
    assert next_portion(locked.member, moment_of(locked), locked.kit) is None


def test_no_questions_at_night_nor_in_the_two_weeks_after_a_crisis() -> None:
    room = Room()
    room.first_day()
    room.passes(days=2)
    known = room.member.known
    night = moment_of(room, datetime(2026, 11, 26, 21, 30, tzinfo=UTC))

    assert next_portion(room.member, moment_of(room), room.kit) is not None
    assert next_portion(room.member, night, room.kit) is None
    grieving = replace(room.member, known=replace(known, crisis_on=room.now.date().isoformat()))
    assert next_portion(grieving, moment_of(room), room.kit) is None


def moment_of(room: Room, now: datetime | None = None) -> Moment:
    return Moment(now or room.now, ZoneInfo(room.member.zone))


def test_a_minute_only_is_followed_by_no_question() -> None:
    room = Room()
    room.first_day()
    room.until_due("prompt")
    room.taps("3")

    room.taps("micro")
    room.taps("fine")

    assert room.member.open is None


def test_equipment_is_asked_only_when_the_next_exercise_needs_some() -> None:
    room, _ = after_days(3)
    library = room.kit.library
    bare = {
        name: e.model_copy(update={"equipment": ("band",)} if name == "bruecke" else {"equipment": ()})
        for name, e in library.exercises.items()
        if name in {"beckenkippen", "bruecke"}
    }
    needing = library.model_copy(update={"exercises": bare})

    assert wanted_equipment(room.member.known, library, room.now.date()) == ()
    assert wanted_equipment(room.member.known, needing, room.now.date()) == ("band",)


@pytest.mark.parametrize(("step", "wanted"), [(3, ()), (4, ("band",))])
def test_equipment_is_asked_when_the_next_form_needs_some(step: int, wanted: tuple[str, ...]) -> None:
    room, _ = after_days(3)
    library, known = room.kit.library, room.member.known
    bridge = library.exercises["bruecke"]
    banded = bridge.levels[1].model_copy(update={"equipment": (Equipment.BAND,)})
    needing = bridge.model_copy(update={"levels": (bridge.levels[0], banded, *bridge.levels[2:])})
    changed = library.model_copy(update={"exercises": {"bruecke": needing}})
    placed = replace(known.programme[0], exercise="bruecke", level=1, dose_step=step)

    assert wanted_equipment(replace(known, programme=(placed,)), changed, room.now.date()) == wanted


@pytest.mark.parametrize(
    ("language", "typed", "kept"),
    [
        ("de", "Gymnastikband, Rucksack", {"band", "backpack"}),
        ("de", "Nichts davon", set()),
        ("en", "exercise band", {"band"}),
        ("en", "none of these", set()),
    ],
)
def test_what_is_at_home_can_be_said_once_and_the_plan_goes_by_it(language: str, typed: str, kept: set[str]) -> None:
    room, _ = after_days(8)
    room.member = replace(room.member, language=language)
    library, places = room.kit.library, places_of(room.member.known)
    profile = profile_of(room.member.known, library, room.now.date())
    following = next_exercise(frozenset(places), profile, library, acute_settled=False)
    assert following is not None
    wanting = library.exercises[following.exercise].model_copy(update={"equipment": (Equipment.BAND,)})
    needing = library.model_copy(update={"exercises": {**library.exercises, wanting.id: wanting}})
    room.kit = replace(room.kit, library=needing)
    trains(room)

    question = waiting(room)
    assert question is not None
    assert question.id == "equipment"
    room.says(typed)
    assert set(room.member.known.about.equipment or ()) == kept
    assert room.member.known.about.equipment is not None  # so it is not asked again
    after = profile_of(room.member.known, needing, room.now.date())
    comes = next_exercise(frozenset(places), after, needing, acute_settled=False)
    assert (comes is not None and comes.exercise == wanting.id) == ("band" in kept)


def to_mood(interest: str, low: str) -> Room:
    """Four weeks later, asked about mood for the first time."""
    room, _ = after_days(23)
    for _ in range(3):
        trains(room)
        for asked in portions(room):
            if asked == "mood-consent":
                room.taps("yes")
                room.taps(interest)
                room.taps(low)
                return room
    raise AssertionError("mood was never asked about")


def test_mood_is_asked_in_week_four_by_its_own_consent_and_a_low_one_names_a_way_to_people() -> None:
    room = to_mood("half", "days")

    assert Consented(purpose="mood", wording=1) in room.known_facts(Consented)
    assert room.known_facts(MoodAnswered) == [MoodAnswered(interest=2, low=1)]
    assert "0800 3344533" in "".join(room.texts)
    assert (room.now.date() - datetime(2026, 11, 23, tzinfo=UTC).date()).days >= 24


def test_a_very_low_mood_is_followed_by_the_direct_question() -> None:
    room = to_mood("most", "most")

    assert room.member.alarm is not None
    assert room.member.alarm.flow == CLARIFY.name
    assert [alarm.level for alarm in room.known_facts(AlarmRaised)] == ["crisis"]


def test_a_no_to_mood_is_never_asked_again() -> None:
    room, _ = after_days(8)
    known = replace(room.member.known, about=replace(room.member.known.about, mood="no"))
    room.member = replace(room.member, known=known)
    asked: list[str] = []
    for _ in range(20):
        trains(room)
        asked += portions(room)

    assert set(asked) <= {"equipment", "sleep", "confidence"}
