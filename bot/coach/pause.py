"""Coming back after days without a session (clinical rules 5.8): how far the programme steps down, and for how long."""

from dataclasses import dataclass
from itertools import pairwise

from bot.coach.records import ChangeRecord, History, whole_days
from bot.library.thresholds import Pause, Thresholds


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a gap asks for."""

    sets_less: int = 0
    to_bottom: bool = False
    levels_down: int = 0
    sessions: int = 0  # so many sessions without rises


def gap_between(history: History, last: int, following: int, pause: Pause) -> int:
    """Days from one session to the next that count: of what was announced, up to two weeks are frozen.

    Only what the programme steps down by is frozen. When the lists are asked goes by all days.
    """
    days = range(last, following)
    announced = sum(any(said.first <= day < said.until for said in history.announced) for day in days)
    return len(days) - min(announced, pause.frozen_days)


def gap_for(history: History, last: int, following: int, pause: Pause) -> int:
    """Days that count between two sessions of more than a minute.

    A minute now and then bridges a few days. After a week of nothing else the exercises were away all the same.
    """
    gap = gap_between(history, last, following, pause)
    if gap >= pause.bottom_from:
        return gap
    brief = [record.day for record in history.between(last + 1, following - 1) if record.session is not None]
    return max(gap_between(history, *pair, pause) for pair in pairwise((last, *brief, following)))


def step_after(gap: int, pause: Pause) -> Step:
    """`gap`: days from the last session to the next that count."""
    if gap < pause.smaller_from:
        return Step()
    if gap < pause.bottom_from:
        return Step(sets_less=pause.smaller_sets_less, sessions=pause.smaller_sessions)
    if gap < pause.level_from:
        return Step(to_bottom=True, sessions=pause.bottom_sessions)
    if gap < pause.restart_from:
        return Step(to_bottom=True, levels_down=pause.level_down, sessions=pause.level_sessions)
    return Step(to_bottom=True, levels_down=pause.restart_down, sessions=pause.restart_sessions)


@dataclass(frozen=True, slots=True)
class Ramp:
    """A return that is still under way: which gap it follows, how many sessions were done since, when it began."""

    step: Step
    gap: int  # days that count
    sessions: int
    resumed_on: int | None  # None: the first session after the gap is still to come


def find_ramp(history: History, day: int, rules: Thresholds) -> Ramp | None:
    """The return that a session on `day` belongs to, if any."""
    return history.recall("ramp", day, (rules,), lambda: _ramp(history, day, rules))


def _ramp(history: History, day: int, rules: Thresholds) -> Ramp | None:
    days = [record.day for record in whole_days(history.before(day))]
    waiting = [(days[-1], day, None, 0)] if days else []
    gaps = [(earlier, later, later, len(days) - 1 - index) for index, (earlier, later) in enumerate(pairwise(days))]
    for earlier, later, resumed_on, sessions in (*waiting, *reversed(gaps)):
        gap = gap_for(history, earlier, later, rules.pause)
        step = step_after(gap, rules.pause)
        if sessions < step.sessions:
            return Ramp(step, gap, sessions, resumed_on)
    return None


def done_since(changes: tuple[ChangeRecord, ...], last_session: int) -> tuple[ChangeRecord, ...]:
    """What the pause has already taken since the last session: it steps down once, however often it is asked."""
    return tuple(change for change in changes if change.rule == "R_PAUSE" and change.day > last_session)
