"""Which texts a walk through a flow shows, and which ones the flows' source asks for."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from bot.dialogue.flows.registry import FLOWS
from bot.dialogue.messages import Picture
from bot.dialogue.questions import Many
from bot.dialogue.steps import Ask, Say, Step
from bot.dialogue.text import Joined, Text, text
from tests.dialogue.room import the_kit
from tests.exploration.explorer import Path, explored, walk_twice
from tests.exploration.starts import more_starts
from tests.unit.content.source_keys import DIALOGUE, read_sources


def texts_of(step: Step) -> list[Text]:
    """What a step shows: words, labels, links."""
    match step:
        case Say(text=said, links=links, picture=picture):
            return [said, *(text(f"link/{link}") for link in links), *_described(picture)]
        case Ask(question=question):
            labels = [option.label for row in question.rows() for option in row if isinstance(option.label, Text)]
            doors = [text(f"link/{link}") for link in question.links]
            none = [Text(f"{question.labels}/none")] if isinstance(question, Many) else []
            return [
                question.text,
                *labels,
                *doors,
                *none,
                *_described(question.picture),
            ]
        case _:
            return []


def _described(picture: Picture | None) -> list[Text]:
    if picture is None or picture.figure not in the_kit().library.exercises:
        return []
    return [Text(f"exercise/{picture.figure}/alt-{picture.level}")]


def done_lines(path: Path) -> Iterator[Text]:
    """What the questions become once they are answered."""
    for decision in path.decisions:
        if isinstance(decision.at, Ask):
            question, chosen = decision.at.question, decision.chosen
            label: Any = text(question.skip) if chosen is None else question.label(chosen)
            yield text(question.done or "answered", answer=label)


@cache
def texts_shown() -> set[Text]:
    """On every path from the flows' own samples, and on two from every other start that tells apart."""
    paths = [path for name in FLOWS for path in explored(name)]
    paths += [path for name, start in more_starts() for path in walk_twice(FLOWS[name], start)]
    return {what for path in paths for what in (*(t for step in path.steps for t in texts_of(step)), *done_lines(path))}


def keys_in(texts: Iterable[Any]) -> set[str]:
    found: set[str] = set()
    for what in texts:
        if isinstance(what, Text):
            found |= {what.key} | keys_in(value for _, value in what.params)
        elif isinstance(what, Joined):
            found |= keys_in(what.parts)
    return found


def keys_of_flows(catalog: Iterable[str]) -> set[str]:
    """Every key of the catalog that the source of a flow asks for, also one whose name is put together there."""
    source = read_sources((), DIALOGUE / "flows")
    patterns = {key for key, _ in source.calls} | source.done | {f"link/{link}" for link in source.links}
    patterns |= {f"{labels}/{{option}}" for labels in source.labels}
    expressions = [re.compile(re.sub(r"\\\{.*?\\\}", "[^/]+", re.escape(each))) for each in patterns if each[0] != "{"]
    return {key for key in catalog if any(expression.fullmatch(key) for expression in expressions)}
