"""Who is at the other end: 256 random bits in a cookie, known here only by their hash; and return codes.

A person's id is derived from the hash, so nothing is stored for a visitor who never writes. Only a browser that came
back with a return code has a row of its own.
"""

import asyncio
import hashlib
import re
import secrets
from http.cookies import CookieError, SimpleCookie
from typing import Protocol, Self

from bot.channels.web.file import WebFile

COOKIE_DAYS = 400  # the longest browsers keep one
CODE_LENGTH = 10
_CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0 O 1 I L: codes are written down by hand
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")  # 256 bits in URL-safe base64
_NOT_A_LETTER = re.compile(r"[^0-9A-Z]")


def new_token() -> str:
    return secrets.token_urlsafe(32)


def key_of(token: str) -> bytes:
    return hashlib.sha256(token.encode("ascii")).digest()


def person_of(key: bytes) -> str:
    """A second hash, so that the id seen in logs or exports does not lead back to the stored key."""
    return hashlib.sha256(b"rueckgrat person\n" + key).hexdigest()[:32]


def new_code() -> str:
    return "".join(secrets.choice(_CODE_LETTERS) for _ in range(CODE_LENGTH))


def normal_code(typed: str) -> str | None:
    """What was meant by a typed code; None if it cannot be one."""
    letters = _NOT_A_LETTER.sub("", typed.upper())
    return letters if len(letters) == CODE_LENGTH and set(letters) <= set(_CODE_LETTERS) else None


def cookie_name(*, secure: bool) -> str:
    return "__Host-rueckgrat" if secure else "rueckgrat"  # the prefix makes browsers insist on Secure and Path=/


def cookie_header(token: str, *, secure: bool) -> str:
    parts = [f"{cookie_name(secure=secure)}={token}", "Path=/", f"Max-Age={COOKIE_DAYS * 86400}"]
    return "; ".join([*parts, "HttpOnly", "SameSite=Strict", *(["Secure"] if secure else [])])


def token_in(header: str, *, secure: bool) -> str | None:
    """The token in a Cookie header; None if there is none or it is not one of ours."""
    try:
        morsel = SimpleCookie(header).get(cookie_name(secure=secure))
    except CookieError:
        return None
    return morsel.value if morsel is not None and _TOKEN.fullmatch(morsel.value) else None


class Keys(Protocol):
    """Which person a browser is, and how one comes back. Raises `StoreAwayError` while it cannot be read or written."""

    async def person(self, token: str) -> str:
        """The person behind a cookie."""

    async def make_code(self, person: str) -> str:
        """A new return code; the one before stops working. Only its hash is kept."""

    async def come_back(self, code: str) -> str | None:
        """A new cookie for the person with this code; None if nobody has it."""


class SqliteKeys:
    """Hashes in the web chat's own file; of codes slow ones, as 50 bits could be tried out from a stolen file."""

    def __init__(self, file: WebFile, salt: bytes) -> None:
        self._file = file
        self._salt = salt

    @classmethod
    async def open(cls, file: WebFile) -> Self:
        await file.write(("INSERT INTO salt VALUES (1, ?) ON CONFLICT DO NOTHING", (secrets.token_bytes(16),)))
        rows = await file.read("SELECT value FROM salt")
        return cls(file, rows[0][0])

    async def person(self, token: str) -> str:
        key = key_of(token)
        rows = await self._file.read("SELECT person FROM browser WHERE key = ?", (key,))
        return str(rows[0][0]) if rows else person_of(key)

    async def make_code(self, person: str) -> str:
        code = new_code()
        await self._file.write(
            ("INSERT OR REPLACE INTO return_code VALUES (?, ?)", (person, await self._hash(code))),
        )
        return code

    async def come_back(self, code: str) -> str | None:
        rows = await self._file.read("SELECT person FROM return_code WHERE code = ?", (await self._hash(code),))
        if not rows:
            return None
        token = new_token()
        await self._file.write(("INSERT INTO browser VALUES (?, ?)", (key_of(token), rows[0][0])))
        return token

    async def _hash(self, code: str) -> bytes:
        return await asyncio.to_thread(hashlib.scrypt, code.encode("ascii"), salt=self._salt, n=2**14, r=8, p=1)
