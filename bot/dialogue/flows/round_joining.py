"""Taking part in a round: what one's days do there, and whether a name stands on the card."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from bot.dialogue.facts_rounds import RoundJoining
from bot.dialogue.messages import Kind
from bot.dialogue.own_words import Named
from bot.dialogue.questions import Choice, Place
from bot.dialogue.steps import Flow, FlowDef, ask, record, say
from bot.dialogue.text import Text, text

E = TypeVar("E", bound=StrEnum)


class Sharing(StrEnum):
    YES = "yes"
    NO = "no"


class Joining(StrEnum):
    """The same at joining, where one may still decide otherwise."""

    YES = "yes"
    NO = "no"
    NOT = "not"


class Shown(StrEnum):
    """Whether a name of theirs stands on the card."""

    CALLED = "called"
    TYPED = "typed"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """What one person chose for themselves: `shown`, the name on the card, empty for none."""

    shares: bool
    shown: str


def choice(identity: str, words: Text, options: tuple[E, ...], *, labels: str) -> Choice[E]:
    return Choice(
        id=identity,
        text=words,
        options=options,
        labels=labels,
        place=Place.BELOW,
        kind=Kind.CHALLENGE,
        reactable=True,
    )


def ask_mine(called: str, *, guest: bool) -> Flow[Mine]:
    """A guest has no sessions that could count by themselves."""
    shares = False
    if not guest:
        words = text("round/ask-own-days")
        shares = (yield from ask(choice("round-own", words, tuple(Sharing), labels="round/sharing"))) is Sharing.YES
    return Mine(shares=shares, shown=(yield from ask_shown(called)))


def ask_shown(called: str) -> Flow[str]:
    """The name on the card: nobody's stands there unasked, and never with a number."""
    options = tuple(Shown) if called else (Shown.TYPED, Shown.NONE)
    shown = yield from ask(choice("round-shown", text("round/ask-shown"), options, labels="round/shown"))
    match shown:
        case Shown.CALLED:
            return called
        case Shown.TYPED:
            words = text("round/ask-shown-name")
            return (yield from ask(Named(id="round-shown-name", text=words, place=Place.BELOW, kind=Kind.CHALLENGE)))
        case _:
            return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundJoinStart:
    """`open`: a tap in the group would be a reaction that everybody sees, which is said before they take part."""

    code: str
    called: str = ""
    open: bool = False


def _joining(start: RoundJoinStart) -> Flow[Joining]:
    sharing = yield from ask(
        Choice(
            id="round-sharing",
            reactable=True,
            text=Text("round/ask-sharing-open" if start.open else "round/ask-sharing"),
            options=tuple(Joining),
            labels="round/sharing",
            row=1,
            place=Place.BELOW,
            kind=Kind.CHALLENGE,
            links=("round",),
        )
    )
    if sharing is Joining.NOT:
        yield from say(text("round/not-joined"), kind=Kind.CHALLENGE)
        return sharing
    shown = yield from ask_shown(start.called)
    yield from record(RoundJoining(code=start.code, shares=sharing is Joining.YES, shown=shown))
    return sharing


ROUND_JOIN: FlowDef[RoundJoinStart, Joining] = FlowDef(
    name="round-join",
    start=RoundJoinStart,
    body=_joining,
    results=tuple(Joining),
    samples=(RoundJoinStart(code="ABCDE23456"), RoundJoinStart(code="ABCDE23456", called="Kim", open=True)),
    kind=Kind.CHALLENGE,
)
