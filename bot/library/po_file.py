"""Catalogs as translators edit them, with comments and line numbers, for the lint. The coach itself reads `catalog`."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import PoFileError, read_po

from bot.library.errors import ContentError, Problem

_MSGID = re.compile(r'^msgid "(?P<key>[^"]+)"$', re.MULTILINE)
_UNCLOSED = re.compile(r'^(?:msgid|msgid_plural|msgctxt|msgstr(?:\[\d\])?)?[ \t]*"(?:[^"\\]|\\.)*$', re.MULTILINE)
_BEYOND = re.compile(
    r'^(?:msgid|msgid_plural|msgctxt|msgstr(?:\[\d\])?)?[ \t]*"(?:[^"\\]|\\.)*"[ \t]*[^ \t\r\n]', re.MULTILINE
)
_GREATEST = re.compile(r"\bmax (\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class PoText:
    """One entry. `forms`: one text, or one for each plural form. `note`: the translators' comment."""

    key: str
    file: str = ""
    forms: tuple[str, ...]
    note: str = ""
    line: int | None = None
    fuzzy: bool = False
    plural: bool = False

    @property
    def kind(self) -> str:
        """The first word of the comment; see `kinds`."""
        return self.note.split(" ", 1)[0]

    @property
    def greatest(self) -> int | None:
        """The greatest length that the comment names."""
        named = _GREATEST.search(self.note)
        return int(named.group(1)) if named else None

    @property
    def is_filled(self) -> bool:
        return not self.fuzzy and bool(self.forms) and all(self.forms)


@dataclass(frozen=True, slots=True, kw_only=True)
class PoFile:
    """One language, from one or several files. `headers`: file and its header; `twice`: keys that stand there again."""

    file: str
    language: str
    headers: tuple[tuple[str, str], ...]
    texts: tuple[PoText, ...]
    twice: tuple[str, ...] = ()


def read_po_folder(folder: Path, language: str, name: str = "") -> PoFile:
    """All catalogs of a language as one; `name` is its name in problems. Raises ContentError with all of them."""
    name = name or str(folder)
    problems: list[Problem] = []
    files: list[PoFile] = []
    for path in sorted(folder.glob("*.po")):
        try:
            files.append(read_po_file(path, language, f"{name}/{path.name}"))
        except ContentError as error:
            problems += error.problems
    if not files and not problems:
        problems.append(Problem(name, "", "holds no catalog"))
    if problems:
        raise ContentError(tuple(problems))
    counted = Counter(text.key for file in files for text in file.texts)
    return PoFile(
        file=name,
        language=language,
        headers=tuple(header for file in files for header in file.headers),
        texts=tuple(text for file in files for text in file.texts),
        twice=(*(key for file in files for key in file.twice), *(key for key, count in counted.items() if count > 1)),
    )


def read_po_file(path: Path, language: str, file: str = "") -> PoFile:
    """Read a catalog; `file` names it in problems. Raises ContentError when it cannot be read at all."""
    name = file or str(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ContentError((Problem(name, "", f"cannot be read ({type(error).__name__})"),)) from None
    return parse_po(raw, language, name)


@lru_cache(maxsize=512)  # catalogs are read for each question an author asks; most have not changed since
def parse_po(raw: bytes, language: str, file: str) -> PoFile:
    try:
        content = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise ContentError((Problem(file, "", "is not UTF-8"),)) from None
    if unclosed := _UNCLOSED.search(content):  # the parser would drop a letter in silence
        line = content.count("\n", 0, unclosed.start()) + 1
        raise ContentError((Problem(file, "", "a quotation mark is not closed", line),))
    if beyond := _BEYOND.search(content):  # the parser would take it for a part of the text
        line = content.count("\n", 0, beyond.start()) + 1
        raise ContentError((Problem(file, "", "something stands behind the closing quotation mark", line),))
    try:
        catalog = read_po(BytesIO(raw), locale=language, abort_invalid=True)
    except (PoFileError, ValueError, SyntaxError) as error:
        raise ContentError((Problem(file, "", f"is no catalog: {error}"),)) from None
    counted = Counter(match["key"] for match in _MSGID.finditer(content))
    return PoFile(
        file=file,
        language=language,
        headers=((file, content.split("\n\n", 1)[0]),),
        texts=tuple(_text(message, file) for message in catalog if message.id),
        twice=tuple(key for key, count in counted.items() if count > 1),
    )


def _text(message: Message, file: str) -> PoText:
    plural = not isinstance(message.id, str)
    forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return PoText(
        key=message.id if isinstance(message.id, str) else message.id[0],
        file=file,
        forms=tuple(form or "" for form in forms),
        note=" ".join(message.auto_comments).strip(),
        line=message.lineno,
        fuzzy=message.fuzzy,
        plural=plural,
    )
