"""The rhythm over a simulated month: how often the coach writes, what it asks, what a day holds, when it gets more."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import pytest

from bot.dialogue.facts import Decided, SessionStarted, WeekChecked
from tests.dialogue.month import Answer, Month, easy, keen, without_lists
from tests.dialogue.room import Room

FIRST = date(2026, 11, 23)


@cache
def month(
    answer: Answer = easy,
    *,
    days: int = 35,
    language: str = "de",
    at: str = "0800",
    rhythm: str = "",
    minutes: int | None = None,
) -> Month:
    """A life of so many days; lived once, for tests that only look at it."""
    room = Room(language=language)
    room.onboards()
    room.taps("go")
    lived = Month(room, answer)
    while room.member.open is not None and room.member.open.flow == "session":
        tokens = {button.data.rpartition(".")[2] for row in room.visible[room.order[-1]].buttons for button in row}
        room.taps(next(token for token in ("fine", "yes", "2") if token in tokens))
    room.says(f"{at[:2]}:{at[2:]}")
    room.taps("right")
    room.taps("none")
    about = replace(room.member.known.about, minutes=minutes)
    room.member = replace(room.member, known=replace(room.member.known, about=about))
    if rhythm:
        room.until_due("prompt")
        for token in ("2", "menu", rhythm):
            room.taps(token)
    return lived.lives(days)


# Every hour with somebody; what answers do at one hour they do at the next.
@pytest.mark.parametrize(
    ("answer", "at"),
    [(easy, at) for at in ("0800", "1030", "2000")]
    + [(keen, at) for at in ("0700", "1230", "1500", "2000")]
    + [(without_lists, at) for at in ("0800", "1700")],
)
def test_at_most_two_pushes_a_day_ring_and_breaks_never_do(answer: Answer, at: str) -> None:
    lived = month(answer, at=at, language="de")

    ringing = Counter(day for day, message in lived.pushes if not message.silent)
    breaks = Counter(day for day, message in lived.pushes if message.kind.value == "desk_break")
    others = Counter(day for day, message in lived.pushes if message.kind.value != "desk_break")

    assert len(others) >= 30
    assert max(ringing.values()) <= 2
    assert max(others.values()) <= 2
    assert all(message.silent for _, message in lived.pushes if message.kind.value == "desk_break")
    assert max(breaks.values(), default=0) == (2 if answer is keen else 0)
    assert all(day.weekday() < 5 and day >= FIRST + timedelta(days=7) for day in breaks)


@pytest.mark.parametrize(
    ("answer", "at", "language"),
    [
        (easy, "1030", "de"),
        (easy, "2000", "de"),
        (easy, "0700", "en"),
        (keen, "0700", "de"),
        (keen, "1500", "de"),
        (keen, "2000", "de"),
    ],
)
def test_no_question_comes_twice_within_an_hour(answer: Answer, at: str, language: str) -> None:
    lived = month(answer, at=at, language=language)
    last: dict[str, object] = {}

    for moment, question in lived.asked:
        before = last.get(question)
        assert before is None or moment - before >= timedelta(minutes=60), f"{question} at {moment}"  # type: ignore[operator]  # both are times
        last[question] = moment


def test_two_exercises_a_day_in_the_first_week_and_three_from_the_second() -> None:
    """For somebody with five minutes; the three that are assumed until told hold two on most days."""
    lived = month(minutes=5)
    counts: dict[bool, list[int]] = {False: [], True: []}
    for dated in lived.room.facts:
        if isinstance(dated.fact, SessionStarted) and dated.day > FIRST:
            counts[dated.day >= FIRST + timedelta(days=7)].append(len(dated.fact.items))

    assert set(counts[False]) == {2}
    assert max(counts[True]) == 3
    assert counts[True].count(3) > len(counts[True]) / 2


def test_perfect_days_started_right_after_the_morning_number_lead_to_rises() -> None:
    lived = month(days=60)

    rises = [fact for fact in lived.room.known_facts(Decided) if fact.change in {"dose_up", "level_up"}]

    assert len(rises) >= 5


def test_who_never_answers_the_lists_keeps_what_stands() -> None:
    """The same days, only the lists stay open: after two weeks nothing rises, and after four nothing begins."""
    lived = month(without_lists, at="0800", language="de")
    rises = [
        dated.day
        for dated in lived.room.facts
        if isinstance(dated.fact, Decided) and dated.fact.change in {"dose_up", "level_up"}
    ]
    sessions = [dated.day for dated in lived.room.facts if isinstance(dated.fact, SessionStarted)]

    assert all(day <= FIRST + timedelta(days=13) for day in rises)
    assert max(sessions) < FIRST + timedelta(days=28)
    assert [fact for fact in month(days=60).room.known_facts(Decided) if fact.change == "dose_up"]


def test_the_weekly_check_comes_on_sundays_and_what_bothers_once() -> None:
    lived = month(easy, at="0800", language="de")
    checked = [dated.day for dated in lived.room.facts if isinstance(dated.fact, WeekChecked)]

    assert [day.weekday() for day in checked] == [6] * len(checked)
    assert len(checked) == 5
    assert Counter(question for _, question in lived.asked)["bother"] == 1
    assert Counter(question for _, question in lived.asked)["desk-offer"] == 1


def test_fewer_prompts_still_bring_the_check() -> None:
    lived = month(rhythm="less")

    days = Counter(day for day, _ in lived.pushes)
    assert max(days.values()) <= 2
    assert len(lived.room.known_facts(WeekChecked)) >= 4
