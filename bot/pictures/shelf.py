"""Finished pictures on disk: one file each, a line of facts and then the bytes. A file that lies is ignored."""

import hashlib
import json
import os
import tempfile
from pathlib import Path

from bot.pictures.spec import Picture


def find(folder: Path, digest: str) -> Picture | None:
    """The kept picture, None when there is none or its file is damaged."""
    try:
        head, _, data = _path(folder, digest).read_bytes().partition(b"\n")
        facts = json.loads(head)
        if facts["sha256"] != hashlib.sha256(data).hexdigest():
            return None
        return Picture(data, facts["mime"], facts["width"], facts["height"], digest, facts["seconds"], facts["blur"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keep(folder: Path, picture: Picture) -> None:
    """Written aside and moved into place: a reader sees all of it or nothing."""
    facts = {
        "mime": picture.mime,
        "width": picture.width,
        "height": picture.height,
        "seconds": picture.seconds,
        "blur": picture.blur,
        "sha256": hashlib.sha256(picture.data).hexdigest(),
    }
    path = _path(folder, picture.digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(json.dumps(facts).encode() + b"\n" + picture.data)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _path(folder: Path, digest: str) -> Path:
    return folder / digest[:2] / digest
