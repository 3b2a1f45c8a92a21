"""The hot calls of the Bot API: plain values as JSON, the result as plain values, refusals as the library's errors.

The library's own methods cost twice the time a send and refuse whole answers for one field they do not know: a message
that was sent would count as failed. So they serve only what happens once a start.
"""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.channels.telegram.http import READ_S, UPLOAD_READ_S, AiohttpRequest, Body, parsed

Wire = dict[str, Any]
_ERRORS: dict[int, type[TelegramError]] = {
    400: BadRequest,
    401: InvalidToken,
    403: Forbidden,
    404: InvalidToken,
    409: Conflict,
    413: BadRequest,
}
_FLOOD = 429
_PAUSE_S = 5  # Telegram always says how long; a proxy before it may not


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in a call, under the name of its field or of an `attach://` in another one."""

    field: str
    name: str
    data: bytes
    mime: str


@dataclass(frozen=True, slots=True)
class Api:
    """One account's calls. `base` is the address with the token in it."""

    base: str = field(repr=False)
    request: AiohttpRequest = field(repr=False)

    async def call(
        self, method: str, values: Mapping[str, Any], *, upload: Upload | None = None, read_s: float | None = None
    ) -> Any:
        """The result. Raises a `TelegramError`."""
        body = _json(values) if upload is None else _form(values, upload)
        waits = read_s or (READ_S if upload is None else UPLOAD_READ_S)
        status, payload = await self.request.post_body(f"{self.base}/{method}", body, waits)
        if status != 200:
            raise failure(status, payload)
        try:
            return parsed(payload)["result"]
        except (TelegramError, KeyError):
            raise NetworkError("Invalid server response") from None


def failure(status: int, payload: bytes) -> TelegramError:
    """The library's error for an answer that is none of 200 and 5xx."""
    try:
        answer = parsed(payload)
    except TelegramError:
        answer = {}
    description = str(answer.get("description") or f"HTTP {status}")
    parameters = answer.get("parameters")
    told = parameters if isinstance(parameters, dict) else {}
    if moved := told.get("migrate_to_chat_id"):
        return ChatMigrated(moved)
    if status == _FLOOD:
        return RetryAfter(told.get("retry_after") or _PAUSE_S)
    return _ERRORS.get(status, NetworkError)(description)


def _json(values: Mapping[str, Any]) -> Body:
    return json.dumps({name: value for name, value in values.items() if value is not None}).encode()


def _form(values: Mapping[str, Any], upload: Upload) -> Body:
    form = aiohttp.FormData(quote_fields=False)
    for name, value in values.items():
        if value is not None:
            form.add_field(name, value if isinstance(value, str) else json.dumps(value))
    # As a file: raw bytes over 1 MB bring a warning, because writing them at once holds up the loop.
    form.add_field(upload.field, io.BytesIO(upload.data), filename=upload.name, content_type=upload.mime)
    return form
