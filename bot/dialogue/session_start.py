"""From decided exercises to the start values of a session: what the card tells, and what the flow asks."""

from collections.abc import Iterator

from bot.coach.asking import ask_more_of
from bot.coach.decision import Decision
from bot.coach.derived import usual_before
from bot.coach.gate import PAIN_MOST, Gate, gates_by_pain
from bot.coach.pause import find_ramp
from bot.coach.place import Place
from bot.coach.programme import seconds_for
from bot.coach.reasons import reason_key
from bot.coach.records import RISES, Change, Mode
from bot.coach.volume import Share, share_of, within_amount
from bot.dialogue import moment as moments
from bot.dialogue.beside import (
    GOAL,
    days_done,
    is_test_due,
    one_minute,
    part_of_day,
    spares,
    wording,
)
from bot.dialogue.contact import fewer_days
from bot.dialogue.facts import ROTATE, START
from bot.dialogue.flows import session as flow
from bot.dialogue.flows.session_start import Smaller
from bot.dialogue.kit import Kit
from bot.dialogue.member import Member
from bot.dialogue.planned_day import Item, PlannedDay, case_of_asking, is_rested_by
from bot.dialogue.starts import screening_start
from bot.dialogue.walks import offered, walking_of
from bot.library.exercise import Exercise
from bot.library.quick import altered
from bot.library.screening import Episode
from bot.library.thresholds import Thresholds

TOLD = 2
WAIT = "wait"  # what becomes of an exercise that has not rested long enough
_WEIGHT = tuple(c.value for c in (Change.RESCREEN, Change.REST, Change.LEVEL_DOWN, Change.DOSE_DOWN, Change.LEVEL_UP))
_SMALLER = {Mode.REDUCED, Mode.RETURN, Mode.RAMP}  # days with the usual exercises and less of each
_UNTOLD = {"start", "decided", "adherence", "good"}  # reasons to hold that would only be noise on the card


def session_start(
    member: Member, moment: moments.Moment, kit: Kit, day: PlannedDay, items: list[Item], resting: list[Item]
) -> flow.SessionStart:
    """The session with `items`; those in `resting` rest by a decision, and the card says so."""
    rules = kit.library.thresholds
    usual = usual_before(day.history, day.today.day, rules)
    acute = day.profile.episode is Episode.ACUTE
    gates = gates_by_pain(day.history, day.today, rules)
    planned = tuple(_planned(item, day, gates) for item in items)
    seconds = sum(seconds_for(kit.library.exercises[each.exercise], each.sets, each.amount, rules) for each in planned)
    walk = offered(walking_of(day))
    weighed = told(tuple(change_of(item, kit, day) for item in (*items, *resting)))
    return flow.SessionStart(
        planned=planned,
        gates=tuple(gate.mode.value for gate in gates),
        gate=day.gate.mode.value,
        eased=day.gate.eased,
        changes=weighed + waiting_changes(day, [*items, *resting]),
        before=None if day.today.before is None else round(day.today.before),
        ask_before=day.today.before is None,
        usual=round(usual or 0),
        more_for=ask_more_of([case_of_asking(day, item) for item in items]) if day.exercises.grow else None,
        first=not day.known.sessions,
        walk=walk.minutes,
        brisk=walk.brisk,
        stairs=walk.stairs,
        tests=day.gate.mode is Mode.NORMAL and is_test_due(day.known, moment.day, rules.selftests.month_days),
        micro=one_minute(member.known, day.choosing),
        spares=spares(member.known, day.choosing, frozenset(item.exercise for item in items)),
        back=_way_back(day),
        greets=member.heard == moment.micros,
        acute=acute,
        ask_after=not acute,
        week_done=days_done(member.known, moment.day),
        week_goal=day.profile.days_per_week or GOAL,
        fewer=fewer_days(member.known),
        part=part_of_day(moment),
        wording=wording(member, moment),
        hangs_on=member.known.about.trigger,
        called=member.known.about.name,
        own=member.known.about.own,
        last_word=member.known.prompt_time is not None,
        minutes=max(1, round(seconds / 60)),
        screening=screening_start(kit, member.known, moment.day),
        asks_from=_asks_from(gates, rules),
    )


def _asks_from(gates: tuple[Gate, ...], rules: Thresholds) -> int:
    """The pain of 2.5, or so far above the usual that a day with it would begin with the lists."""
    screened = (pain for pain, gate in enumerate(gates) if gate.mode is Mode.SCREEN)
    return min(next(screened, PAIN_MOST), round(rules.rescreening.pain))


def _way_back(day: PlannedDay) -> str:
    """How far the programme steps down for the first session after days without one; "" when there was no such gap."""
    ramp = find_ramp(day.history, day.today.day, day.library.thresholds)
    if ramp is None or ramp.resumed_on is not None:
        return ""
    if ramp.step.levels_down:
        return "level" if ramp.gap < day.library.thresholds.pause.restart_from else "restart"
    return "bottom" if ramp.step.to_bottom else "smaller"


def told(changes: tuple[flow.Change, ...]) -> tuple[flow.Change, ...]:
    """The card tells the two weightiest, each sentence once; all stand under /warum. Staying alike is told alone."""
    weighty = sorted(
        (c for c in lasting(changes) if c.told), key=lambda c: _WEIGHT.index(c.change) if c.change in _WEIGHT else 9
    )
    kept: list[flow.Change] = []
    for change in weighty:
        again = change.rule == "R_SCREEN" and any(each.rule == "R_SCREEN" for each in kept)
        idle = change.change == Change.HOLD.value and bool(kept)
        if not again and not idle and len(kept) < TOLD:
            kept.append(change)
    return tuple(altered(change, told=change in kept) for change in changes)


def lasting(changes: tuple[flow.Change, ...]) -> tuple[flow.Change, ...]:
    """Of what rests for weeks it is not said that it rests today as well."""
    leaves = {change.exercise for change in changes if change.change == ROTATE}
    return tuple(each for each in changes if each.change != Change.REST.value or each.exercise not in leaves)


def _planned(item: Item, day: PlannedDay, gates: tuple[Gate, ...]) -> flow.Planned:
    content = day.library.exercises[item.exercise]
    rises = item.decision is not None and item.decision.change in RISES
    old = altered(item.before, sets=min(item.before.sets, item.sets))
    place = altered(item.place, sets=item.sets)
    stays = within_amount(content, old, Share(old.step, old.sets, content.amount(old.step)), item.amount)
    today = within_amount(content, place, share_of(content, place, day.gate), item.amount)
    return flow.Planned(
        exercise=item.exercise,
        level=place.level,
        step=today.step,
        sets=today.sets,
        amount=today.amount,
        unit=content.unit.value,
        smaller=tuple(_smaller(content, old if rises else place, (day.gate, *gates), item.amount)),
        rise_from=(old.level, stays.step, stays.sets, stays.amount) if rises else None,
        offered=item.decision is not None and item.decision.change is Change.LEVEL_UP,
    )


def _smaller(content: Exercise, place: Place, gates: tuple[Gate, ...], part: int | None) -> Iterator[Smaller]:
    """For each kind of smaller day that today may turn out to be; of two of one kind, the smaller one."""
    found: dict[Mode, Share] = {}
    for gate in gates:
        if gate.mode in _SMALLER:
            share = within_amount(content, place, share_of(content, place, gate), part)
            found[gate.mode] = min(share, found.get(gate.mode, share), key=lambda each: each.volume)
    for mode, share in found.items():
        yield Smaller(gate=mode.value, step=share.step, sets=share.sets, amount=share.amount)


def change_of(item: Item, kit: Kit, day: PlannedDay) -> flow.Change:
    """What was decided about an exercise, or that it begins."""
    decision = item.decision
    if decision is None:
        return _turn_of(item, kit, day)
    inputs = {name: value for name, value in decision.inputs if value is not None}
    return flow.Change(
        exercise=item.exercise,
        change=decision.change.value,
        rule=decision.rule,
        reason=_reason_key(decision, kit),
        told=decision.change is not Change.HOLD or decision.cause not in _UNTOLD,
        levels=decision.levels,
        basis=decision.basis,
        level=item.place.level,
        step=item.place.step,
        sets=item.place.sets,
        params=tuple((name, _number(inputs.get(name))) for name in ("before", "peak", "over", "next_morning", "usual")),
        inputs=(*((name, _number(value)) for name, value in inputs.items()), *_cause(decision)),
        sources=decision.sources,
        version=str(decision.rules_version),
    )


def _turn_of(item: Item, kit: Kit, day: PlannedDay) -> flow.Change:
    """It begins, comes back, or makes room for what does."""
    rule = "P_START" if not day.known.sessions else "R_BACK" if item.returns else "R_NEW"
    rule = item.leaves or rule
    return flow.Change(
        exercise=item.exercise,
        change=ROTATE if item.leaves else START,
        rule=rule,
        reason=f"reason/{rule}",
        told=rule != "P_START",
        level=item.place.level,
        step=item.place.step,
        sets=item.place.sets,
        sources=kit.library.thresholds.sources_of("P_START"),
        version=str(kit.library.thresholds.version),
    )


def _cause(decision: Decision) -> tuple[tuple[str, str], ...]:
    """What completes the reason's id, kept so that a decision can be explained later in its own words."""
    return (("cause", decision.cause),) if decision.cause else ()


def _reason_key(decision: Decision, kit: Kit) -> str:
    """The most exact reason the catalogs have."""
    exact = decision.reason
    return (
        exact
        if all(catalog.has(exact) for catalog in kit.catalogs.values())
        else reason_key(decision.rule, decision.change)
    )


def _number(value: float | str | None) -> str:
    if value is None:
        return "–"
    return f"{value:g}" if isinstance(value, int | float) else value


def waiting_changes(day: PlannedDay, items: list[Item]) -> tuple[flow.Change, ...]:
    """Exercises of the programme that wait today, with the reason: 48 hours, or enough for this week."""
    present = {item.exercise for item in items}
    return tuple(
        flow.Change(
            exercise=placed.exercise,
            change=WAIT,
            rule="R_48H",
            reason="reason/R_48H",
            level=placed.level,
            step=placed.dose_step,
            sets=placed.sets,
            sources=("D_DESIGN",),
        )
        for placed in day.known.programme
        if placed.rests is None and placed.exercise not in present and not is_rested_by(day, placed.exercise)
    )
