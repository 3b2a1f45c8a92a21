"""State is the list of answers: a flow is run again over them, and what it does after the last one is new."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.dialogue.questions import Plain
from bot.dialogue.steps import Ask, Flow, Step
from bot.library.quick import quick


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One logged answer: which question, its fingerprint, the parsed value, when and where. Never the typed words."""

    question: str
    fingerprint: str
    value: Plain
    at: int  # epoch microseconds
    channel: str


class LogMismatchError(Exception):
    """The log is from another version of the flow; it starts over, with a friendly line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A flow after its logged answers.

    `steps[i]` are the steps done after i answers; the last entry is what is new. `waiting` is the open question,
    or `None` when the flow has ended with `result`.
    """

    steps: tuple[tuple[Step, ...], ...]
    waiting: Ask | None
    result: Any = None

    @property
    def new(self) -> tuple[Step, ...]:
        return self.steps[-1]


@dataclass(slots=True)
class Run:
    """A flow standing at its open question. `go_on` asks it for what follows; then this run is used up."""

    body: Flow[Any]
    groups: list[tuple[Step, ...]]
    replayed: Replayed

    def go_on(self, answered: Answered) -> "Run":
        """As if replayed with one more answer. Raises `LogMismatchError` when it does not fit."""
        waiting = self.replayed.waiting
        if waiting is None:
            raise LogMismatchError("answers are left over")
        return _run_on(self.body, self.groups, _loaded(waiting, answered), iter(()))


def replay(body: Flow[Any], answers: Sequence[Answered]) -> Replayed:
    """Run a flow over its answers. Raises `LogMismatchError` when they do not fit."""
    return run(body, answers).replayed


def run(body: Flow[Any], answers: Sequence[Answered]) -> Run:
    """The same, and the flow can go on from there."""
    return _run_on(body, [], None, iter(answers))


def _run_on(body: Flow[Any], before: list[tuple[Step, ...]], reply: Any, logged: Iterator[Answered]) -> Run:
    groups = list(before)
    current: list[Step] = []
    try:
        while True:
            step = body.send(reply)
            reply = None
            if not isinstance(step, Ask):
                current.append(step)
                continue
            answered = next(logged, None)
            groups.append(tuple(current))
            current = []
            if answered is None:
                return Run(body, groups, Replayed(steps=tuple(groups), waiting=step))
            reply = _loaded(step, answered)
    except StopIteration as end:
        if next(logged, None) is not None:
            raise LogMismatchError("answers are left over") from None
        groups.append(tuple(current))
        return Run(body, groups, Replayed(steps=tuple(groups), waiting=None, result=end.value))


def _loaded(step: Ask, answered: Answered) -> Any:
    question = step.question
    if (question.id, question.fingerprint) != (answered.question, answered.fingerprint):
        raise LogMismatchError(f"{answered.question} is no longer asked here")
    if answered.value is None and step.optional:
        return None
    try:
        return question.load(answered.value)
    except ValueError as error:
        raise LogMismatchError(str(error)) from None
