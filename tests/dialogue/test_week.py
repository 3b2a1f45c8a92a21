"""Sunday's check, the breaks at the desk, and what bothers: short, one thing at a time, acted on."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

from bot.coach.weekly import Course, advises_practice, course_of
from bot.dialogue.beside import GOAL
from bot.dialogue.facts import BreakTaken, ListsDue, ProfileAnswered, StatusChanged, WeekChecked
from bot.dialogue.flows.bother import BOTHER
from bot.dialogue.flows.desk import DESK_BREAK
from bot.dialogue.flows.session import SESSION
from bot.dialogue.member import Known, Week
from bot.dialogue.messages import Kind, Message
from bot.dialogue.progress import day_done
from bot.dialogue.weeks import is_week_due
from tests.dialogue.month import Month, easy
from tests.dialogue.room import Room

NUMBERS = ("4", "2", "3")
CLEAR = ("none", "none", "none", "no")  # the lists, and whether there was anything else
WORDS_A_MINUTE = 238  # silent reading of adults (Brysbaert 2019)
SECONDS_A_TAP = 2


def first_week(language: str = "de", *, days: int = 6) -> Room:
    """A week of exercises, up to noon of its Sunday."""
    room = Room(language=language)
    room.first_day()
    Month(room).lives(days)
    return room


def on_sunday(language: str = "de") -> Room:
    room = first_week(language)
    room.until_due("week")
    return room


def is_read(letter: str) -> bool:
    """Part of a word or a number; the ring before a line (①) is neither."""
    return letter.isalpha() or letter.isdecimal()


def flow_of(room: Room) -> str:
    return "" if room.member.open is None else room.member.open.flow


def picture_of(room: Room) -> Message:
    assert room.last is not None
    return next(message for message in room.last.messages if message.picture is not None)


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_check_takes_at_most_ninety_seconds(language: str) -> None:
    room = on_sunday(language)
    words = taps = 0
    for token in (*NUMBERS, *CLEAR, "same"):
        words += sum(any(map(is_read, word)) for text in room.texts for word in text.split())
        taps += 1
        room.taps(token, after_s=40)

    assert words / WORDS_A_MINUTE * 60 + taps * SECONDS_A_TAP <= 90
    assert room.known_facts(WeekChecked) == []  # written when the check ends
    room.taps("no")
    assert room.known_facts(WeekChecked) == [WeekChecked(pain=4, enjoyment=2, activity=3)]


def test_the_week_comes_as_one_picture_with_what_changed_and_a_way_to_say_that_something_is_new() -> None:
    room = on_sunday()
    for token in (*NUMBERS, *CLEAR):
        room.taps(token, after_s=60)

    shown = picture_of(room)

    assert shown.picture is not None
    assert shown.picture.figure == "chart-week"
    assert "7 bewegte Tage" in shown.text
    assert {button.data for row in shown.buttons for button in row} == {"/why", "/news"}


def test_the_own_activity_is_asked_once_it_was_named() -> None:
    room = first_week()
    about = replace(room.member.known.about, own="Treppe steigen")
    room.member = replace(room.member, known=replace(room.member.known, about=about))
    room.until_due("week")
    for token in NUMBERS:
        room.taps(token)

    assert "Treppe steigen" in room.texts[-1]
    for token in ("6", *CLEAR, "same", "no"):
        room.taps(token, after_s=60)
    assert room.known_facts(WeekChecked)[-1].own == 6


def test_every_number_may_be_skipped() -> None:
    room = on_sunday()
    for token in ("~", "~", "~", *CLEAR, "same", "no"):
        room.taps(token, after_s=60)

    assert room.known_facts(WeekChecked) == [WeekChecked()]


def test_a_yes_leads_into_the_lock_like_any_list() -> None:
    room = on_sunday()
    for token in (*NUMBERS, "some"):
        room.taps(token, after_s=60)
    assert room.member.known.lock is not None
    for token in ("+rf_saddle", "=", "new"):
        room.taps(token)

    assert room.member.known.lock.disposition == "emergency"
    assert room.member.alarm is not None
    assert not [kind for kind, _ in room.appointments if kind in {"prompt", "week", "desk-1", "desk-2"}]
    assert room.known_facts(WeekChecked)


def test_a_check_left_half_way_keeps_the_numbers_and_blocks_nothing() -> None:
    room = on_sunday()
    for token in NUMBERS:
        room.taps(token)

    room.passes(days=1)
    room.says("/heute")

    assert flow_of(room) == SESSION.name
    assert room.known_facts(WeekChecked) == [WeekChecked(pain=4, enjoyment=2, activity=3)]
    assert not room.known_facts(ListsDue)


def test_the_goal_of_next_week_is_kept() -> None:
    room = on_sunday()
    before = room.member.known.about.days_per_week or GOAL
    for token in (*NUMBERS, *CLEAR, "fewer", "no"):
        room.taps(token, after_s=60)

    assert room.member.known.about.days_per_week == before - 1


def test_in_a_silence_no_form_comes() -> None:
    room = Room()
    room.first_day()
    turns = room.lives(days=40)

    assert not [message for turn in turns for message in turn.messages if "Deine Woche" in message.text]


def test_left_unanswered_it_comes_ever_more_rarely() -> None:
    known = Known(since="2026-11-23")
    days = [date(2026, 11, 23) + timedelta(days=day) for day in range(120)]

    sundays = [day for day in days if is_week_due(known, day)]

    assert [(later - earlier).days for earlier, later in pairwise(sundays)] == [7, 14, 28, 28, 28]
    answered = replace(known, weeks=(Week(day="2026-12-20", pain=3),))
    assert is_week_due(answered, date(2026, 12, 27))


@pytest.mark.parametrize(
    ("before", "now", "course"),
    [(None, 3, "unknown"), (5, 4, "same"), (5, 3, "better"), (2, 4, "worse"), (8, 6, "same"), (9, 6, "better")],
)
def test_better_or_worse_only_beyond_what_numbers_waver_by(before: int | None, now: int, course: str) -> None:
    rules = Room().kit.library.thresholds

    assert course_of(before, now, rules) is Course(course)


def test_a_practice_is_named_where_the_burden_rose_by_a_third_and_a_point() -> None:
    rules = Room().kit.library.thresholds

    assert advises_practice(4, 6, rules)
    assert not advises_practice(4, 5, rules)
    assert not advises_practice(0, 0.9, rules)
    assert not advises_practice(None, 9, rules)


def with_breaks() -> Room:
    """The first Monday with breaks, at the first of them."""
    room = on_sunday()
    for token in (*NUMBERS, *CLEAR, "same", "yes"):
        room.taps(token, after_s=60)
    room.until_due("prompt")
    room.taps("2")
    room.taps("not_today")
    room.until_due("desk-1")
    return room


def test_breaks_are_offered_once_and_come_on_the_next_working_day() -> None:
    room = with_breaks()

    assert flow_of(room) == DESK_BREAK.name
    (message,) = [m for m in (room.last.messages if room.last else ()) if not m.only_edit]
    assert message.silent
    assert message.kind is Kind.DESK_BREAK
    assert [button.label for row in message.buttons for button in row] == ["Gemacht", "Später", "Heute keine mehr"]


def test_breaks_begin_on_the_next_working_day_though_its_prompt_comes_later() -> None:
    room = first_week()
    room.member = replace(room.member, known=replace(room.member.known, prompt_time="19:00"))
    room.until_due("week")
    room.appointments = {}
    for token in (*NUMBERS, *CLEAR, "same", "yes"):
        room.taps(token, after_s=60)

    assert sorted(kind for kind, _ in room.appointments) == ["desk-1", "desk-2"]


def test_a_break_taken_counts_as_movement_and_is_no_session() -> None:
    room = with_breaks()
    sessions = len(room.member.known.sessions)

    room.taps("done")

    assert len(room.known_facts(BreakTaken)) == 1
    assert day_done(room.member.known, room.kit.library, room.now.date()).moved
    assert len(room.member.known.sessions) == sessions


def test_later_is_an_hour_later_and_enough_ends_the_day() -> None:
    room = with_breaks()
    asked = room.now
    room.taps("later")
    room.until_due("desk-later")
    assert timedelta(minutes=55) < room.now - asked < timedelta(minutes=75)

    room.taps("enough")

    assert not [kind for kind, _ in room.appointments if kind.startswith("desk")]
    (said,) = room.texts
    assert len(said.split()) <= 6


def test_switched_off_in_the_settings_no_break_comes() -> None:
    room = with_breaks()
    room.taps("done")
    known = room.member.known
    room.member = replace(room.member, known=replace(known, settings=(("desk", "off"),)))

    turns = room.lives(days=4)

    assert not [m for turn in turns for m in turn.messages if m.kind is Kind.DESK_BREAK]


def test_breaks_left_unanswered_become_one_on_mondays() -> None:
    room = with_breaks()
    breaks: list[int] = []
    for _ in range(21):
        turns = room.lives(days=1)
        breaks += [room.now.weekday() for turn in turns for m in turn.messages if m.kind is Kind.DESK_BREAK]
        room.says("hallo")  # there, only not for breaks

    assert 3 <= len(breaks) <= 7


def asked_what_bothers() -> Room:
    room = Room()
    room.first_day()
    lived = Month(room, lambda question, tokens: None if question == "bother" else easy(question, tokens))
    while flow_of(room) != BOTHER.name:
        lived.lives(1)
    return room


def test_too_often_is_acted_on_at_once() -> None:
    room = asked_what_bothers()
    room.taps("often")

    assert "an 3 Tagen" in room.texts[-1]
    (booked,) = [made for made in room.appointments.values() if made.kind == "prompt"]
    assert booked.local_date.weekday() in {0, 2, 4}


def test_too_many_questions_leaves_one_number_on_sundays() -> None:
    room = asked_what_bothers()
    room.taps("questions")
    lived = Month(room, easy).lives(14)

    asked = {question for _, question in lived.asked}
    assert "week-pain" in asked
    assert not asked & {"week-enjoyment", "week-activity", "week-goal", "desk-offer"}
    assert "list-1" in asked


def test_too_easy_makes_the_days_longer_and_raises_no_load() -> None:
    room = asked_what_bothers()
    places = room.member.known.programme
    room.taps("easy")

    assert ProfileAnswered(field="minutes", value="5") in room.known_facts(ProfileAnswered)
    assert room.member.known.about.minutes == 5
    assert room.member.known.programme == places


def test_nothing_bothers_and_it_is_asked_never_again() -> None:
    room = asked_what_bothers()
    room.taps("nothing")

    lived = Month(room, easy).lives(30)

    assert "bother" not in {question for _, question in lived.asked}
    assert StatusChanged(status="left") not in room.known_facts(StatusChanged)


@pytest.mark.parametrize("answer", ["yes", "unsure"])
def test_something_else_in_the_week_leads_to_list_four_and_to_what_came_on_top(answer: str) -> None:
    room = on_sunday()
    for token in (*NUMBERS, "none", "none", "none"):
        room.taps(token, after_s=60)
    assert all(word in room.texts[-1] for word in ("Sturz", "Krankheit", "Operation", "Schwangerschaft", "Medikament"))

    for token in (answer, "none", "+PG", "=", "no", "no", "no"):
        room.taps(token, after_s=60)
    assert room.member.known.tags == ("PG",)

    for token in ("same", "no"):  # the check goes on
        room.taps(token, after_s=60)

    assert dict(room.member.known.answers)["rf_preg"] == "no"


def test_an_operation_of_this_week_locks_on_sunday() -> None:
    room = on_sunday()
    for token in (*NUMBERS, "none", "none", "none", "yes", "some", "+rf_postop", "="):
        room.taps(token, after_s=60)
    while room.member.open is not None and room.is_offered("unsure"):
        room.taps("no", after_s=60)

    assert room.member.known.lock is not None
    assert room.member.known.lock.disposition == "doctor_first"
