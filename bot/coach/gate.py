"""The gate before every session (clinical rules 5.5): what today may be. The first rule that fits decides."""

from dataclasses import dataclass
from typing import TypeAlias, TypedDict, Unpack

from bot.coach.deload import Deload, find_deload
from bot.coach.derived import usual_before
from bot.coach.flare import flare_end, flare_start, is_flaring, screen_causes
from bot.coach.lights import Light, light_session, worst_light
from bot.coach.pause import Ramp, find_ramp
from bot.coach.records import DayRecord, History, Mode, whole_days
from bot.coach.standing import find_standing
from bot.library.quick import altered, quick
from bot.library.thresholds import Thresholds

PAIN_MOST = 10
Input: TypeAlias = tuple[str, float | int | str | None]


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """`cause` completes the reason's id: reason/<rule>/<cause>, or reason/<rule> when empty."""

    mode: Mode
    rule: str
    cause: str = ""
    inputs: tuple[Input, ...] = ()
    sources: tuple[str, ...] = ()
    volume_percent: int = 100
    walk_percent: int = 100
    sets_less: int = 0
    max_load: int = 3
    allows_new: bool = True  # a new exercise may enter
    allows_micro: bool = True  # the one-minute option
    flaring: bool = False
    eased: bool = False  # a day of an easier week
    advice: tuple[str, ...] = ()  # advice/<key>: what to recommend beside the session

    @property
    def reason(self) -> str:
        return f"reason/{self.rule}/{self.cause}" if self.cause else f"reason/{self.rule}"


def open_gate(history: History, today: DayRecord, rules: Thresholds) -> Gate:
    """What a session today may be. `history` holds the days before; `today` what is known of today so far."""
    past = history.until(today.day)
    if is_stopped(past, today):
        return _gate(Mode.STOP, "R_FLAG", rules, max_load=-1, allows_new=False, allows_micro=False)
    flaring = is_flaring(past, today, rules)
    usual = usual_before(past, today.day, rules)
    found = _open(past, today, usual, rules, flaring=flaring)
    return _with_burden(found, past, today, usual, rules, flaring=flaring)


def _open(past: History, today: DayRecord, usual: float | None, rules: Thresholds, *, flaring: bool) -> Gate:
    """For somebody who is not stopped; what a heavy burden adds never changes the mode."""
    return _screen(past, today, rules) or (_flare(today, rules) if flaring else _calm(past, today, usual, rules))


def gates_by_pain(history: History, today: DayRecord, rules: Thresholds) -> tuple[Gate, ...]:
    """A gate with the mode that holds for every number from 0 to 10 that today's pain before may turn out to be.

    More pain never opens a gate further (tested as a property), so between two numbers with the same mode all have it.
    """
    past, gates = history.until(today.day), dict[int, Gate]()
    if is_stopped(past, today):
        return (open_gate(history, today, rules),) * (PAIN_MOST + 1)
    usual = usual_before(past, today.day, rules)

    def look(pain: int) -> None:
        supposed = altered(today, before=float(pain), spike=_spike_with(today, pain))
        gates[pain] = _open(past, supposed, usual, rules, flaring=is_flaring(past, supposed, rules))

    def fill(low: int, high: int) -> None:
        if gates[low].mode is gates[high].mode:
            gates.update(dict.fromkeys(range(low + 1, high), gates[low]))
        elif high - low > 1:
            middle = (low + high) // 2
            look(middle)
            fill(low, middle)
            fill(middle, high)

    look(0)
    look(PAIN_MOST)
    fill(0, PAIN_MOST)
    return tuple(gates[pain] for pain in range(PAIN_MOST + 1))


def _spike_with(today: DayRecord, pain: int) -> float | None:
    """What is asked now comes after lists that were clear."""
    is_more = today.last is None or pain > today.last
    return max(today.spike or 0, pain) if today.screened_clear and is_more else today.spike


def is_stopped(history: History, today: DayRecord) -> bool:
    """Locked and not explicitly cleared since. A clearance on the day of the lock does not undo it."""
    for record in (today, *reversed(history.before(today.day))):
        if record.stopped:
            return True
        if record.cleared:
            return False
    return False


class _Limits(TypedDict, total=False):
    """What a gate allows, where it differs from all."""

    volume_percent: int
    walk_percent: int
    sets_less: int
    max_load: int
    allows_new: bool
    allows_micro: bool
    eased: bool


def _gate(
    mode: Mode,
    rule: str,
    rules: Thresholds,
    *,
    cause: str = "",
    inputs: tuple[Input, ...] = (),
    **limits: Unpack[_Limits],
) -> Gate:
    return Gate(mode=mode, rule=rule, cause=cause, inputs=inputs, sources=rules.sources_of(rule), **limits)


def _screen(past: History, today: DayRecord, rules: Thresholds) -> Gate | None:
    causes = (*screen_causes(past, today, rules), *_pause_screen(past, today, rules))
    if not causes:
        return None
    inputs = (("pain", today.pain_before), ("morning", today.morning))
    most = rules.gate.flare_max_load
    return _gate(Mode.SCREEN, "R_SCREEN", rules, cause=causes[0], inputs=inputs, max_load=most, allows_new=False)


def _pause_screen(past: History, today: DayRecord, rules: Thresholds) -> tuple[str, ...]:
    last = next((record.day for record in reversed(past.days) if record.session is not None), today.day)
    if today.day - last < rules.rescreening.mini_after_pause or today.screened_clear:
        return ()
    answered = any(record.screened_clear for record in past.between(last + 1, today.day - 1))
    return () if answered else ("pause",)


def _flare(today: DayRecord, rules: Thresholds) -> Gate:
    inputs = (("pain", today.pain_before), ("morning", today.morning))
    return _gate(
        Mode.FLARE,
        "R_FLARE",
        rules,
        inputs=inputs,
        max_load=rules.gate.flare_max_load,
        walk_percent=rules.gate.flare_walk_percent,
        allows_new=False,
    )


def _calm(past: History, today: DayRecord, usual: float | None, rules: Thresholds) -> Gate:
    if cause := _reduced_cause(past, today, usual, rules):
        return _reduced(today, usual, cause, rules)
    ended = flare_end(past, today, rules)
    if ended is not None and today.day - ended < rules.gate.return_days:
        return _return(past, today, ended, rules)
    ramp = find_ramp(past, today.day, rules)
    if ramp is not None:
        return _ramp(ramp, rules)
    deload = past.recall("deload", today.day, (rules,), lambda: find_deload(past, today, rules))
    return _gate(Mode.NORMAL, "R_NORMAL", rules) if deload is None else _deload(deload, today.day, rules)


def _reduced(today: DayRecord, usual: float | None, cause: str, rules: Thresholds) -> Gate:
    inputs = (("pain", today.pain_before), ("usual", usual), ("sleep", today.sleep))
    return _gate(
        Mode.REDUCED,
        "R_REDUCED",
        rules,
        cause=cause,
        inputs=inputs,
        volume_percent=rules.gate.reduced_percent,
        sets_less=rules.gate.reduced_sets_less,
        allows_new=False,
    )


def _return(past: History, today: DayRecord, ended: int, rules: Thresholds) -> Gate:
    sessions, percents = len(whole_days(past.between(ended, today.day - 1))), rules.gate.return_percents
    percent = percents[min(sessions, len(percents) - 1)]
    inputs = (("days", today.day - ended), ("sessions", sessions))
    return _gate(Mode.RETURN, "R_RETURN", rules, inputs=inputs, volume_percent=percent, walk_percent=percent)


def _ramp(ramp: Ramp, rules: Thresholds) -> Gate:
    inputs = (("gap", ramp.gap), ("sessions", ramp.sessions))
    return _gate(Mode.RAMP, "R_RAMP", rules, inputs=inputs, sets_less=ramp.step.sets_less, allows_new=False)


def _deload(deload: Deload, day: int, rules: Thresholds) -> Gate:
    inputs = (("why", deload.cause), ("day_of_week", day - deload.since + 1))
    return _gate(
        Mode.REDUCED,
        "R_DELOAD",
        rules,
        inputs=inputs,
        volume_percent=100 - rules.deload.sets_less_percent,
        sets_less=rules.gate.reduced_sets_less,
        allows_new=False,
        eased=True,
    )


def _reduced_cause(past: History, today: DayRecord, usual: float | None, rules: Thresholds) -> str:
    gate, pain = rules.gate, today.pain_before
    if today.was_ill:
        return "ill"
    if pain is not None and pain >= gate.reduced_pain and (usual is None or pain > usual):
        return "pain"
    last = whole_days(past.days)[-gate.reduced_ambers :]
    if len(last) == gate.reduced_ambers and all(
        worst_light(light_session(past, record, rules)) is Light.AMBER for record in last
    ):
        return "ambers"
    worst = max((value for value in (pain, today.morning) if value is not None), default=0)
    slept_badly = today.sleep is not None and today.sleep <= gate.reduced_sleep
    return "sleep" if slept_badly and worst >= gate.reduced_sleep_pain else ""


def _with_burden(
    gate: Gate, past: History, today: DayRecord, usual: float | None, rules: Thresholds, *, flaring: bool
) -> Gate:
    """High usual pain and long flare-ups: lighter loads, and a practice is recommended."""
    limits, advice = rules.gate, []
    burdened = usual is not None and usual >= limits.high_base
    earlier = usual_before(past, today.day - limits.high_base_days, rules) if burdened else None
    if earlier is not None and earlier >= limits.high_base:
        advice.append("usual-pain-high")
    if flaring and today.day - flare_start(past, today, rules) > limits.flare_doctor_days:
        advice.append("flare-lasts")
    standing = None if flaring else find_standing(past, today.day, rules)
    if standing is not None:
        advice.append(standing)
    max_load = min(gate.max_load, limits.high_base_max_load) if burdened else gate.max_load
    if (flaring, tuple(advice), max_load) == (gate.flaring, gate.advice, gate.max_load):
        return gate
    return altered(gate, flaring=flaring, advice=tuple(advice), max_load=max_load)
