"""A week's walking grows on a day on which anything may grow, and on no other (I2, I8; clinical 2.2)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.dialogue import facts as f
from bot.dialogue.member import Walk
from bot.dialogue.planning import walking_now
from tests.dialogue.diary import Diary, grown
from tests.dialogue.room import the_kit


def on_monday(*facts: f.Fact, **changes: object) -> bool:
    """A Monday after a good week with walks, and what came on it."""
    member, now = grown()
    soft = {item.id: "no" for item in the_kit().library.screening.items if item.soft}
    answers = tuple({**dict(member.known.answers), **soft}.items())
    walks = tuple(Walk(day=(now.date() - timedelta(days=ago)).isoformat(), minutes=20) for ago in range(1, 9))
    known = replace(member.known, answers=answers, walks=walks, disposition="go")
    diary = Diary(replace(known, **changes), now + timedelta(days=1))  # type: ignore[arg-type]  # named as they are
    diary.tells(2)
    diary.notes(*facts)
    return walking_now(replace(member, known=diary.known), diary.moment, the_kit()).grows


def test_after_a_good_week_it_may() -> None:
    assert on_monday()


@pytest.mark.parametrize(
    "facts",
    [
        (f.FlareSaid(),),
        (f.PainReported(when="now", value=6),),
        (f.SelfTested(test="plank", level=1, value=0, stopped=True),),
    ],
)
def test_on_a_hard_day_it_waits(facts: tuple[f.Fact, ...]) -> None:
    assert not on_monday(*facts)


def test_so_it_does_while_a_practice_should_look_at_something() -> None:
    assert not on_monday(disposition="doctor_soft")
