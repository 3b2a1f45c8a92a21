"""What is held or lasts minutes is not asked about in repetitions."""

import pytest

from bot.dialogue.flows.session_exercise import Went, exercise, tell
from bot.dialogue.flows.session_start import Planned, SessionStart
from bot.dialogue.steps import Ask


@pytest.mark.parametrize(
    ("name", "unit", "offered"),
    [
        ("unterarmstuetz", "sec", Went.LONGER),
        ("bauchatmung", "min", Went.LONGER),
        ("bruecke", "reps", Went.MORE),
        ("vierfuessler", "reps_side", Went.MORE),
    ],
)
def test_the_button_beside_a_good_one_fits_its_dose(name: str, unit: str, offered: Went) -> None:
    planned = Planned(exercise=name, level=1, step=1, sets=1, amount=10, unit=unit)
    flow = exercise(SessionStart(planned=(planned,), gates=(), more_for=name), planned, 1, 1, tell(()))

    asked = next(flow)

    assert isinstance(asked, Ask)
    assert {Went.MORE, Went.LONGER} & set(asked.question.options) == {offered}  # type: ignore[attr-defined]  # a choice
