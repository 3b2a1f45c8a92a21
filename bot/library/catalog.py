"""Texts in the member's language. A msgid is a stable key (`session/pain-before`); en and de are both complete."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

LANGUAGES = ("de", "en")
_ESCAPED = re.compile(r'\\([\\trn"])')
_MEANT = {"n": "\n", "t": "\t", "r": "\r"}


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
        texts |= {key: forms for key, forms in _entries(path.read_text(encoding="utf-8")) if key and all(forms)}
    return Catalog(language, texts)


def _entries(po: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Keys and forms of all that is not fuzzy. The lint reads with Babel, which says more and takes longer."""
    entry: dict[str, list[str]] = {}
    pieces: list[str] = []
    fuzzy = flagged = False  # a flag stands before the entry it is about
    for line in (*map(str.strip, po.split("\n")), "msgid"):
        word, _, rest = line.partition(" ")
        if line.startswith('"'):
            pieces.append(line)
        elif line.startswith("#"):
            flagged = flagged or (word == "#," and "fuzzy" in rest)
        elif word:
            if word == "msgid":
                if entry and not fuzzy:
                    forms = (form for name, form in entry.items() if name.startswith("msgstr"))
                    yield _joined(entry.get("msgid", [])), tuple(map(_joined, forms))
                entry, fuzzy, flagged = {}, flagged, False
            pieces = entry[word] = [rest.strip()]


def _joined(pieces: list[str]) -> str:
    text = "".join(piece[1:-1] for piece in pieces)
    return _ESCAPED.sub(lambda found: _MEANT.get(found[1], found[1]), text) if "\\" in text else text


def read_catalogs(locales: Path) -> dict[str, Catalog]:
    """All languages below `locales/<language>/LC_MESSAGES/`; one language is one folder of .po files by subject."""
    return {lang: read_catalog(locales / lang / "LC_MESSAGES", lang) for lang in LANGUAGES}
