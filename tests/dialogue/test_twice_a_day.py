"""Several sessions on one day: to the rules they are one, and the worse of them counts."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.coach.derived import rise_of
from bot.coach.lights import Light, light_session
from bot.coach.records import DayRecord, History, Mode
from bot.dialogue import facts as f
from bot.dialogue.flows.session_offer import done_of
from bot.dialogue.flows.session_start import Planned
from bot.dialogue.history import history_of
from bot.dialogue.moment import Moment
from bot.dialogue.planning import mode_now
from tests.dialogue.diary import LIBRARY, Diary, grown
from tests.dialogue.perfect import lives
from tests.dialogue.room import Room

BRIDGE = Planned(exercise="bruecke", level=1, step=1, sets=1, amount=6, unit="reps")
CAT = Planned(exercise="katze-kuh", level=1, step=1, sets=1, amount=6, unit="reps")


def lived(*sessions: tuple[str, Planned, int, int]) -> tuple[History, DayRecord]:
    """One day: gate, exercise, pain before and after of each session; everything is easy, the morning after is calm."""
    member, now = grown()
    diary = Diary(member.known, now + timedelta(days=1))
    for gate, planned, before, after in sessions:
        diary.now += timedelta(hours=4)
        items = ((planned.exercise, planned.level, planned.step),)
        diary.notes(
            f.PainReported(when="before", value=before),
            f.SessionStarted(gate=gate, items=items, before=before),
            replace(done_of(planned), effort=4, more=True),
            f.PainReported(when="after", value=after),
            f.SessionEnded(finished=True),
        )
    day = diary.moment.day.toordinal()
    diary.now += timedelta(hours=18)
    diary.notes(f.PainReported(when="morning", value=2))
    history = history_of(diary.known, LIBRARY)
    found = history.find_day(day)
    assert found is not None
    return history, found


def test_a_rise_in_the_evening_is_not_hidden_behind_a_worse_morning() -> None:
    history, day = lived(("normal", CAT, 3, 3), ("normal", BRIDGE, 0, 3))

    bridge = next(lit for lit in light_session(history, day, LIBRARY.thresholds) if lit.record.exercise == "bruecke")

    assert rise_of(day) == 3
    assert bridge.light is Light.RED


def test_pain_that_eases_over_the_day_is_no_rise() -> None:
    _, day = lived(("normal", CAT, 3, 2), ("normal", BRIDGE, 1, 1))

    assert (rise_of(day) or 0) <= 0


@pytest.mark.parametrize("gates", [("reduced", "normal"), ("normal", "reduced"), ("return", "normal")])
def test_less_in_one_session_is_no_reason_for_more_after_another(gates: tuple[str, str]) -> None:
    history, day = lived((gates[0], BRIDGE, 2, 2), (gates[1], CAT, 2, 2))

    assert day.mode in {Mode.REDUCED, Mode.RETURN}
    assert not any(lit.is_good for lit in light_session(history, day, LIBRARY.thresholds))


def test_one_minute_instead_of_more_is_no_sign_of_too_much() -> None:
    """Who is short of time on three days needs no easier week, and one easy minute is no reason for more."""
    *_, room = lives(Room(), 9)
    before = len(room.known_facts(f.ExerciseDone))
    gates: list[str] = []
    for _ in range(5):
        room.until_due("prompt")
        while room.is_offered("3"):
            room.taps("3")
        gates.append(mode_now(room.member, Moment(room.now, ZoneInfo(room.member.zone)), room.kit).value)
        room.taps("micro")
        room.taps("easy")

    assert gates == ["normal"] * 5
    assert not any(done.more for done in room.known_facts(f.ExerciseDone)[before:])
