"""A hard day: what somebody does not want is not offered there either, nor in a break at the desk."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.dialogue.facts import BreakTaken
from bot.dialogue.flaring import gentle
from bot.dialogue.member import Veto
from tests.dialogue.diary import grown
from tests.dialogue.month import Month, keen
from tests.dialogue.perfect import lives
from tests.dialogue.room import Room, the_kit


@pytest.mark.parametrize(("ago", "offered"), [(0, False), (13, False), (14, True)])
def test_an_unwanted_exercise_stays_away_from_a_hard_day(ago: int, offered: bool) -> None:  # noqa: FBT001  a case
    member, now = grown()
    said = (now.date() - timedelta(days=ago)).isoformat()
    known = replace(member.known, vetoes=(Veto(exercise="stufenlagerung", day=said),))

    assert ("stufenlagerung" in {each.exercise for each in gentle(known, the_kit(), now.date())}) is offered


def test_a_hard_day_has_two_things_to_choose_from_beside_steps_where_one_is_unwanted() -> None:
    *_, room = lives(Room(), 18)
    today = room.now.date().isoformat()
    room.member = replace(
        room.member, known=replace(room.member.known, vetoes=(Veto(exercise="stufenlagerung", day=today),))
    )
    room.passes(hours=20)
    room.says("Schmerz 6")
    for _ in range(3):
        room.taps("none", after_s=40)

    assert not room.is_offered("legs")
    assert all(room.is_offered(token) for token in ("breath", "tilt", "steps", "news"))


def test_a_break_at_the_desk_leaves_out_what_is_unwanted() -> None:
    unwanted = ("aufstehen-recken", "sitz-becken", "sitz-drehung", "rueckbeuge-stand")
    room = Room()
    room.first_day()
    month = Month(room, answer=lambda q, t: {"desk-break": "done", "soft-now": "now"}.get(q) or keen(q, t))
    month.lives(12)
    vetoes = tuple(Veto(exercise=name, day=room.now.date().isoformat()) for name in unwanted)
    room.member = replace(room.member, known=replace(room.member.known, vetoes=vetoes))
    began = len(room.facts)
    month.lives(12)

    taken = [dated.fact.exercise for dated in room.facts[began:] if isinstance(dated.fact, BreakTaken)]
    assert room.known_facts(BreakTaken)
    assert not set(taken) & set(unwanted)
