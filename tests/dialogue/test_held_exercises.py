"""What is held or lasts minutes is not asked about in repetitions."""

import pytest

from bot.dialogue.flows.session_exercise import Went, exercise, tell
from bot.dialogue.flows.session_start import Planned, SessionStart
from bot.dialogue.steps import Ask


@pytest.mark.parametrize(
    ("name", "unit", "key"),
    [
        ("unterarmstuetz", "sec", "session/longer"),
        ("bauchatmung", "min", "session/longer"),
        ("bruecke", "reps", "session/more"),
        ("vierfuessler", "reps_side", "session/more"),
    ],
)
def test_the_question_after_a_good_one_fits_its_dose(name: str, unit: str, key: str) -> None:
    planned = Planned(exercise=name, level=1, step=1, sets=1, amount=10, unit=unit)
    flow = exercise(SessionStart(planned=(planned,), gates=(), more_for=name), planned, 1, 1, tell(()))
    assert isinstance(next(flow), Ask)

    asked = flow.send(Went.FINE)

    assert isinstance(asked, Ask)
    assert asked.question.text.key == key
