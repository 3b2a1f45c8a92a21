"""What a flow may do: ask, say, record, book. A flow is a plain generator that reads like the conversation.

    pain = yield from ask(Scale(id="pain-before", ...))
    yield from say(text("session/start"))
    answers = yield from run(SCREENING, ScreeningStart(...))     # a flow inside a flow

A flow gets one frozen dataclass of plain values and sees no member, no content and no clock: the same answers always
give the same steps. That is what makes replay, Back and resuming on another channel safe.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any, Generic, TypeAlias, TypeVar, cast

from bot.dialogue.appointments import Nature
from bot.dialogue.facts import Fact
from bot.dialogue.messages import Attachment, Kind, Picture, Priority, Where
from bot.dialogue.questions import Question
from bot.dialogue.text import Text

T = TypeVar("T")
S = TypeVar("S")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Ask:
    """Put a question and wait. With `optional` a [Skip] stands beside it and the answer may be `None`."""

    question: Question[Any]
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Say something without asking. `links` are commands offered as buttons."""

    text: Text
    picture: Picture | None = None
    kind: Kind = Kind.TALK
    priority: Priority | None = None  # `None`: an answer to an event, a prompt in an appointment's turn
    where: Where | None = None
    links: tuple[str, ...] = ()
    push: Text | None = None
    file: Attachment | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """Write a fact into the journal when the flow ends. `at_once`: in this very turn, and Back never crosses it."""

    fact: Fact
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class OnDay:
    """A local time of day, so many days from today."""

    at: time
    days: int = 0


@dataclass(frozen=True, slots=True)
class After:
    """A span from the moment of the answer that leads here."""

    span: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """Make an appointment, written when the flow ends or `at_once`; one of the same kind and date is replaced."""

    kind: str
    when: OnDay | After
    nature: Nature = Nature.COURTESY
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class Cancel:
    """Drop all appointments of a kind."""

    kind: str
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class Enter:
    """A flow inside a flow begins. An explorer may answer with a `Substitute` instead of letting it run."""

    flow: "FlowDef[Any, Any]"
    start: Any


@dataclass(frozen=True, slots=True)
class Leave:
    """The flow inside ended with this result."""

    flow: "FlowDef[Any, Any]"
    result: Any


@dataclass(frozen=True, slots=True)
class Substitute:
    """An explorer's answer to `Enter`: take this result and go on."""

    result: Any


Step: TypeAlias = Ask | Say | Record | Book | Cancel | Enter | Leave
Flow: TypeAlias = Generator[Step, Any, T]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowDef(Generic[S, R]):
    """A flow with its name and the values that stand for all its results when flows around it are explored.

    `parkable`: a prompt may set it aside. `samples` are start values for exploration. `kind`: a disposition that
    forbids the kind ends the flow. Left or ended early, a flow that `keeps` writes what was answered so far and adds
    what `leftover` makes of the steps done; the others leave nothing behind.
    """

    name: str
    start: type[S]
    body: Callable[[S], Flow[R]]
    results: tuple[R, ...]
    samples: tuple[S, ...]
    parkable: bool = True
    keeps: bool = False
    leftover: Callable[[tuple[Step, ...]], tuple[Fact, ...]] = lambda _steps: ()
    kind: Kind = Kind.TALK

    def __hash__(self) -> int:
        return hash(self.name)


def ask(question: Question[T]) -> Flow[T]:
    """Put a question and return its answer; what is unclear never comes back here."""
    answer = yield Ask(question)
    return cast("T", answer)


def ask_or_skip(question: Question[T]) -> Flow[T | None]:
    """The same for a question that may be skipped."""
    answer = yield Ask(question, optional=True)
    return cast("T | None", answer)


def say(what: Text, **how: Any) -> Flow[None]:
    yield Say(text=what, **how)


def record(fact: Fact, *, at_once: bool = False) -> Flow[None]:
    yield Record(fact, at_once)


def book(kind: str, when: OnDay | After, *, nature: Nature = Nature.COURTESY, at_once: bool = False) -> Flow[None]:
    yield Book(kind=kind, when=when, nature=nature, at_once=at_once)


def cancel(kind: str, *, at_once: bool = False) -> Flow[None]:
    yield Cancel(kind, at_once)


def run(flow: FlowDef[S, R], start: S) -> Flow[R]:
    """Run a flow inside this one and return its result."""
    substitute = yield Enter(flow, start)
    if isinstance(substitute, Substitute):
        return cast("R", substitute.result)
    result = yield from flow.body(start)
    yield Leave(flow, result)
    return result
