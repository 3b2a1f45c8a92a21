"""A browser's side of the websocket, without a browser."""

import asyncio
import json
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Protocol, Self

import httpx
from websockets.asyncio.client import ClientConnection, connect

_PATIENCE_S = 20  # only so that a frame that never comes is a failure and not a standstill


class Reached(Protocol):
    """A web chat on the loopback address."""

    @property
    def port(self) -> int: ...

    @property
    def url(self) -> str: ...


@dataclass(frozen=True)
class Place:
    """Where a running coach is reached."""

    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class Page:
    """One open page. Give the cookie of another page to be its second tab."""

    def __init__(self, site: Reached, cookie: str | None = None, *, language: str = "de-DE,de;q=0.9") -> None:
        self.site = site
        self.cookie = cookie or ""
        self._language = language
        self._socket: ClientConnection | None = None
        self.history: list[dict[str, Any]] = []

    async def __aenter__(self) -> Self:
        self.cookie = self.cookie or await fresh_cookie(self.site)
        self._socket = await connect(
            f"ws://127.0.0.1:{self.site.port}/socket",
            origin=self.site.url,  # type: ignore[arg-type]  # a NewType of str
            additional_headers={"Cookie": self.cookie, "Accept-Language": self._language},
        )
        self.history = (await self.hears("history"))["lines"]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.socket.close()

    @property
    def socket(self) -> ClientConnection:
        assert self._socket is not None
        return self._socket

    async def send(self, **frame: object) -> None:
        await self.socket.send(json.dumps(frame, ensure_ascii=False))

    async def write(self, text: str, id: str = "id-00000001") -> None:  # noqa: A002 - the protocol's word
        await self.send(type="text", id=id, text=text)

    async def hears(self, kind: str) -> dict[str, Any]:
        """The next frame of this kind; others are passed over."""
        async with asyncio.timeout(_PATIENCE_S):
            while True:
                frame: dict[str, Any] = json.loads(await self.socket.recv())
                if frame["type"] == kind:
                    return frame


async def fresh_cookie(site: Reached) -> str:
    async with httpx.AsyncClient() as browser:
        response = await browser.get(site.url, headers={"Accept-Language": "de"})
    response.raise_for_status()
    return str(response.headers["set-cookie"]).partition(";")[0]
