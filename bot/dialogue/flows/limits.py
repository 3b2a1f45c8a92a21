"""What a physiotherapist told to leave out: an exercise, a form, a movement; or that only some may be.

It only ever takes away; what holds no longer is lifted here and nowhere else. It opens no lock and raises no dose.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from bot.dialogue.answers import OptionWords, parse_many
from bot.dialogue.facts import Limited
from bot.dialogue.questions import Choice, Many, Place, Words
from bot.dialogue.steps import Flow, FlowDef, ask, record, say
from bot.dialogue.text import Text, text
from bot.library.limits import MOST, MOVE, NOT, ONLY, Movement, of_exercise, of_movement

_NAME = "/name"  # of an exercise, behind its id: the label of its button


class Limit(StrEnum):
    NOT = "not"
    MOST = "most"
    MOVE = "move"
    ONLY = "only"
    LIFT = "lift"
    CLOSE = "close"


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsStart:
    """`kinds`: category, exercises. `forms`: exercise of the programme and how many forms. `limits`: in force."""

    kinds: tuple[tuple[str, tuple[str, ...]], ...]
    forms: tuple[tuple[str, int], ...] = ()
    limits: tuple[str, ...] = ()


@lru_cache(maxsize=128)
def _options(name: str, ids: tuple[str, ...]) -> tuple[StrEnum, ...]:
    return tuple(StrEnum(name, {each: each for each in ids}))  # type: ignore[arg-type]  # functional API


@dataclass(frozen=True, slots=True, kw_only=True)
class _InForce(Many[StrEnum]):
    """Limits as they are called: their names are put together, also those that are typed."""

    def _named(self, number: int, option: StrEnum) -> Text:  # noqa: ARG002  the name alone tells them apart
        return named_limit(option.value)

    def parse(self, typed: str, words: Words) -> frozenset[StrEnum] | None:
        ids = parse_many(
            typed, tuple(OptionWords(option.value, _labels(option.value, words)) for option in self.options)
        )
        return None if ids is None else self.accept("=" + ",".join(ids))


def _labels(limit: str, words: Words) -> tuple[str, ...]:
    """The name of a limit, in every language."""
    named = named_limit(limit)
    found = words.labels(named.key)
    for slot, inside in named.params:
        own = words.labels(inside.key) if isinstance(inside, Text) else (str(inside),)
        found = tuple(label.replace(f"{{{slot}}}", name) for label in found for name in own)
    return found


def named_limit(limit: str) -> Text:
    kind, _, rest = limit.partition(":")
    if kind == MOVE:
        return text(f"limits/move/{rest}")
    exercise, _, level = rest.partition(":")
    form = f"level-{level}/name" if kind == MOST else "name"
    return text(f"limits/is-{kind}", name=Text(f"exercise/{exercise}/{form}"))


def _limiting(start: LimitsStart) -> Flow[Limit]:
    chosen = yield from ask(
        Choice(
            id="limits",
            text=text("limits/ask"),
            options=tuple(each for each in Limit if _concerns(each, start)),
            labels="limits/reply",
            row=1,
            place=Place.BELOW,
            back=False,
        )
    )
    limits: tuple[str, ...] = ()
    match chosen:
        case Limit.NOT | Limit.ONLY:
            limits = yield from _exercises(start, NOT if chosen is Limit.NOT else ONLY)
        case Limit.MOST:
            limits = yield from _form(start)
        case Limit.MOVE:
            limits = yield from _movements()
        case Limit.LIFT:
            limits = yield from _lifted(start)
        case Limit.CLOSE:
            return chosen
    if not limits:
        yield from say(text("limits/nothing"))
        return Limit.CLOSE
    yield from record(Limited(limits=limits, lifted=chosen is Limit.LIFT), at_once=True)
    yield from say(text("limits/lifted" if chosen is Limit.LIFT else "limits/kept"), links=("today",))
    return chosen


def _concerns(limit: Limit, start: LimitsStart) -> bool:
    return {Limit.MOST: bool(start.forms), Limit.LIFT: bool(start.limits)}.get(limit, True)


def _exercises(start: LimitsStart, kind: str) -> Flow[tuple[str, ...]]:
    category = yield from ask(
        Choice(
            id="limits-kind",
            text=text("limits/ask-kind"),
            options=_options("Kind", tuple(name for name, _ in start.kinds)),
            labels="limits/kind",
        )
    )
    ids = dict(start.kinds)[category.value]
    marked = yield from ask(
        Many(
            id=f"limits-{kind}",
            text=text(f"limits/ask-{kind}"),
            options=_options("Exercise", tuple(each + _NAME for each in ids)),
            labels="exercise",
        )
    )
    return tuple(sorted(of_exercise(kind, each.value.removesuffix(_NAME)) for each in marked))


def _form(start: LimitsStart) -> Flow[tuple[str, ...]]:
    exercise = yield from ask(
        Choice(
            id="limits-exercise",
            text=text("limits/ask-exercise"),
            options=_options("Exercise", tuple(each + _NAME for each, _ in start.forms)),
            labels="exercise",
        )
    )
    name = exercise.value.removesuffix(_NAME)
    form = yield from ask(
        Choice(
            id="limits-form",
            text=text("limits/ask-form"),
            options=_options("Form", tuple(_forms(dict(start.forms)[name]))),
            labels=f"exercise/{name}",
            row=1,
        )
    )
    return (of_exercise(MOST, name, int(form.value.removesuffix(_NAME).removeprefix("level-"))),)


def _forms(count: int) -> Iterator[str]:
    return (f"level-{level}{_NAME}" for level in range(1, count + 1))


def _movements() -> Flow[tuple[str, ...]]:
    marked = yield from ask(
        Many(id="limits-move", text=text("limits/ask-move"), options=tuple(Movement), labels="limits/move")
    )
    return tuple(sorted(of_movement(each) for each in marked))


def _lifted(start: LimitsStart) -> Flow[tuple[str, ...]]:
    marked = yield from ask(
        _InForce(
            id="limits-lift",
            text=text("limits/ask-lift"),
            options=_options("InForce", start.limits),
            labels="limits/move",
        )
    )
    return tuple(sorted(each.value for each in marked))


LIMITS: FlowDef[LimitsStart, Limit] = FlowDef(
    name="limits",
    start=LimitsStart,
    body=_limiting,
    results=tuple(Limit),
    samples=(
        LimitsStart(
            kinds=(("mobilise", ("beckenkippen", "katze-kuh")), ("strengthen", ("bruecke",))),
            forms=(("bruecke", 4),),
            limits=("not:katze-kuh", "most:bruecke:2", "only:beckenkippen", "move:bend"),
        ),
    ),
)
