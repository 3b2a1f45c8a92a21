"""What stood behind a gate: the numbers, lights and waiting times that were known when a day's exercises began.

A gate is kept as it was, with its mode only. What it saw is worked out again from the journal up to that moment; where
today's rules would open it differently, that is said.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.coach.derived import adherence_percent, usual_before, usual_morning
from bot.coach.gate import Gate, open_gate
from bot.coach.lights import light_session, speed_of, worst_light
from bot.coach.profile import Profile, load_limit
from bot.coach.records import LEVEL_CHANGES, DayRecord, History, session_days
from bot.coach.records import Moment as Day
from bot.coach.rising import is_calm
from bot.dialogue import facts as f
from bot.dialogue.history import day_of, history_of, profile_of
from bot.dialogue.kit import Kit
from bot.dialogue.member import Known
from bot.dialogue.memory import remember_all
from bot.dialogue.moment import from_micros
from bot.library.library import Library
from bot.shell.saying import UNKNOWN, say, written

SESSIONS = 4  # as many as decisions look at
LISTS = (1, 2, 3)


def seen_by_gate(before: Sequence[f.Dated], started: f.Dated, kit: Kit, language: str) -> Iterator[str]:
    """Lines for a clinician. `before`: the journal up to where the exercises began."""
    fact = started.fact
    if not isinstance(fact, f.SessionStarted):
        return
    library, known = kit.library, remember_all(Known(), before)
    today = replace(day_of(known, started.day.isoformat(), library), session=None, mode=None)
    if fact.before is not None:
        today = replace(today, before=float(fact.before))
    history, rules = history_of(known, library), library.thresholds
    gate = open_gate(history, today, rules)
    so_far = history.with_day(today)
    profile = profile_of(known, library, started.day)
    yield from _ruled(gate, fact, load_limit(profile, library), kit, language)
    yield from _numbers(so_far, today, library)
    sessions = session_days(so_far.before(today.day))[-SESSIONS:]
    yield from (f"session before: {_session(so_far, record, library)}" for record in sessions)
    yield from _waits(so_far, fact, started.at, library)
    yield from _rises(so_far, today, library)
    yield from _person(profile, known)


def _ruled(gate: Gate, fact: f.SessionStarted, limit: int, kit: Kit, language: str) -> Iterator[str]:
    if gate.mode.value != fact.gate:
        yield f"today's rules would open it as {gate.mode.value}: the kept gate stands, for this may be another version"
        return
    key = gate.reason if all(catalog.has(gate.reason) for catalog in kit.catalogs.values()) else f"reason/{gate.rule}"
    yield f"rule {gate.rule}: {say(key, language, kit)}"
    yield f"rule's inputs: {', '.join(f'{name} {written(value)}' for name, value in gate.inputs) or 'none'}"
    yield (
        f"it allows: load up to {min(gate.max_load, limit)}, {gate.volume_percent} % of the volume, "
        f"{gate.sets_less} sets less, {gate.walk_percent} % of the walk, new exercises {_yes(gate.allows_new)}"
    )
    yield f"sources: {', '.join(gate.sources)}"
    if gate.advice:
        yield f"advice beside it: {', '.join(gate.advice)}"


def _numbers(past: History, today: DayRecord, library: Library) -> Iterator[str]:
    rules = library.thresholds
    usual = usual_before(past, today.day, rules)
    yield (
        f"pain before {written(today.pain_before)}, usual {written(usual)}; "
        f"this morning {written(today.morning)}, usual {written(usual_morning(past, today.day, rules))}; "
        f"sleep {written(today.sleep)}; speed {speed_of(usual, rules).value}"
    )


def _session(past: History, record: DayRecord, library: Library) -> str:
    lit = light_session(past, record, library.thresholds)
    each = (
        f"{one.record.exercise} {one.light.value}{f' ({one.cause.value})' if one.cause else ''}"
        f"{', good' if one.is_good else ''}, effort {written(one.record.effort)}"
        for one in lit
    )
    reading = lit[0].reading if lit else None
    pains = (
        f"pain {written(reading.before)} to {written(reading.peak)}, next morning {written(reading.next_morning)}"
        if reading
        else "no exercise done"
    )
    return f"{_iso(record.day)}, {worst_light(lit).value}: {pains}; {'; '.join(each) or 'nothing'}"


def _waits(past: History, fact: f.SessionStarted, at: datetime, library: Library) -> Iterator[str]:
    """The hours that a heavy exercise rests, for what was offered and for what was left out."""
    hours = library.thresholds.planning.load3_hours
    for exercise in sorted(e.id for e in library.exercises.values() if e.load == 3):
        done = past.doings(exercise)
        if not done:
            continue
        last = max(done, key=lambda each: (each.day, each.at or 0))
        if last.at is None:
            yield f"{hours} hours: {exercise} last on {_iso(last.day)}"
            continue
        free = from_micros(last.at) + timedelta(hours=hours)
        state = "offered" if exercise in {name for name, _, _ in fact.items} else "not offered"
        rested = "rested" if free <= at else "waits"
        yield f"{hours} hours: {exercise} last {from_micros(last.at):%Y-%m-%d %H:%M} UTC, {rested}, {state}"


def _rises(past: History, today: DayRecord, library: Library) -> Iterator[str]:
    rising = library.thresholds.rising
    done = adherence_percent(past, today.day, library.thresholds)
    told = UNKNOWN if done is None else f"{done:.0f} %"
    ups = [
        change
        for change in past.changes
        if change.change in LEVEL_CHANGES and change.levels > 0 and today.day - change.day < rising.level_ups_days
    ]
    wants = f"a rise wants {rising.adherence_percent} %"
    yield f"done of what was planned in {rising.adherence_days} days: {told} ({wants})"
    yield f"calm for {rising.calm_hours} hours: {_yes(is_calm(past, Day(today.day), library))}"
    yield f"forms raised in {rising.level_ups_days} days: {len(ups)} of {rising.level_ups}"


def _person(profile: Profile, known: Known) -> Iterator[str]:
    open_yet = ", ".join(profile.soft_open) or "none"
    yield (
        f"disposition {known.disposition or UNKNOWN}, episode {profile.episode or UNKNOWN}, "
        f"tags {', '.join(sorted(profile.tags)) or 'none'}, fear {written(profile.fear)}, not yet answered: {open_yet}"
    )
    lists = {number: [mark.day for mark in known.marks if mark.what == f"list-{number}"] for number in LISTS}
    told = ", ".join(f"list {number} {max(days, default=UNKNOWN)}" for number, days in lists.items())
    yield f"answered clear last: {told}"


def _iso(day: int) -> str:
    return date.fromordinal(day).isoformat()


def _yes(value: bool) -> str:  # noqa: FBT001  a word for it
    return "yes" if value else "no"
