"""What a session is told when it begins, and how its decisions read. Plain values only: the rules were asked before."""

from dataclasses import dataclass, replace

from bot.dialogue.facts import Decided
from bot.dialogue.flows.screening import SAMPLE_SCREENING, ScreeningStart
from bot.dialogue.text import Number, Param, Text, text
from bot.library.quick import quick

NORMAL, REDUCED, FLARE, SCREEN = "normal", "reduced", "flare", "screen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Smaller:
    """What is left of an exercise where the day's pain makes it a day of this gate."""

    gate: str
    step: int
    sets: int
    amount: int


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One exercise of the day, as much of it as the day holds.

    `smaller`: what the smaller kinds of day hold that pain before may make of it. `rise_from`: level, step, sets and
    amount where it stays if it does not rise today; `offered`: the member decides.
    """

    exercise: str
    level: int
    step: int
    sets: int
    amount: int
    unit: str
    smaller: tuple[Smaller, ...] = ()
    rise_from: tuple[int, int, int, int] | None = None
    offered: bool = False


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A decision of the rules: `reason` is the key of a text, `params` its slots, `told`: it stands on the card."""

    exercise: str
    change: str
    rule: str
    reason: str
    told: bool = True
    levels: int = 0
    basis: int | None = None
    level: int
    step: int
    sets: int
    params: tuple[tuple[str, str], ...] = ()
    inputs: tuple[tuple[str, str], ...] = ()
    sources: tuple[str, ...] = ()
    version: str = ""


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class SessionStart:
    """`gates[n]`: the day's mode when pain before is n. `before`: a number that still counts, else it is asked.

    `micro`: what one minute holds. `spares`: what may come instead of something unwanted, in this order.
    `eased`: the day is smaller because the week is.
    `acute`: the first weeks of an episode: function first, one number a day. `week_done`: active days of this week,
    today not counted, of `week_goal`; `fewer`: days a week for whoever finds it too often. `back`: how far a return
    after days without exercises steps down, "" is none; `greets`: the member has written right now. `minute`: one
    minute was asked for, so nothing is offered. `part`: morning, noon or evening. What the prompt may begin with, each
    "" when unknown: `hangs_on`, what the moment follows (`flows.ending.Trigger`); `called`, the member's name; `own`,
    the activity that should go better, as it was kept. `last_word`: nothing is asked after it, so it ends with a
    sentence of its own. `asks_from`: so much pain in an exercise that `screening` comes before anything else.
    """

    planned: tuple[Planned, ...]
    gates: tuple[str, ...] = (NORMAL,) * 11
    gate: str = NORMAL
    eased: bool = False
    changes: tuple[Change, ...] = ()
    before: int | None = None
    ask_before: bool = True
    ask_after: bool = True
    usual: int = 0
    more_for: str | None = None
    first: bool = False
    micro: Planned | None = None
    minute: bool = False
    walk: int = 0  # minutes to walk some time today; 0: no walk is offered
    brisk: bool = False  # one of them may be brisk
    stairs: bool = False  # one flight of stairs belongs to it
    tests: bool = False  # measuring is offered instead
    back: str = ""
    greets: bool = False
    spares: tuple[Planned, ...] = ()
    acute: bool = False
    week_done: int = 0
    week_goal: int = 3
    fewer: int = 3
    part: str = "morning"
    wording: int = 1
    hangs_on: str = ""
    called: str = ""
    own: str = ""
    last_word: bool = True
    minutes: int = 2
    screening: ScreeningStart = SAMPLE_SCREENING
    asks_from: int = 8


def decision_of(change: Change) -> Decided:
    """The decision as the journal keeps it."""
    return Decided(
        exercise=change.exercise,
        change=change.change,
        rule=change.rule,
        level=change.level,
        dose_step=change.step,
        sets=change.sets,
        levels=change.levels,
        basis=change.basis,
        inputs=change.inputs,
        sources=change.sources,
        version=change.version,
    )


def reason_of(change: Change) -> Text:
    """Why, in the member's own numbers."""
    numbers = {name: Number(value) for name, value in change.params}
    names: dict[str, Param] = {"exercise": Text(f"exercise/{change.exercise}/name"), **numbers}
    return Text(change.reason, tuple(sorted(names.items())))


def dose_text(each: Planned) -> Text:
    if each.sets == 1:
        return text(f"dose/once/{each.unit}", amount=each.amount)
    return text(f"dose/{each.unit}", sets=each.sets, amount=each.amount)


def on_day(each: Planned, gate: str) -> Planned:
    """Without a rise, and as small as a day of this gate wants it."""
    steady = without_rise(each)
    found = next((smaller for smaller in each.smaller if smaller.gate == gate), None)
    if found is None:
        return steady
    return replace(steady, step=found.step, sets=found.sets, amount=found.amount)


def without_rise(each: Planned) -> Planned:
    if each.rise_from is None:
        return each
    level, step, sets, amount = each.rise_from
    return replace(each, level=level, step=step, sets=sets, amount=amount, rise_from=None)
