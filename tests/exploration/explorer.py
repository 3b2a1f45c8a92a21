"""Walk a flow: every answer of every question with the others at their default, every result of each flow inside,
and random walks in which the flows inside really run.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from bot.dialogue.questions import Question
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
    """From every sample start: the default path, then every other choice at every fork first seen on any path."""
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
                for option in options_at(decision.at):
                    key = (f"{decision.name}/{_context(path, index)}", repr(option))
                    if option == decision.chosen or key in seen:
                        continue
                    seen.add(key)
                    waiting.append((*head, option))


def _context(path: Path, index: int) -> str:
    """The fork before: the same question after another one is another place."""
    return path.decisions[index - 1].name if index else ""


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


__all__ = ["RUN", "Decision", "Leave", "Path", "explore", "options_at", "walk", "wander"]
