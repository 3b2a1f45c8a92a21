"""The cross-signing seeds as a file to be kept elsewhere, under a passphrase: whoever has both is the account.

With them a coach that has lost its folder goes on as the same identity, and no member's client warns.
"""

import hashlib
import json
from typing import Any

from bot.channels.matrix.signing import Seeds

FORMAT = "rueckgrat-matrix-seeds-1"
LEAST = 12  # signs of a passphrase
_SALT = 16
_NOT_OURS = "this is no file of `rueckgrat matrix export`"
_MEMORY = 64 * 1024 * 1024


class SeedFileError(Exception):
    """One line for the operator."""


def sealed_file(user: str, seeds: Seeds, passphrase: str, salt: bytes) -> bytes:
    """`salt`: 16 random bytes. Raises `SeedFileError` where the passphrase is too short."""
    if len(passphrase) < LEAST:
        raise SeedFileError(f"the passphrase needs at least {LEAST} signs")
    held = {"format": FORMAT, "user": user, "salt": salt.hex(), "seeds": seeds.sealed(_key(passphrase, salt)).hex()}
    return json.dumps(held, indent=1).encode() + b"\n"


def opened_file(body: bytes, user: str, passphrase: str) -> Seeds:
    """Raises `SeedFileError` for another account's file, a wrong passphrase, and what is no such file."""
    try:
        held: Any = json.loads(body)
        owner, salt, sealed = held["user"], bytes.fromhex(held["salt"]), bytes.fromhex(held["seeds"])
        is_ours = held["format"] == FORMAT and len(salt) == _SALT
    except (ValueError, TypeError, KeyError):
        raise SeedFileError(_NOT_OURS) from None
    if not is_ours:
        raise SeedFileError(_NOT_OURS)
    if owner != user:
        raise SeedFileError("these are another account's seeds: see RUECKGRAT_MATRIX_USER")
    try:
        return Seeds.opened(sealed, _key(passphrase, salt))
    except (ValueError, IndexError):
        raise SeedFileError("the passphrase does not fit") from None


def _key(passphrase: str, salt: bytes) -> bytes:
    return hashlib.scrypt(passphrase.encode(), salt=salt, n=2**15, r=8, p=1, maxmem=_MEMORY, dklen=32)
