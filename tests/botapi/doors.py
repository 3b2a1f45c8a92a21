"""A way in for requests: aiohttp's server. The other one, for benchmarks, is in quick.py."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol

from aiohttp import web
from aiohttp.http_parser import RawRequestMessage
from aiohttp.streams import StreamReader
from aiohttp.web_protocol import RequestHandler

LARGEST_BODY: Final = 60 << 20


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    kind: str = "application/json"


Respond = Callable[[str, str, bytes], Awaitable[Answer | None]]


class Door(Protocol):
    async def open(self, port: int) -> int:
        """Listens on loopback; the port."""

    async def close(self) -> None: ...


class WholeDoor:
    """aiohttp's server."""

    def __init__(self, respond: Respond) -> None:
        self._respond = respond
        self._runner = aiohttp_runner(self._serve)

    async def open(self, port: int) -> int:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        bound: int = self._runner.addresses[0][1]
        return bound

    async def close(self) -> None:
        await self._runner.cleanup()

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        kind = request.headers.get("Content-Type", "")
        answer = await self._respond(request.raw_path, kind, await request.read())
        if answer is None:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        return web.Response(status=answer.status, body=answer.body, content_type=answer.kind)


def aiohttp_runner(serve: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]) -> web.ServerRunner:
    # no access log: addresses hold the token
    server = web.Server(serve, request_factory=_request, access_log=None)
    return web.ServerRunner(server, shutdown_timeout=0.2)


def _request(
    message: RawRequestMessage,
    payload: StreamReader,
    protocol: RequestHandler,
    writer: Any,
    task: "asyncio.Task[None]",
) -> web.BaseRequest:
    loop = asyncio.get_running_loop()
    return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=LARGEST_BODY)
