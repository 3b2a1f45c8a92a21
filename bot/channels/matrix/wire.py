"""Plain requests to the homeserver for what nio has no words for, through nio's own connection."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from bot.channels.channel import DeliveryError, NotSentError, RetryLaterError, TokenRefusedError
from bot.channels.matrix.errors import NO_TOKEN, SERVER_PAUSE_S, UNREACHED


class WireError(Exception):
    """The homeserver refused (`status`, `body`), or was not reached (status 0). Its text names no token."""

    def __init__(self, status: int, body: Mapping[str, Any]) -> None:
        code = body.get("errcode")
        self.code = code if isinstance(code, str) else ""
        super().__init__(f"{status} {self.code}".strip())
        self.status = status
        self.body = body


@dataclass(slots=True)
class Wire:
    """`client` is nio's, logged in or not."""

    client: Any

    async def get(self, path: str, query: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Raises `WireError`."""
        return await self._call("GET", f"{path}?{urlencode(query)}" if query else path, None)

    async def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Raises `WireError`."""
        return await self._call("POST", path, body)

    async def put(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Raises `WireError`."""
        return await self._call("PUT", path, body)

    async def delete(self, path: str) -> dict[str, Any]:
        """Raises `WireError`."""
        return await self._call("DELETE", path, None)

    async def _call(self, method: str, path: str, body: Mapping[str, Any] | None) -> dict[str, Any]:
        headers = {"Content-Type": "application/json"}
        if self.client.access_token:
            headers["Authorization"] = f"Bearer {self.client.access_token}"
        whole = path if path.startswith("/") else f"/_matrix/client/v3/{path}"
        data = None if body is None else json.dumps(body)
        try:
            answer = await self.client.send(method, whole, data, headers)
            text = await answer.text()
        except UNREACHED as error:
            raise WireError(0, {"errcode": type(error).__name__}) from None
        found = _read(text)
        if answer.status != 200:
            raise WireError(answer.status, found)
        return found


def put_off(error: WireError) -> DeliveryError:
    """For a refused step before a send: whatever it is, nobody is out of reach because of it."""
    if error.code in NO_TOKEN:
        return TokenRefusedError("the homeserver no longer accepts the token")
    if error.status == 0:
        return NotSentError()
    asked = error.body.get("retry_after_ms")
    wait = asked / 1000 if isinstance(asked, int | float) and asked > 0 else SERVER_PAUSE_S
    return RetryLaterError(wait, whole_platform=error.status == 429)


def _read(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
