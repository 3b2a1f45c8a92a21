"""Which files of words a clinician has read, and in which wording: a later change shows as unread again."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import StringConstraints

from bot.library.entry import Entry, Review

FILE = "reviews.yaml"
_WORDS = ("topics.yaml", "alarm/phrases.yaml", "alarm/plain.yaml")  # beside the catalogs


class Signed(Review):
    """`wording`: the first twelve digits of the file's SHA-256 on that day."""

    wording: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")]


class Reviews(Entry):
    files: dict[str, Signed]


def word_files(root: Path) -> tuple[str, ...]:
    """The files that hold words for members or of members, relative to the content's folder, in a fixed order."""
    catalogs = sorted(path.relative_to(root).as_posix() for path in root.glob("locales/*/LC_MESSAGES/*.po"))
    return (*_WORDS, *catalogs)


def unread(root: Path, reviews: Reviews) -> Iterator[str]:
    """Those that nobody has signed as they are now."""
    for file in word_files(root):
        signed = reviews.files.get(file)
        if signed is None or signed.wording != wording_of(root / file):
            yield file


def wording_of(path: Path) -> str:
    """Empty for a file that is not there."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.is_file() else ""
