"""Writes the checked content as one file, so that starting need not parse YAML, and finds the content's folder.

The compiled file carries a hash of its sources and is believed only while that matches: an edited YAML always wins.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.library.errors import ContentError, Problem
from bot.library.library import Library
from bot.library.read import hashed_files, read_library

COMPILED = "compiled.json"
FORMAT = 3  # raised when the models change in a way that an older compiled file does not fit


class _Compiled(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int
    source_hash: str
    library: Library


def source_hash(root: Path) -> str:
    digest = hashlib.sha256(str(FORMAT).encode())
    for file in hashed_files(root):
        path = root / file
        body = path.read_bytes() if path.is_file() else b""
        digest.update(f"\n{file} {len(body)}\n".encode())
        digest.update(body)
    return digest.hexdigest()


def compile_content(root: Path) -> Path:
    """Check the content and write compiled.json beside it; raises ContentError."""
    compiled = _Compiled(format=FORMAT, source_hash=source_hash(root), library=read_library(root))
    path = root / COMPILED
    path.write_text(json.dumps(compiled.model_dump(mode="json"), separators=(",", ":")) + "\n", encoding="ascii")
    return path


def find_compiled(root: Path) -> Library | None:
    """The compiled library if it stands there, fits this code and its sources are unchanged."""
    try:
        compiled = _Compiled.model_validate_json((root / COMPILED).read_bytes(), strict=True)
    except (FileNotFoundError, ValidationError):
        return None
    return compiled.library if (compiled.format, compiled.source_hash) == (FORMAT, source_hash(root)) else None


_PACKAGE = Path(__file__).resolve().parent.parent


def find_content(environ: Mapping[str, str] = os.environ, package: Path = _PACKAGE) -> Path:
    """Where the content is: RUECKGRAT_CONTENT, else inside the installed package, else beside it in the repository."""
    if chosen := environ.get("RUECKGRAT_CONTENT"):
        if not Path(chosen).is_dir():
            raise ContentError((Problem(chosen, "", "RUECKGRAT_CONTENT names no folder"),))
        return Path(chosen)
    for folder in (package / "content", package.parent / "content"):
        if folder.is_dir():
            return folder
    raise ContentError((Problem("content", "", "there is no content folder; set RUECKGRAT_CONTENT"),))
