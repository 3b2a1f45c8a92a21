"""What a smaller day really asks for: a return, a hard day and an easier week hold less of every exercise."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.dialogue.conversation import follow
from bot.dialogue.facts import Dated, PainReported, SelfTested
from bot.dialogue.flows.session import SESSION
from bot.dialogue.flows.session_start import Planned, SessionStart, dose_text, on_day
from bot.dialogue.history import history_of
from bot.dialogue.member import adapter_for
from bot.dialogue.memory import remember_all
from bot.dialogue.moment import Moment
from bot.dialogue.planning import mode_now
from bot.dialogue.text import render
from tests.dialogue.living import GOES_WELL, tokens
from tests.dialogue.perfect import lives
from tests.dialogue.room import Room


def shown(room: Room, pain: str) -> Iterator[tuple[str, Planned]]:
    """The gate of today's session and each exercise as it stands on the screen, done well."""
    while room.member.open is not None and room.member.open.flow == SESSION.name:
        state = room.member.open
        start: SessionStart = adapter_for(SessionStart).validate_json(state.start)
        waiting = follow(state).waiting
        question = "" if waiting is None else waiting.question.id
        if question.startswith("went/"):
            gate = start.gates[int(pain)] if start.ask_before else start.gate
            each = next(p for p in start.planned if question == f"went/{p.exercise}")
            today = on_day(each, gate)
            assert render(dose_text(today), room.kit.catalogs["de"]) in room.texts[-1]
            yield gate, today
        offered = tokens(room)
        room.taps(next((token for token in (pain, *GOES_WELL, "2") if token in offered), pain))


def usual(room: Room, exercise: str) -> int:
    """Repetitions or seconds of the member's place, as often as its sets."""
    placed = next(placed for placed in room.member.known.programme if placed.exercise == exercise)
    return placed.sets * room.kit.library.exercises[exercise].amount(placed.dose_step)


def test_after_a_flare_up_each_session_holds_at_most_its_share_of_the_usual() -> None:
    *_, room = lives(Room(), 18)
    room.passes(hours=20)
    room.says("/schub")
    for token in ("none", "none", "none", "steps"):
        room.taps(token, after_s=40)
    for _ in range(2):
        room.passes(hours=24)
        room.says("Schmerz 2")
    percents: list[int] = []
    for session in range(4):
        room.passes(hours=24)
        room.says("/heute")
        limit = (70, 80, 90, 100)[session]
        for gate, each in shown(room, "2"):
            assert gate == "return"
            assert each.sets * each.amount <= max(1, usual(room, each.exercise) * limit / 100), (session, each)
            percents.append(session)
    assert set(percents) == {0, 1, 2, 3}


def test_an_easier_week_holds_at_most_60_percent_of_each_exercise() -> None:
    *_, room = lives(Room(), 29)
    room.until_due("prompt")
    while "go" not in tokens(room):
        room.taps("2")

    held = list(shown(room, "2"))

    assert room.member.known.sessions[-1].eased
    assert held
    for gate, each in held:
        assert gate == "reduced"
        assert each.sets * each.amount <= usual(room, each.exercise) * 0.6


def modes(room: Room, days: int) -> list[str]:
    """What the gate says at ten o'clock of each day, after a calm number; nothing else is done."""
    found: list[str] = []
    for _ in range(days):
        room.passes(hours=24)
        room.says("Schmerz 2")
        found.append(mode_now(room.member, Moment(room.now, ZoneInfo(room.member.zone)), room.kit).value)
    return found


@pytest.mark.parametrize("hour", [10, 20])
def test_a_hard_day_by_its_numbers_is_followed_by_a_return_whatever_was_done_on_it(hour: int) -> None:
    """In the morning or only told in the evening; a few steps leave no session behind."""
    *_, room = lives(Room(), 18)
    room.lives_until((room.now + timedelta(days=1)).replace(hour=hour))
    room.says("Schmerz 6")
    for token in ("none", "none", "none", "steps"):
        room.taps(token, after_s=40)

    evening = mode_now(room.member, Moment(room.now, ZoneInfo(room.member.zone)), room.kit).value
    assert [evening, *modes(room, 3)] == ["flare", "flare", "return", "return"]


def test_a_calm_number_later_on_the_same_day_does_not_end_a_hard_day() -> None:
    *_, room = lives(Room(), 18)
    room.passes(hours=20)
    room.says("Schmerz 6")
    for token in ("none", "none", "none", "steps"):
        room.taps(token, after_s=40)
    room.passes(hours=6)
    room.says("Schmerz 2")

    assert mode_now(room.member, Moment(room.now, ZoneInfo(room.member.zone)), room.kit).value == "flare"


def test_what_hurts_behind_a_measurement_makes_no_hard_day() -> None:
    *_, room = lives(Room(), 18)
    told = [
        Dated(fact, room.now + timedelta(minutes=minute), room.now.date())
        for minute, fact in (
            (0, PainReported(when="now", value=2)),
            (2, SelfTested(test="plank", level=1, value=10)),
            (4, PainReported(when="now", value=5)),
        )
    ]
    room.member = replace(room.member, known=remember_all(room.member.known, told))

    assert not history_of(room.member.known, room.kit.library).days[-1].flaring
