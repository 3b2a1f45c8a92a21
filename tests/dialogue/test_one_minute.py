"""One minute is a day of movement and no session: it uses up nothing of a return, a pause or a smaller first day."""

from datetime import timedelta

import pytest

from bot.coach.gate import open_gate
from bot.coach.records import DayRecord, ExerciseRecord, History, Mode, SessionRecord
from bot.dialogue import facts as f
from bot.dialogue.beside import was_ill
from bot.dialogue.flows.session import SessionStart
from bot.dialogue.history import places_of
from tests.dialogue.diary import LIBRARY, Diary, grown

MINUTE = f.SessionStarted(gate="normal", items=(("beckenkippen", 1, 1),), minute=True)
RULES = LIBRARY.thresholds


def takes_a_minute(diary: Diary) -> None:
    done = f.ExerciseDone(exercise="beckenkippen", level=1, dose_step=1, sets=1, done=2, effort=5)
    diary.notes(MINUTE, done, f.SessionEnded(finished=True))


def planned(diary: Diary) -> SessionStart:
    diary.tells(2)
    start = diary.plan()
    assert isinstance(start, SessionStart)
    return start


def test_minutes_do_not_use_up_the_sessions_after_a_pause() -> None:
    member, now = grown()
    diary = Diary(member.known, now + timedelta(days=20))
    for _ in range(3):
        assert planned(diary).gate == "ramp"
        takes_a_minute(diary)
        diary.now += timedelta(days=1)
    for _ in range(2):
        assert planned(diary).gate == "ramp"
        assert diary.trains() is not None
        diary.now += timedelta(days=1)

    assert planned(diary).gate != "ramp"


@pytest.mark.parametrize(("days", "gate"), [(3, "normal"), (5, "normal"), (9, "ramp"), (16, "ramp")])
def test_after_a_week_of_minutes_alone_the_exercises_were_away(days: int, gate: str) -> None:
    """A minute bridges a few days (MIKRO counts as an active day); what was not done for weeks begins lower (5.8)."""
    member, now = grown()
    old = places_of(member.known)
    diary = Diary(member.known, now)
    planned(diary)
    diary.trains()
    for _ in range(days):
        diary.now += timedelta(days=1)
        diary.tells(2)
        takes_a_minute(diary)
    diary.now += timedelta(days=1)
    start = planned(diary)

    assert start.gate == gate
    if days > 15:
        assert all(each.level < old[each.exercise].level or each.level == 1 for each in start.planned)


def session(day: int, *, brief: bool = False, mode: Mode = Mode.NORMAL, after: float = 3) -> DayRecord:
    done = ExerciseRecord(exercise="bruecke", load=3, done=1, effort=5)
    held = SessionRecord(before=3, after=after, exercises=(done,), brief=brief)
    return DayRecord(day=day, before=3, morning=3, session=held, mode=mode)


@pytest.mark.parametrize(("brief", "percent"), [(True, 70), (False, 90)])
def test_minutes_do_not_use_up_the_way_back_from_a_flare_up(brief: bool, percent: int) -> None:  # noqa: FBT001
    calm = tuple(session(day) for day in range(1, 9))
    hard = DayRecord(day=9, told=6, flaring=True, screened_clear=True)
    quiet = (DayRecord(day=10, told=3), DayRecord(day=11, told=3))
    back = tuple(session(day, brief=brief, mode=Mode.RETURN) for day in (12, 13))
    gate = open_gate(History(days=(*calm, hard, *quiet, *back), average=3), DayRecord(day=14, before=3), RULES)

    assert (gate.mode, gate.volume_percent) == (Mode.RETURN, percent)


def test_a_minute_between_hides_no_two_amber_sessions() -> None:
    calm = tuple(session(day) for day in range(1, 9))
    amber = tuple(session(day, after=5) for day in (9, 10))
    history = History(days=(*calm, *amber, session(11, brief=True)), average=3)

    assert open_gate(history, DayRecord(day=12, before=3), RULES).mode is Mode.REDUCED


def test_a_minute_is_not_the_first_day_after_an_illness() -> None:
    member, now = grown()
    diary = Diary(member.known, now)
    diary.notes(f.PauseTaken(why="ill", until=(now.date() + timedelta(days=3)).isoformat()))
    diary.now += timedelta(days=4)
    takes_a_minute(diary)
    assert was_ill(diary.known)

    diary.now += timedelta(days=1)
    planned(diary)
    diary.trains()
    assert not was_ill(diary.known)
