"""What was planned and not done counts: it keeps exercises from rising (clinical rules 5.6)."""

import pytest

from bot.coach.derived import adherence_percent
from bot.coach.records import DayRecord, ExerciseRecord, History, SessionRecord
from bot.dialogue.facts import Decided, PromptCame
from bot.dialogue.history import history_of
from tests.dialogue.living import trains
from tests.dialogue.month import Month
from tests.dialogue.perfect import glad
from tests.dialogue.room import Room, the_kit

RULES = the_kit().library.thresholds
DONE = SessionRecord(exercises=(ExerciseRecord(exercise="bruecke", load=3, done=1),))


def seven_a_week() -> Room:
    room = Room()
    room.first_day()
    trains(room)
    while not room.is_offered("7"):
        room.taps("~")
    room.taps("7")
    return room


def percent(room: Room) -> float | None:
    return adherence_percent(history_of(room.member.known, room.kit.library), room.now.date().toordinal(), RULES)


def test_prompts_that_were_declined_count() -> None:
    room = seven_a_week()
    for _ in range(3):
        room.until_due("prompt")
        while not room.is_offered("not_today"):
            room.taps("3")
        room.taps("not_today")
    room.passes(days=1)

    assert len(room.known_facts(PromptCame)) == 4
    assert percent(room) == 40


def test_prompts_that_were_left_alone_count() -> None:
    room = seven_a_week()
    for _ in range(2):
        room.until_due("prompt")
    room.passes(days=1)

    assert percent(room) == 50


@pytest.mark.parametrize(("every", "rises"), [(1, True), (3, False)])
def test_few_of_the_planned_sessions_done_and_nothing_rises(every: int, rises: bool) -> None:  # noqa: FBT001  a case
    """Otherwise all goes well: a third of the sessions done is too little for anything to rise, all of them are not."""
    room = seven_a_week()

    def answer(question: str, tokens: set[str]) -> str | None:
        if "not_today" in tokens and room.now.toordinal() % every:
            return "not_today"
        return glad(question, tokens)

    Month(room, answer=answer).lives(24)

    changes = {fact.change for fact in room.known_facts(Decided)}
    assert bool(changes & {"level_up", "dose_up"}) is rises


def test_a_flare_and_a_day_that_is_not_over_are_not_missed() -> None:
    days = (DayRecord(day=1, session=DONE),)

    assert adherence_percent(History(days=days, ignored=(3,)), 3, RULES) == 100
    assert adherence_percent(History(days=days, ignored=(3,)), 4, RULES) == 50


def test_who_never_named_a_number_has_planned_three_a_week() -> None:
    """Prompts come daily then, but nobody has promised to train every day."""
    days = tuple(DayRecord(day=day, session=DONE) for day in (1, 3, 5, 8, 10, 12))
    ignored = (2, 4, 6, 7, 9, 11, 13)

    assert adherence_percent(History(days=days, ignored=ignored, wanted=3), 14, RULES) == 100
    assert adherence_percent(History(days=days[:2], ignored=ignored, wanted=3), 14, RULES) == pytest.approx(100 / 3)
    assert adherence_percent(History(days=days, ignored=ignored, wanted=7), 14, RULES) == pytest.approx(600 / 13)
