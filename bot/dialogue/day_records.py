"""One day as the rules read it, from its numbers, sessions and marks."""

from datetime import date
from functools import lru_cache

from bot.coach.course import raises_question
from bot.coach.place import Place
from bot.coach.records import DayRecord, ExerciseRecord, Mode, Quality, SessionRecord
from bot.dialogue.facts import UNWELL, ExerciseDone
from bot.dialogue.member import Mark, Pain, SessionMemo
from bot.library.library import Library

_QUALITIES = {
    "pulling": Quality.PULLING,
    "dull": Quality.DULL,
    "stabbing": Quality.STABBING,
    "leg": Quality.RADIATING,
}
_FLARING = {Mode.FLARE.value, Mode.SCREEN.value}
_ACUTE_LISTS = frozenset({"list-1", "list-2", "list-3"})
# Of a day's sessions the smallest says what the day was.
_SMALLEST_FIRST = tuple(
    mode.value for mode in (Mode.STOP, Mode.SCREEN, Mode.FLARE, Mode.REDUCED, Mode.RETURN, Mode.RAMP, Mode.NORMAL)
)
_OF_A_LOCK = frozenset({"stopped", "cleared"})
DAYS_AT_HAND = 10_000  # about a kilobyte each


@lru_cache(maxsize=4096)
def ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()


@lru_cache(maxsize=DAYS_AT_HAND)
def day_record(
    day: str,
    pains: tuple[Pain, ...],
    memos: tuple[SessionMemo, ...],
    marked: tuple[Mark, ...],
    sleep: float | None,
    library: Library,
) -> DayRecord:
    """Days that are over stay as they are, and every turn asks for all of them."""
    marks = frozenset(mark.what for mark in marked)
    clear = marks >= _ACUTE_LISTS and not _asks_again(memos, marked, library)
    told = tuple(sorted((p for p in pains if p.when != "after" and p.value is not None), key=lambda p: p.at))
    lock = next((mark.what for mark in reversed(marked) if mark.what in _OF_A_LOCK), "")  # the last word of the day
    mode = min((memo.gate for memo in memos), key=_SMALLEST_FIRST.index, default=None)
    if "due" in marks and not clear:
        mode = Mode.SCREEN.value
    return DayRecord(
        day=ordinal(day),
        morning=_pain(pains, "morning"),
        before=_pain(pains, "before"),
        told=max((pain.value for pain in told if pain.when == "now" and pain.value is not None), default=None),
        last=told[-1].value if told else None,
        spike=_spike(told, marked) if clear else None,
        session=_session(memos, library) if memos else None,
        sleep=sleep,
        stopped=lock == "stopped",
        flare_said="flare" in marks,
        cleared=lock == "cleared",
        screened_clear=clear,
        mode=Mode(mode) if mode else None,
        eased=any(memo.eased for memo in memos),
        flaring=mode in _FLARING or "flare" in marks,
    )


def _cleared_at(marked: tuple[Mark, ...]) -> int:
    return min(max((mark.at for mark in marked if mark.what == name), default=0) for name in _ACUTE_LISTS)


def _spike(told: tuple[Pain, ...], marked: tuple[Mark, ...]) -> float | None:
    """What lasts was there when the lists were answered; what gets worse after that was not."""
    cleared, values = _cleared_at(marked), [-1, *(pain.value or 0 for pain in told)]
    worse = (
        now for pain, before, now in zip(told, values, values[1:], strict=False) if now > before and pain.at > cleared
    )
    return max(worse, default=None) if cleared else None


def _asks_again(memos: tuple[SessionMemo, ...], marked: tuple[Mark, ...], library: Library) -> bool:
    """Whether something new was told after the lists were clear, or a session brought up what they ask about."""
    cleared = _cleared_at(marked)
    if any(mark.at > cleared for mark in marked if mark.what == "due"):
        return True
    return any(raises_question(_session((memo,), library), library) for memo in memos if 0 < cleared < memo.at)


def _pain(pains: tuple[Pain, ...], when: str) -> float | None:
    return next((pain.value for pain in reversed(pains) if pain.when == when), None)


def _session(memos: tuple[SessionMemo, ...], library: Library) -> SessionRecord:
    """A day's sessions as one: pain before the first, after the last, the worst between, everything that was done."""
    done = tuple((each, memo.until or memo.at) for memo in memos for each in memo.exercises)
    felt = (*(each.peak for each, _ in done), *(memo.after for memo in memos[:-1]))
    return SessionRecord(
        before=memos[0].before,
        after=memos[-1].after,
        peak=max((number for number in felt if number is not None), default=None),
        rise=max((rise for memo in memos if (rise := _rise(memo)) is not None), default=None),
        brief=all(memo.minute for memo in memos),
        unwell=any(each.quality == UNWELL for each, _ in done),
        exercises=tuple(_exercise(each, at, library) for each, at in done if each.exercise in library.exercises),
    )


def _rise(memo: SessionMemo) -> int | None:
    """From pain before a session to the worst in it or behind it."""
    felt = [number for number in (memo.after, *(each.peak for each in memo.exercises)) if number is not None]
    return max(felt) - memo.before if felt and memo.before is not None else None


def _exercise(done: ExerciseDone, at: int, library: Library) -> ExerciseRecord:
    quality = _QUALITIES.get(done.quality or "")
    return ExerciseRecord(
        exercise=done.exercise,
        load=library.exercises[done.exercise].load,
        done=done.done / 2,
        effort=done.effort,
        more=done.more,
        hurt=done.quality is not None,
        quality=quality,
        too_hard=done.too_hard,
        place=Place(done.level, done.dose_step, done.sets),
        at=at,
    )
