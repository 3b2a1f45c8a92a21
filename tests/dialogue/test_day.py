"""A normal day: the prompt and its buttons, the exercises, what is counted, and a wrong number given again."""

from datetime import UTC, datetime

import pytest

from bot.dialogue.facts import Decided, ExerciseDone, FlareSaid, PainReported, SessionEnded, SessionStarted, Vetoed
from bot.dialogue.flows.ending import ENDING
from bot.dialogue.flows.flare import FLARING
from bot.dialogue.flows.lists import LISTS
from bot.dialogue.flows.session import SESSION
from bot.dialogue.flows.settings import STOPPING
from bot.dialogue.messages import Kind
from bot.dialogue.progress import day_pain
from tests.dialogue.room import Room


def second_day(morning: str | None = "3") -> Room:
    """The day after the first session, at the offer."""
    room = Room()
    room.first_day()
    room.until_due("prompt")
    room.taps("~" if morning is None else morning)
    return room


def offered(room: Room) -> str:
    return "" if room.member.open is None else room.member.open.flow


def test_the_prompt_offers_less_and_later_but_asks_for_nothing() -> None:
    room = second_day()

    labels = room.labels

    assert offered(room) == SESSION.name
    assert {"Los geht's", "Nur 1 Minute", "In 1 Stunde", "Heute nicht", "Schub", "⋯ Mehr"} <= set(labels)


def over_midnight() -> Room:
    """Exercises begun a moment before midnight, with the second one waiting."""
    room = Room(now=datetime(2026, 11, 23, 22, 45, tzinfo=UTC))
    room.onboards()
    room.taps("go")
    room.now = datetime(2026, 11, 23, 22, 59, 30, tzinfo=UTC)
    room.taps("fine", after_s=5)
    return room


def test_whoever_trains_over_midnight_goes_on_and_it_counts_for_the_evening() -> None:
    room = over_midnight()

    room.taps("fine", after_s=120)
    room.says("4")

    (session,) = room.member.known.sessions
    assert (session.day, session.finished, session.after) == ("2026-11-23", True, 4)
    assert len(session.exercises) == 2
    assert offered(room) == ENDING.name


def test_a_session_that_was_left_before_midnight_is_over_an_hour_later() -> None:
    room = over_midnight()

    room.says("ging gut", after_s=3700)

    assert room.member.open is None
    assert not room.member.known.sessions[-1].finished


def test_not_today_is_answered_in_six_words_and_without_a_question() -> None:
    room = second_day()

    room.taps("not_today")

    (said,) = room.texts
    assert len(said.split()) <= 6
    assert "?" not in said


def test_one_minute_counts_as_a_day_and_asks_for_no_number() -> None:
    room = second_day()
    numbers = len(room.known_facts(PainReported))

    room.taps("micro")
    room.taps("fine")

    assert len(room.known_facts(PainReported)) == numbers
    assert room.known_facts(SessionEnded)[-1] == SessionEnded(finished=True)
    assert "Diese Woche 2 von 3" in room.texts[-1]


def test_a_session_without_the_phone_counts_and_raises_nothing() -> None:
    room = second_day()
    before = len(room.known_facts(ExerciseDone))

    room.taps("menu")
    room.taps("already")

    done = room.known_facts(ExerciseDone)[before:]
    assert done
    assert all(each.effort is None and each.more is None for each in done)
    assert room.member.open is None


def test_stop_behind_the_dots_asks_what_to_stop() -> None:
    room = second_day()

    room.taps("menu")
    room.taps("stop")

    assert offered(room) == STOPPING.name


def test_back_from_the_dots_leads_to_the_offer() -> None:
    room = second_day()

    room.taps("menu")
    room.taps("<")
    room.taps("go")

    assert Kind.EXERCISE in room.kinds


def test_another_exercise_comes_instead_and_the_unwanted_one_stays_away() -> None:
    room = second_day()
    room.taps("go")
    state = room.member.open
    room.taps("menu")

    assert state is not None
    assert "Überspringen" in room.labels
    if "Andere" in room.labels:
        room.taps("other")
        assert Kind.EXERCISE in room.kinds
    else:
        room.taps("skip")
    facts = [dated.fact for dated in room.facts]
    assert not any(isinstance(fact, Vetoed) for fact in facts)  # facts are written when the day ends


def test_a_wrong_morning_number_is_given_again_and_the_offer_is_made_anew() -> None:
    room = second_day("9")
    first = offered(room)

    room.says("/vertippt")
    room.taps("3")

    assert first == FLARING.name
    assert room.known_facts(PainReported)[-1] == PainReported(when="morning", value=3, corrects=True)
    assert offered(room) == SESSION.name  # the lists that only the wrong number had asked for are gone
    assert day_pain(room.member.known, room.now.date().isoformat()) == 3


def test_a_wrong_number_within_a_session_is_put_right_there() -> None:
    room = second_day(None)
    room.taps("go")
    room.taps("2")

    room.says("/mistyped")
    room.taps("3")
    while offered(room) == SESSION.name:
        room.taps(next(token for token in ("fine", "2") if _has(room, token)))

    befores = [f.value for f in room.known_facts(PainReported) if f.when == "before"]
    assert befores[-1] == 3


def _has(room: Room, token: str) -> bool:
    last = room.visible[room.order[-1]]
    return any(button.data.endswith(f".{token}") for row in last.buttons for button in row)


def test_after_ten_minutes_a_number_stands() -> None:
    room = second_day()
    room.passes(minutes=11)

    room.says("/vertippt")

    assert offered(room) == SESSION.name


@pytest.mark.parametrize("how", ["button", "command", "number"])
def test_a_hard_day_brings_lists_and_then_one_of_three(how: str) -> None:
    room = second_day("7" if how == "number" else "3")
    if how == "button":
        room.taps("flare")
    if how == "command":
        room.says("/schub")
    for _ in range(3):
        room.taps("none", after_s=60)

    assert offered(room) == FLARING.name
    assert "Etwas ist neu" in room.labels
    assert bool(room.known_facts(FlareSaid)) is (how != "number")
    room.taps("legs")
    room.taps("fine")
    assert room.known_facts(SessionStarted)[-1].gate == "flare"
    assert room.known_facts(SessionEnded)[-1] == SessionEnded(finished=True)


def test_a_hard_day_left_without_answers_asks_the_lists_the_next_day() -> None:
    room = second_day()
    room.taps("flare")

    room.passes(days=1)
    room.says("/heute")

    assert offered(room) == LISTS.name
    assert Kind.EXERCISE not in room.kinds
    for _ in range(3):
        room.taps("none", after_s=60)
    assert offered(room) in {FLARING.name, SESSION.name}


def test_what_was_too_hard_is_named_at_the_end_with_what_changes() -> None:
    room = second_day()
    room.taps("go")
    room.taps("hard")
    room.taps("half")
    while offered(room) == SESSION.name:
        room.taps(next(token for token in ("fine", "3") if _has(room, token)))

    assert "zu schwer" in "".join(room.texts)


def test_the_first_weeks_ask_function_first_and_one_number_a_day() -> None:
    room = Room()
    room.onboards(episode="acute")
    room.taps("go")  # the very first exercise comes at once
    room.trains()
    room.ends_day()
    first = [f.when for f in room.known_facts(PainReported)]
    room.until_due("prompt")
    room.taps("3")
    room.taps("go")
    room.taps("rising")
    room.trains()

    assert first == ["before"]
    assert [f.when for f in room.known_facts(PainReported)] == ["before", "morning"]


def test_decisions_of_the_day_are_kept() -> None:
    room = second_day()
    room.taps("go")
    while offered(room) == SESSION.name:
        room.taps(next(token for token in ("fine", "keep", "3") if _has(room, token)))

    assert {fact.rule for fact in room.known_facts(Decided)} >= {"P_START"}
