"""What a simulation shows: one row a kind of member, and what must never happen, which is nothing."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from statistics import mean

from bot.dialogue import facts as f
from bot.dialogue.member import Known
from bot.dialogue.memory import remember_all
from bot.library.library import Library
from bot.shell.checking import violations
from bot.shell.simulation import Life, Outcome
from bot.shell.virtual import KINDS

GATES = ("normal", "reduced", "flare", "return", "ramp")
EVENTS = ("level_up", "dose_up", "dose_down", "level_down", "rest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Means a member, but for `members`, `day_one` and `violations`."""

    kind: str
    members: int
    sessions: float
    adherence: float  # sessions of the days on which one was offered, in percent
    level: float  # of all exercises of the programme
    level_up: float
    dose_up: float
    dose_down: float
    level_down: float
    rest: float
    flares: float  # days on which load rested, or the lists came first
    gates: dict[str, float]  # share of sessions, in percent
    lists: float  # days on which the lists came before anything else
    day_one: int  # who may exercise on the first day
    locked: int
    violations: int


def rows(outcome: Outcome, library: Library) -> list[Row]:
    by_kind = {kind.name: [life for life in outcome.lives if life.person.kind is kind] for kind in KINDS}
    return [_row(name, lives, library) for name, lives in by_kind.items() if lives]


def day_one_percent(outcome: Outcome) -> float:
    """Share of ordinary members who may exercise on the first day."""
    ordinary = [life for life in outcome.lives if life.person.kind.ordinary]
    return 100 * sum(map(_trains_on_day_one, ordinary)) / len(ordinary) if ordinary else 0.0


def broken(outcome: Outcome, library: Library) -> list[str]:
    found = [
        f"member {life.person.number}: {each}" for life in outcome.lives for each in violations(life.journal, library)
    ]
    return [*found, *([f"{outcome.set_aside} events were set aside"] if outcome.set_aside else [])]


def _row(name: str, lives: Sequence[Life], library: Library) -> Row:
    known = [remember_all(Known(), life.journal) for life in lives]
    changes = Counter(
        fact.change
        for life in lives
        for fact in _of(life, f.Decided)
        if isinstance(fact, f.Decided) and not fact.declined
    )
    gates = Counter(
        fact.gate for life in lives for fact in _of(life, f.SessionStarted) if isinstance(fact, f.SessionStarted)
    )
    levels = [placed.level for each in known for placed in each.programme]
    events = {event: round(changes[event] / len(lives), 1) for event in EVENTS}
    return Row(
        kind=name,
        members=len(lives),
        sessions=round(sum(gates.values()) / len(lives), 1),
        adherence=round(mean(map(_adherence, lives)), 0),
        level=round(mean(levels), 2) if levels else 0,
        gates={gate: round(100 * gates[gate] / max(sum(gates.values()), 1), 1) for gate in GATES},
        flares=round(
            mean(len(_days(life, f.FlareSaid) | _days(life, f.ListsDue) | _resting(life)) for life in lives), 1
        ),
        lists=round(mean(len(_days(life, f.ListsDue)) for life in lives), 1),
        day_one=sum(map(_trains_on_day_one, lives)),
        locked=sum(each.lock is not None for each in known),
        violations=sum(len(list(violations(life.journal, library))) for life in lives),
        **events,
    )


def _of(life: Life, kind: type[f.Fact]) -> Iterable[f.Fact]:
    return (dated.fact for dated in life.journal if isinstance(dated.fact, kind))


def _days(life: Life, kind: type[f.Fact]) -> set[str]:
    return {str(dated.day) for dated in life.journal if isinstance(dated.fact, kind)}


def _resting(life: Life) -> set[str]:
    return {str(d.day) for d in life.journal if isinstance(d.fact, f.Decided) and d.fact.rule == "R_FLARE"}


def _adherence(life: Life) -> float:
    """Days with a session of the days since the first one until the last fact."""
    trained, all_days = _days(life, f.SessionStarted), {str(dated.day) for dated in life.journal}
    return 100 * len(trained) / len(all_days) if all_days else 0.0


def _trains_on_day_one(life: Life) -> bool:
    return bool(life.journal) and str(life.journal[0].day) in _days(life, f.SessionStarted)


def as_json(found: Sequence[Row]) -> list[dict[str, object]]:
    return [asdict(row) for row in found]


def as_table(found: Sequence[Row]) -> list[str]:
    heads = (
        "kind",
        "n",
        "sessions",
        "done %",
        "level",
        "L+",
        "D+",
        "D-",
        "L-",
        "rest",
        "flare d",
        "lists d",
        *(f"{g} %" for g in GATES),
        "day 1",
        "locked",
        "wrong",
    )
    body = [
        (
            row.kind,
            row.members,
            row.sessions,
            f"{row.adherence:.0f}",
            row.level,
            row.level_up,
            row.dose_up,
            row.dose_down,
            row.level_down,
            row.rest,
            row.flares,
            row.lists,
            *(row.gates[gate] for gate in GATES),
            row.day_one,
            row.locked,
            row.violations,
        )
        for row in found
    ]
    widths = [max(len(str(line[n])) for line in [heads, *body]) for n in range(len(heads))]
    return [
        "  ".join(str(cell).rjust(width) for cell, width in zip(line, widths, strict=True)) for line in [heads, *body]
    ]
