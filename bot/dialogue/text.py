"""A text before it has a language: a key of the catalogs and what fills its slots."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias, Union

from bot.dialogue.markup import escape
from bot.library.catalog import Catalog

Param: TypeAlias = Union[str, int, "Text", "Joined", "Number"]


@dataclass(frozen=True, slots=True)
class Text:
    """`params` are words of the member (escaped when rendered), numbers, or texts of their own."""

    key: str
    params: tuple[tuple[str, Param], ...] = ()


@dataclass(frozen=True, slots=True)
class Joined:
    """Several texts, one below the other, or with something else between."""

    parts: tuple[Text, ...]
    between: str = "\n"


@dataclass(frozen=True, slots=True)
class Number:
    """A number as the rules keep it ("3.5"); German writes a comma."""

    written: str


def text(key: str, **params: Param) -> Text:
    return Text(key, tuple(sorted(params.items())))


def render(what: Param, catalog: Catalog) -> str:
    """The words in the catalog's language, with our light markup."""
    match what:
        case Text():
            slots: Mapping[str, str | int] = {
                name: value if isinstance(value, int) else render(value, catalog) for name, value in what.params
            }
            return catalog.text(what.key, slots)
        case Joined():
            return what.between.join(render(part, catalog) for part in what.parts)
        case Number(written=written):
            decimal = catalog.language == "de" and written.replace(".", "", 1).lstrip("-").isdigit()
            return written.replace(".", ",") if decimal else escape(written)
        case int():
            return str(what)
        case str():
            return escape(what)
