"""What is fun and what is there: two pictures to choose from, and equipment once the plan first wants some."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from bot.dialogue.flows.portion import Kept, Portion, ask_on, begin_asking, keep, led
from bot.dialogue.messages import Kind, Picture
from bot.dialogue.questions import Choice, Many
from bot.dialogue.steps import Flow, FlowDef, say
from bot.dialogue.text import Text, text


class Rather(StrEnum):
    FIRST = "first"
    SECOND = "second"
    BOTH = "both"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taste:
    """One of the two pictures: an exercise, the form shown, and the kind it stands for."""

    exercise: str
    level: int
    likes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TasteStart:
    """`pair` for the two pictures, `equipment` for what the plan could use."""

    portion: str
    second: bool = False
    pair: tuple[Taste, ...] = ()
    equipment: tuple[str, ...] = ()


def _taste(start: TasteStart) -> Flow[Kept]:
    return (yield from _likes(start) if start.portion == Portion.LIKES else _equipment(start))


def _likes(start: TasteStart) -> Flow[Kept]:
    first, second = start.pair
    yield from say(
        led(text("portion/likes-first", name=_name(first)), second=start.second),
        picture=Picture(figure=first.exercise, level=first.level),
        kind=Kind.SESSION,
    )
    chosen = yield from ask_on(
        Choice(
            id="likes",
            reactable=True,
            text=text("portion/likes", name=_name(second)),
            picture=Picture(figure=second.exercise, level=second.level),
            options=tuple(Rather),
            labels="portion/likes-reply",
            kind=Kind.SESSION,
            done="portion/likes-done",
        ),
        below=True,
    )
    liked = {Rather.FIRST: (first,), Rather.SECOND: (second,), Rather.BOTH: start.pair, Rather.NEITHER: ()}
    return (yield from keep("likes", None if chosen is None else ",".join(each.likes for each in liked[chosen])))


def _name(taste: Taste) -> Text:
    return Text(f"exercise/{taste.exercise}/name")


@lru_cache(maxsize=16)
def thing_options(ids: tuple[str, ...]) -> tuple[StrEnum, ...]:
    return tuple(StrEnum("Thing", {thing: thing for thing in ids}))  # type: ignore[arg-type]  # functional API


def _equipment(start: TasteStart) -> Flow[Kept]:
    chosen = yield from begin_asking(
        Many(
            id="equipment",
            text=text("portion/equipment"),
            options=thing_options(start.equipment),
            labels="portion/thing",
            done="portion/equipment-done",
        ),
        second=start.second,
    )
    return (yield from keep("equipment", None if chosen is None else ",".join(sorted(each.value for each in chosen))))


PORTION_TASTE: FlowDef[TasteStart, Kept] = FlowDef(
    name="portion-taste",
    start=TasteStart,
    body=_taste,
    results=(Kept.ANSWERED, Kept.LATER),
    samples=(
        TasteStart(
            portion=Portion.LIKES,
            pair=(
                Taste(exercise="beckenkippen", level=1, likes="mobilise"),
                Taste(exercise="bruecke", level=1, likes="strengthen"),
            ),
        ),
        TasteStart(portion=Portion.EQUIPMENT, equipment=("band", "ball")),
    ),
    kind=Kind.SESSION,
)
