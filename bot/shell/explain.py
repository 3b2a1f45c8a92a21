"""`rueckgrat rules explain MEMBER DATE`: what was decided for a member on a day, with inputs, rule and sources.

Read from the journal alone, which keeps every decision as it was made; the rules of today are not asked again.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from bot.coach.reasons import reason_key
from bot.dialogue import facts as f
from bot.dialogue.journal import load_fact
from bot.dialogue.kit import Kit
from bot.dialogue.moment import from_micros
from bot.dialogue.text import Number, Text
from bot.library.library import Library
from bot.runtime.members import database
from bot.settings import Settings
from bot.shell.saying import NUMBERS, UNKNOWN, say
from bot.shell.seen import seen_by_gate

INDENT = "    "


async def read_days(settings: Settings, number: int, day: str) -> list[f.Dated] | None:
    """The journal up to the end of that local day; None if there is no such member."""
    async with database(settings) as store:
        if await store.member(number) is None:
            return None
        journal = await store.journal(number)
    kept = [
        f.Dated(load_fact(row.kind, row.body), from_micros(row.at), date.fromisoformat(row.local_date))
        for row in journal
    ]
    return kept[: max((i for i, dated in enumerate(kept, start=1) if dated.day.isoformat() == day), default=0)]


def explain_day(facts: Sequence[f.Dated], day: str, kit: Kit, language: str) -> list[str]:
    """Lines for people, in the order in which things were decided. `facts`: the journal from its beginning."""
    lines = [
        line
        for index, dated in enumerate(facts)
        if dated.day.isoformat() == day
        for line in _lines(dated, facts[:index], kit, language)
    ]
    return lines or ["nothing was decided on this day"]


def _lines(dated: f.Dated, before: Sequence[f.Dated], kit: Kit, language: str) -> Iterator[str]:
    match fact := dated.fact:
        case f.Decided():
            yield from _decision(fact, kit, language)
        case f.SessionStarted():
            items = ", ".join(f"{name} level {level} step {step}" for name, level, step in fact.items)
            yield f"session · gate {fact.gate} · {items or 'nothing'}"
            yield from (INDENT + line for line in seen_by_gate(before, dated, kit, language))
        case f.PainReported():
            yield f"pain {fact.when} · {UNKNOWN if fact.value is None else fact.value}"
        case _:
            yield from _safety(dated, before, kit, language)


def _safety(dated: f.Dated, before: Sequence[f.Dated], kit: Kit, language: str) -> Iterator[str]:
    """Screening, alarms, locks and what opened them."""
    match fact := dated.fact:
        case f.Screened():
            yield from _answers(fact, kit, language)
        case f.TagsGiven() | f.Limited():
            what = fact.tags if isinstance(fact, f.TagsGiven) else fact.limits
            yield f"to mind · {', '.join(what) or 'nothing'}"
        case f.Disposed():
            yield from _disposition(fact, [*before, dated], kit, language)
        case f.PracticeSaid():
            told = (("by", fact.by), ("seen", fact.seen), ("found", fact.found))
            yield " · ".join(("practice said", fact.said, *(f"{name} {value}" for name, value in told if value)))
        case f.AlarmRaised():
            yield f"alarm · {fact.level} · {fact.category} · {fact.certainty} · rule {fact.rule}"
        case f.AlarmAnswered():
            yield f"alarm answered · {fact.level} · {fact.category} · {fact.answer}"
        case f.Cleared():
            yield f"cleared · {fact.disposition} · by {fact.by}"
        case f.FlareSaid():
            yield "the member calls it a flare-up"
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


def _answers(screened: f.Screened, kit: Kit, language: str) -> Iterator[str]:
    """What was answered, in the words of the question; what was answered with no is only counted."""
    named = [(item, answer) for item, answer in screened.answers if answer != "no"]
    which = f"list {screened.list}" if screened.list else "line by line"
    yield f"answers · {which} · {len(screened.answers) - len(named)} times no"
    yield from (INDENT + _answer(item, answer, kit, language) for item, answer in named)


def _answer(item: str, answer: str, kit: Kit, language: str) -> str:
    question = f"screening/{item}"
    known = all(catalog.has(question) for catalog in kit.catalogs.values())
    return f"{item} {answer}" + (f': "{say(question, language, kit)}"' if known else "")


def _disposition(disposed: f.Disposed, facts: Sequence[f.Dated], kit: Kit, language: str) -> Iterator[str]:
    """With the latest answers of the lines behind it, and of all others that are not a no."""
    open_yet = " · a follow-up is open" if disposed.provisional else ""
    yield f"screening · {disposed.disposition}{open_yet} · tags {', '.join(disposed.tags) or 'none'}"
    given = {
        item: answer for dated in facts if isinstance(dated.fact, f.Screened) for item, answer in dated.fact.answers
    }
    items = {item.id: item for item in kit.library.screening.items}
    beside = tuple(item for item, answer in given.items() if answer != "no" and item not in disposed.items)
    for name in (*disposed.items, *beside):
        if name not in items:
            continue
        leads_to = getattr(items[name], given[name], "") if name in given else ""
        sources = "; ".join(_source(key, kit.library) for key in items[name].sources)
        yield INDENT + _answer(name, given.get(name, "perhaps"), kit, language)
        yield INDENT * 2 + f"leads to {leads_to or items[name].yes} · {sources}"


def _source(key: str, library: Library) -> str:
    source = library.sources.get(key)
    if source is None:
        return key
    place = f"doi:{source.doi}" if source.doi else (source.link or "")
    found = "read at the source" if source.checked else "recalled, not read again"
    label = found if place else ""
    return " · ".join(part for part in (key, source.citation, str(place), label) if part)
