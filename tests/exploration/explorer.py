"""Walk a flow: every answer of every question, every pair of answers to questions of one screen, every result of each
flow inside, the rest at its default; and random walks in which the flows inside really run.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from bot.dialogue.flows.registry import FLOWS
from bot.dialogue.questions import ListAnswer, Many, Marked, Question, SafetyChoice, SafetyList
from bot.dialogue.steps import Ask, Enter, FlowDef, Leave, Step, Substitute
from tests.exploration.choices import choices_of

LONGEST = 120  # decisions; a flow that asks more has a loop


@dataclass(frozen=True)
class Decision:
    """One fork on a path: a question and its answer, or a flow inside and its result."""

    at: Ask | Enter
    chosen: Any

    @property
    def name(self) -> str:
        return self.at.question.id if isinstance(self.at, Ask) else f"flow {self.at.flow.name}"


@dataclass(frozen=True)
class Path:
    """One walk from beginning to end."""

    flow: str
    decisions: tuple[Decision, ...]
    steps: tuple[Step, ...]
    result: Any

    @property
    def questions(self) -> list[Question[Any]]:
        return [decision.at.question for decision in self.decisions if isinstance(decision.at, Ask)]

    def __str__(self) -> str:
        return " > ".join(f"{d.name}={d.chosen}" for d in self.decisions) + f" => {self.result}"


Chooser = Callable[[int, Ask | Enter], Any]
RUN = object()  # a chooser's answer to `Enter`: let the flow inside run


def walk(flow: FlowDef[Any, Any], start: Any, choose: Chooser) -> Path:
    """One walk; `choose` is asked at every fork."""
    body = flow.body(start)
    decisions: list[Decision] = []
    steps: list[Step] = []
    reply: Any = None
    try:
        while True:
            step = body.send(reply)
            reply = None
            steps.append(step)
            if not isinstance(step, Ask | Enter):
                continue
            chosen = choose(len(decisions), step)
            if isinstance(step, Enter):
                if chosen is RUN:
                    continue
                reply = Substitute(chosen)
            else:
                reply = chosen
            decisions.append(Decision(step, chosen))
            assert len(decisions) < LONGEST, f"{flow.name} does not end: {[d.name for d in decisions[-5:]]}"
    except StopIteration as end:
        return Path(flow.name, tuple(decisions), tuple(steps), end.value)


def options_at(fork: Ask | Enter) -> list[Any]:
    return choices_of(fork) if isinstance(fork, Ask) else list(fork.flow.results)


def explore(flow: FlowDef[Any, Any]) -> Iterator[Path]:
    """From every sample start: the default path, then every other choice at every fork, once behind every answer that
    stands on the same screen.
    """
    for start in flow.samples:
        seen: set[tuple[str, str]] = set()
        waiting: list[tuple[Any, ...]] = [()]
        while waiting:
            prefix = waiting.pop()
            path = walk(flow, start, _prefixed(prefix))
            yield path
            for index, decision in enumerate(path.decisions):
                if index < len(prefix):
                    continue
                head = tuple(d.chosen for d in path.decisions[:index])
                behind = _behind(path, index)
                for option in options_at(decision.at):
                    keys = {(f"{decision.name}/{each}", repr(option)) for each in behind}
                    if option == decision.chosen or keys <= seen:
                        continue
                    seen |= keys
                    waiting.append((*head, option))


def _behind(path: Path, index: int) -> list[str]:
    """The answers on whose screen this fork stands: the one before, which has only just become a line above it, and
    in a list that is gone through line by line every line of it.
    """
    earlier, here = path.decisions[:index], path.decisions[index]
    near = [d for d in earlier[:-1] if _is_line(d) and _is_line(here)]
    return [f"{d.name}={d.chosen!r}" for d in (*near, *earlier[-1:])] or [""]


def _is_line(decision: Decision) -> bool:
    return isinstance(decision.at, Ask) and isinstance(decision.at.question, SafetyChoice)


@cache
def explored(name: str) -> tuple[Path, ...]:
    """A flow's exploration, made once for all tests of a run."""
    return tuple(explore(FLOWS[name]))


def walk_twice(flow: FlowDef[Any, Any], start: Any) -> Iterator[Path]:
    """The usual path from any start, with the flows inside, and the one that is unsure of everything."""
    yield walk(flow, start, lambda _, fork: RUN if isinstance(fork, Enter) else options_at(fork)[0])
    yield walk(flow, start, _unsure)


def _unsure(_: int, fork: Ask | Enter) -> Any:
    if isinstance(fork, Enter):
        return RUN
    match fork.question:
        case SafetyList():
            return ListAnswer(Marked.UNSURE)
        case Many() | SafetyChoice():
            return options_at(fork)[-2 if fork.optional else -1]
        case _:
            return options_at(fork)[0]


def _prefixed(prefix: tuple[Any, ...]) -> Chooser:
    return lambda index, fork: prefix[index] if index < len(prefix) else options_at(fork)[0]


def wander(flow: FlowDef[Any, Any], random: Random, walks: int) -> Iterator[Path]:
    """Random walks in which the flows inside run; defaults are preferred so that deep places are reached."""

    def choose(_: int, fork: Ask | Enter) -> Any:
        if isinstance(fork, Enter):
            return RUN
        options = options_at(fork)
        return options[0] if random.random() < 0.5 else random.choice(options)

    for _ in range(walks):
        yield walk(flow, random.choice(flow.samples), choose)


__all__ = ["RUN", "Decision", "Leave", "Path", "explore", "explored", "options_at", "walk", "walk_twice", "wander"]
