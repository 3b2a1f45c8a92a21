"""One process on one SQLite file: an operating-system lock, which ends with the process, however it ends."""

import fcntl
import os
from pathlib import Path

from bot.runtime.leadership import AlreadyRunningError


def make_private(folder: Path) -> None:
    """Make a folder, and what it stands in, for its owner only: members' data will lie there. Raises `OSError`."""
    for each in reversed([each for each in (folder, *folder.parents) if not each.exists()]):
        each.mkdir(mode=0o700, exist_ok=True)


class FileLock:
    """Held from `take` to `release`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    def take(self) -> None:
        """Raises `AlreadyRunningError`, or `OSError` when the folder cannot be written."""
        make_private(self._path.parent)
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            raise AlreadyRunningError(f"another process already uses {self._path.stem}; stop it first") from None
        self._handle = handle

    def release(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
