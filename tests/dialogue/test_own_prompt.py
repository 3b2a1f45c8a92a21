"""What a member told is used: the moment it hangs on, the name, the own goal, the work, an illness."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.dialogue.facts import Dated, PauseTaken
from bot.dialogue.flows.session import SESSION, SessionStart
from bot.dialogue.flows.session_offer import offer
from bot.dialogue.flows.week import WEEK
from bot.dialogue.member import Pause, SessionMemo, adapter_for
from bot.dialogue.memory import remember
from bot.dialogue.moment import Moment
from bot.dialogue.planning import plan_session
from bot.dialogue.steps import Ask
from bot.dialogue.text import render
from tests.dialogue.month import Month
from tests.dialogue.room import Room


@pytest.fixture
def room() -> Room:
    made = Room()
    made.first_day()
    return made


def told(room: Room, **about: object) -> None:
    known = room.member.known
    room.member = replace(room.member, known=replace(known, about=replace(known.about, **about)))  # type: ignore[arg-type]  # fields


def leads(room: Room, **about: object) -> list[str]:
    """The prompt's words on twelve days in a row."""
    told(room, **about)
    planned = plan_session(room.member, Moment(room.now, ZoneInfo("Europe/Berlin")), room.kit)
    assert isinstance(planned, SessionStart)
    found = []
    for number in range(1, 13):
        step = next(offer(replace(planned, wording=number, back="", changes=())))
        assert isinstance(step, Ask)
        found.append(render(step.question.text, room.kit.catalogs[room.member.language]))
    return found


@pytest.mark.parametrize(
    ("language", "words"),
    [("de", ("Nach dem Kaffee", "Kim", "Dein Ziel: Garten")), ("en", ("After coffee", "Kim", "Your goal: Gardening"))],
)
def test_the_prompt_names_the_habit_the_name_and_the_goal_and_is_never_twice_the_same(
    language: str, words: tuple[str, ...]
) -> None:
    room = Room(language=language)
    room.first_day()
    room.passes(days=1)

    said = leads(room, trigger="coffee", name="Kim", own="#garden")

    assert all(any(word in each for each in said) for word in words)
    assert len(set(said)) >= 9
    assert sum("Kim" in each for each in said) <= 4


def test_what_was_never_told_is_never_named(room: Room) -> None:
    room.passes(days=1)

    assert len(set(leads(room, trigger="", name="", own=""))) == 12


def test_the_habit_of_the_first_day_comes_back_in_the_days_prompts(room: Room) -> None:
    month = Month(room).lives(14)

    assert any("Nach dem Kaffee" in message.text for _, message in month.pushes) or any(
        "Nach dem Kaffee" in text for text in seen(room)
    )


def seen(room: Room) -> list[str]:
    return [room.visible[number].text for number in room.order]


def test_own_words_are_not_quoted_where_telegram_is_one_of_several_places(room: Room) -> None:
    told(room, own="Treppe steigen")
    room.passes(days=1)
    room.elsewhere = ("telegram",)
    room.says("/heute")

    assert room.member.open is not None
    assert adapter_for(SESSION.start).validate_json(room.member.open.start).own == ""


def test_what_it_hangs_on_is_changed_in_the_settings(room: Room) -> None:
    room.says("/einstellungen")
    assert "nach dem Kaffee" in room.texts[-1]
    room.taps("after")
    assert "Nach dem Mittagessen" not in room.labels  # the time is eight in the morning
    room.taps("teeth")

    assert room.member.known.about.trigger == "teeth"
    assert "Nach dem Zähneputzen" in room.texts[-1]


def test_another_time_of_day_lets_the_old_habit_go(room: Room) -> None:
    for token in ("time", "1700"):
        room.says("/settings") if token == "time" else None
        room.taps(token)

    assert room.member.known.prompt_time == "17:00"
    assert room.member.known.about.trigger == ""


def test_another_time_of_the_same_morning_keeps_the_habit(room: Room) -> None:
    room.says("/settings")
    room.taps("time")
    room.taps("0700")

    assert room.member.known.about.trigger == "coffee"


@pytest.mark.parametrize(
    ("work", "offered"), [("", True), ("sitting", True), ("mixed", True), ("heavy", False), ("none", False)]
)
def test_breaks_at_a_desk_are_offered_to_whoever_has_one(room: Room, work: str, offered: bool) -> None:  # noqa: FBT001  a case
    Month(room).lives(6)
    told(room, work=work)

    room.until_due("week")

    assert room.member.open is not None
    assert adapter_for(WEEK.start).validate_json(room.member.open.start).offers_desk is offered


def test_the_first_day_after_an_illness_is_a_smaller_one(room: Room) -> None:
    Month(room).lives(4)
    known = room.member.known
    room.passes(days=2)
    moment = Moment(room.now, ZoneInfo("Europe/Berlin"))
    well = plan_session(room.member, moment, room.kit)
    pause = Pause(why="ill", since=(moment.day - timedelta(days=1)).isoformat(), until=moment.day.isoformat())

    room.member = replace(room.member, known=replace(known, pause=pause))
    ill = plan_session(room.member, moment, room.kit)
    again = SessionMemo(day=moment.day.isoformat(), at=moment.micros, gate="reduced", items=(), finished=True)
    room.member = replace(room.member, known=replace(room.member.known, sessions=(*known.sessions, again)))
    room.passes(days=1)
    after = plan_session(room.member, Moment(room.now, ZoneInfo("Europe/Berlin")), room.kit)

    assert isinstance(well, SessionStart)
    assert isinstance(ill, SessionStart)
    assert isinstance(after, SessionStart)
    assert (well.gate, ill.gate, after.gate) == ("normal", "reduced", "normal")
    assert sum(each.sets for each in ill.planned) <= sum(each.sets for each in well.planned)
    assert not [change for change in ill.changes if change.change.endswith("_up")]


def test_an_illness_that_a_holiday_followed_is_not_forgotten(room: Room) -> None:
    Month(room).lives(4)
    for why, days in (("ill", 5), ("holiday", 4)):
        until = (room.now + timedelta(days=days)).date()
        told = Dated(PauseTaken(why=why, until=until.isoformat()), room.now, room.now.date())
        room.member = replace(room.member, known=remember(room.member.known, told))
        room.passes(days=days)

    planned = plan_session(room.member, Moment(room.now, ZoneInfo("Europe/Berlin")), room.kit)

    assert isinstance(planned, SessionStart)
    assert planned.gate == "reduced"


def test_a_holiday_makes_nothing_smaller_by_itself(room: Room) -> None:
    Month(room).lives(4)
    room.passes(days=2)
    moment = Moment(room.now, ZoneInfo("Europe/Berlin"))
    pause = Pause(why="holiday", since=(moment.day - timedelta(days=1)).isoformat(), until=moment.day.isoformat())
    room.member = replace(room.member, known=replace(room.member.known, pause=pause))

    planned = plan_session(room.member, moment, room.kit)

    assert isinstance(planned, SessionStart)
    assert planned.gate == "normal"


@pytest.mark.parametrize(("language", "rests"), [("de", "ruht jetzt einige Wochen"), ("en", "rests for some weeks")])
def test_of_an_exercise_that_rests_nobody_is_told_that_it_gets_smaller(language: str, rests: str) -> None:
    room = Room(language=language)
    room.onboards()
    for token in ("go", "hurt", "stabbing", "5", "enough", "5"):
        room.taps(token)
    room.ends_day()
    room.until_due("prompt")
    room.taps("3")

    said = "".join(room.texts)
    assert rests in said
    assert "heute kleiner" not in said
    assert "smaller version today" not in said


def test_a_small_portion_is_announced_with_a_sentence_and_the_second_is_the_last(room: Room) -> None:
    room.until_due("prompt")
    for token in ("3", "go"):
        room.taps(token)
    room.trains()
    room.taps("2")
    assert "Wenn du magst" in room.texts[-1]
    room.taps("7")

    assert "dann ist es für heute genug" in room.texts[-1]
