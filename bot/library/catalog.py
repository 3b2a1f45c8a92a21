"""Texts in the member's language. A msgid is a stable key (`session/pain-before`); en and de are both complete."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

LANGUAGES = ("de", "en")


class MissingTextError(LookupError):
    """A key that no catalog has: our own bug, found by the content check before anyone meets it."""


@dataclass(frozen=True, slots=True)
class Catalog:
    """One language's texts. Plural texts are chosen by `count` (German and English: one, other)."""

    language: str
    texts: Mapping[str, tuple[str, ...]]

    def has(self, key: str) -> bool:
        return key in self.texts

    def text(self, key: str, params: Mapping[str, str | int] | None = None) -> str:
        """Return the text with its slots filled; `count` in `params` chooses the plural form."""
        try:
            forms = self.texts[key]
        except KeyError:
            raise MissingTextError(f"{self.language}: no text {key!r}") from None
        if not params:
            return forms[0]
        form = forms[0] if len(forms) == 1 or params.get("count") == 1 else forms[1]
        return form.format_map(params)


def read_catalog(folder: Path, language: str) -> Catalog:
    """Read a language's .po files; fuzzy and empty texts count as missing."""
    texts: dict[str, tuple[str, ...]] = {}
    for path in sorted(folder.glob("*.po")):
        with path.open("rb") as file:
            texts |= _texts(read_po(file, locale=language))
    return Catalog(language, texts)


def _texts(po: Iterable[Message]) -> dict[str, tuple[str, ...]]:
    texts: dict[str, tuple[str, ...]] = {}
    for message in po:
        if not message.id or message.fuzzy:
            continue
        key = message.id if isinstance(message.id, str) else message.id[0]
        forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
        filled = tuple(form for form in forms if form)
        if len(filled) == len(forms):
            texts[key] = filled
    return texts


def read_catalogs(locales: Path) -> dict[str, Catalog]:
    """All languages below `locales/<language>/LC_MESSAGES/`; one language is one folder of .po files by subject."""
    return {lang: read_catalog(locales / lang / "LC_MESSAGES", lang) for lang in LANGUAGES}
