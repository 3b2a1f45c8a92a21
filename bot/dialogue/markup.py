"""Our light markup: `**bold**`, `*slanted*`, a backslash escapes.

Whatever a member typed is escaped before it enters a text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(r"\\(.)|(\*\*)|(\*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Span:
    """A run of characters with one look."""

    text: str
    bold: bool = False
    slanted: bool = False


def escape(text: str) -> str:
    """Make foreign words harmless: they come out of `spans` exactly as they went in."""
    return text.replace("\\", "\\\\").replace("*", "\\*")


def spans(marked: str) -> Iterator[Span]:
    """Split marked text into spans; an unclosed mark runs to the end."""
    bold = slanted = False
    pending = ""
    position = 0
    for token in _TOKEN.finditer(marked):
        pending += marked[position : token.start()]
        position = token.end()
        if token.group(1) is not None:
            pending += token.group(1)
            continue
        if pending:
            yield Span(pending, bold, slanted)
        pending = ""
        if token.group(2):
            bold = not bold
        else:
            slanted = not slanted
    pending += marked[position:]
    if pending:
        yield Span(pending, bold, slanted)


def plain(marked: str) -> str:
    """The text without marks: for consoles, alt texts and the plain-text fallback."""
    return "".join(span.text for span in spans(marked))
