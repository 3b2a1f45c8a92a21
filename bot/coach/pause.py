"""Coming back after days without a session (clinical rules 5.8): how far the programme steps down, and for how long."""

from dataclasses import dataclass
from itertools import pairwise

from bot.coach.records import ChangeRecord, History, session_days
from bot.library.thresholds import Pause, Thresholds


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a gap asks for."""

    sets_less: int = 0
    to_bottom: bool = False
    levels_down: int = 0
    sessions: int = 0  # so many sessions without rises
    screens: bool = False


def step_after(gap: int | None, pause: Pause, mini_screen_from: int) -> Step:
    """`gap`: days from the last session to the next; None: there was none yet."""
    if gap is None or gap < pause.smaller_from:
        return Step()
    screens = gap >= mini_screen_from
    if gap < pause.bottom_from:
        return Step(sets_less=pause.smaller_sets_less, sessions=pause.smaller_sessions, screens=screens)
    if gap < pause.level_from:
        return Step(to_bottom=True, sessions=pause.bottom_sessions, screens=screens)
    if gap < pause.restart_from:
        return Step(to_bottom=True, levels_down=pause.level_down, sessions=pause.level_sessions, screens=screens)
    return Step(to_bottom=True, levels_down=pause.restart_down, sessions=pause.restart_sessions, screens=screens)


@dataclass(frozen=True, slots=True)
class Ramp:
    """A return that is still under way: which gap it follows, how many sessions were done since, when it began."""

    step: Step
    gap: int
    sessions: int
    resumed_on: int | None  # None: the first session after the gap is still to come


def find_ramp(history: History, day: int, rules: Thresholds) -> Ramp | None:
    """The return that a session on `day` belongs to, if any."""
    return history.recall("ramp", day, (rules,), lambda: _ramp(history, day, rules))


def _ramp(history: History, day: int, rules: Thresholds) -> Ramp | None:
    mini = rules.rescreening.mini_after_pause
    days = [record.day for record in session_days(history.before(day))]
    waiting = [(day - days[-1], None, 0)] if days else []
    gaps = [(later - earlier, later, len(days) - 1 - index) for index, (earlier, later) in enumerate(pairwise(days))]
    for gap, resumed_on, sessions in (*waiting, *reversed(gaps)):
        step = step_after(gap, rules.pause, mini)
        if sessions < step.sessions:
            return Ramp(step, gap, sessions, resumed_on)
    return None


def done_since(changes: tuple[ChangeRecord, ...], last_session: int) -> tuple[ChangeRecord, ...]:
    """What the pause has already taken since the last session: it steps down once, however often it is asked."""
    return tuple(change for change in changes if change.rule == "R_PAUSE" and change.day > last_session)
