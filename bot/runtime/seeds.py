"""The Matrix account's cross-signing seeds out of the store and back, as the operator guide says to keep them."""

import os
import secrets
from pathlib import Path

from bot.channels.matrix.account import KeyRing
from bot.channels.matrix.seed_file import SeedFileError, opened_file, sealed_file
from bot.runtime.failures import CannotStartError
from bot.settings import Settings

_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL


def export_seeds(settings: Settings, file: Path, passphrase: str) -> None:
    """A new file that only its owner may read. Raises `CannotStartError` with one line."""
    user, ring = _ring(settings)
    seeds = ring.seeds() if settings.matrix_store.exists() else None
    if seeds is None:
        raise CannotStartError("RUECKGRAT_MATRIX_STORE holds no seeds: the first start makes them")
    try:
        body = sealed_file(user, seeds, passphrase, secrets.token_bytes(16))
        with os.fdopen(os.open(file, _NEW_FILE, 0o600), "wb") as out:
            out.write(body)
    except (SeedFileError, OSError) as error:
        raise CannotStartError(f"{file}: {error.strerror if isinstance(error, OSError) else error}") from None


def import_seeds(settings: Settings, file: Path, passphrase: str) -> None:
    """Those in the store are replaced. The coach must not run. Raises `CannotStartError` with one line."""
    user, ring = _ring(settings)
    try:
        seeds = opened_file(file.read_bytes(), user, passphrase)
        ring.make()
        ring.keep_seeds(seeds)
    except (SeedFileError, OSError) as error:
        raise CannotStartError(f"{file}: {error.strerror if isinstance(error, OSError) else error}") from None


def _ring(settings: Settings) -> tuple[str, KeyRing]:
    if settings.matrix_user is None:
        raise CannotStartError("RUECKGRAT_MATRIX_USER is not set")
    return settings.matrix_user, KeyRing(settings.matrix_store)
