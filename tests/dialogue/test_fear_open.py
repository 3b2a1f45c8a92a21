"""Whether movement feels dangerous may be put off; until it is answered it counts as a yes: gentle, and no rises."""

from bot.dialogue import facts as f
from tests.dialogue.month import Month
from tests.dialogue.perfect import glad
from tests.dialogue.room import Room


def puts_off_fear(question: str, tokens: set[str]) -> str | None:
    return "~" if question == "fear" else glad(question, tokens)


def test_who_never_answers_stays_gentle_and_nothing_rises() -> None:
    room = Room()
    room.first_day()

    Month(room, answer=puts_off_fear).lives(24)

    library = room.kit.library
    done = [library.exercises[each.exercise].load for each in room.known_facts(f.ExerciseDone)]
    assert len(done) > 20
    assert set(done) <= {0, 1}
    rises = {each.change for each in room.known_facts(f.Decided)} & {"level_up", "dose_up"}
    assert not rises
    assert room.member.known.about.fear is None


def test_the_answer_opens_what_waited() -> None:
    room = Room()
    room.first_day()

    Month(room, answer=glad).lives(24)

    library = room.kit.library
    assert 3 in {library.exercises[each.exercise].load for each in room.known_facts(f.ExerciseDone)}
    assert "dose_up" in {each.change for each in room.known_facts(f.Decided)}
