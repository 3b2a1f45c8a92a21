"""What a report for a practice says, as finished words in the member's language. JSON in `PictureSpec.own`.

Like other personal pictures it comes to the drawing process whole: that process has no catalogs, knows no member.
"""

from dataclasses import dataclass
from typing import Final

from pydantic import TypeAdapter, ValidationError

from bot.pictures.chart_values import PainChart
from bot.pictures.spec import UnknownFigureError


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`widths` are shares of the page's width, one a column."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One titled part of a page. `ruled`: so many empty lines to write on by hand."""

    title: str
    lines: tuple[str, ...] = ()
    ruled: int = 0
    table: Table | None = None
    chart: PainChart | None = None
    chart_alt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Two pages. `made_on`: ISO date of the member's day."""

    language: str
    made_on: str
    title: str
    subtitle: str
    facts: tuple[Labelled, ...]
    first: tuple[Block, ...]
    second: tuple[Block, ...]
    foot: str
    page_words: tuple[str, str]


_READER: Final = TypeAdapter(Report)


def read_report(own: str) -> Report:
    """Raises UnknownFigureError, which names no value: these are a member's numbers."""
    try:
        return _READER.validate_json(own)
    except ValidationError as error:
        raise UnknownFigureError(f"report: {error.error_count()} values cannot be read") from None
