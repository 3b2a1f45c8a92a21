"""`rueckgrat rules explain MEMBER DATE`: what was decided for a member on a day, with inputs, rule and sources.

Read from the journal alone, which keeps every decision as it was made; the rules of today are not asked again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.coach.reasons import reason_key
from bot.dialogue import facts as f
from bot.dialogue.journal import load_fact
from bot.dialogue.kit import Kit
from bot.dialogue.text import Number, Text
from bot.library.library import Library
from bot.runtime.members import database
from bot.settings import Settings
from bot.shell.saying import NUMBERS, UNKNOWN, say

INDENT = "    "


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact of the journal with its local date."""

    day: str
    fact: f.Fact


async def read_day(settings: Settings, number: int, day: str) -> list[Entry] | None:
    """What the journal holds of that day; None if there is no such member."""
    async with database(settings) as store:
        if await store.member(number) is None:
            return None
        journal = await store.journal(number)
        return [
            Entry(str(row.local_date), load_fact(row.kind, row.body)) for row in journal if str(row.local_date) == day
        ]


def explain_day(entries: Sequence[Entry], kit: Kit, language: str) -> list[str]:
    """Lines for people, in the order in which things were decided."""
    lines = [line for entry in entries for line in _lines(entry.fact, kit, language)]
    return lines or ["nothing was decided on this day"]


def _lines(fact: f.Fact, kit: Kit, language: str) -> Iterator[str]:
    match fact:
        case f.Decided():
            yield from _decision(fact, kit, language)
        case f.SessionStarted():
            items = ", ".join(f"{name} level {level} step {step}" for name, level, step in fact.items)
            yield f"session · gate {fact.gate} · {items or 'nothing'}"
        case f.Disposed():
            yield from _disposition(fact, kit.library)
        case f.AlarmRaised():
            yield f"alarm · {fact.level} · {fact.category} · {fact.certainty} · rule {fact.rule}"
        case f.AlarmAnswered():
            yield f"alarm answered · {fact.level} · {fact.category} · {fact.answer}"
        case f.Cleared():
            yield f"cleared · {fact.disposition} · by {fact.by}"
        case f.PainReported():
            yield f"pain {fact.when} · {UNKNOWN if fact.value is None else fact.value}"
        case _:
            pass


def _decision(made: f.Decided, kit: Kit, language: str) -> Iterator[str]:
    declined = " · declined" if made.declined else ""
    yield (
        f"{made.exercise} · {made.change}{declined} · {made.rule} · "
        f"level {made.level} step {made.dose_step} sets {made.sets} · rules version {made.version or UNKNOWN}"
    )
    inputs = dict(made.inputs)
    yield INDENT + say(
        _reason_key(made, inputs, kit),
        language,
        kit,
        exercise=Text(f"exercise/{made.exercise}/name"),
        **{name: Number(inputs.get(name, UNKNOWN)) for name in NUMBERS},
    )
    told = ", ".join(f"{name} {_input(name, value)}" for name, value in made.inputs)
    yield f"{INDENT}inputs: {told or 'none'}"
    yield from (f"{INDENT}source: {_source(key, kit.library)}" for key in made.sources)


def _input(name: str, value: str) -> str:
    """Days are kept as numbers; people read dates."""
    return date.fromordinal(int(value)).isoformat() if name == "session_day" and value.isdecimal() else value


def _reason_key(made: f.Decided, inputs: dict[str, str], kit: Kit) -> str:
    exact = reason_key(made.rule, made.change, inputs.get("cause", ""))
    return exact if all(catalog.has(exact) for catalog in kit.catalogs.values()) else reason_key(made.rule, made.change)


def _disposition(disposed: f.Disposed, library: Library) -> Iterator[str]:
    open_yet = " · a follow-up is open" if disposed.provisional else ""
    yield f"screening · {disposed.disposition}{open_yet} · tags {', '.join(disposed.tags) or 'none'}"
    items = {item.id: item for item in library.screening.items}
    for name in disposed.items:
        if name in items:
            yield f"{INDENT}{name}: {'; '.join(_source(key, library) for key in items[name].sources)}"


def _source(key: str, library: Library) -> str:
    source = library.sources.get(key)
    if source is None:
        return key
    place = f"doi:{source.doi}" if source.doi else (source.link or "")
    found = "read at the source" if source.checked else "recalled, not read again"
    label = found if place else ""
    return " · ".join(part for part in (key, source.citation, str(place), label) if part)
