"""An HTTP/1.1 server that knows just enough for benchmarks: keep-alive, body by length or in chunks.

aiohttp's costs twice as much a request; a benchmark of the bot must not measure that.
"""

import asyncio
from http import HTTPStatus
from typing import Final

from tests.botapi.doors import Answer, Respond

END: Final = b"\r\n\r\n"
STATUS: Final = {status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: " for status in HTTPStatus}


class QuickDoor:
    def __init__(self, respond: Respond) -> None:
        self._respond = respond
        self._server: asyncio.Server | None = None
        self._open: set[Connection] = set()

    async def open(self, port: int) -> int:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Connection(self._respond, self._open), "127.0.0.1", port)
        bound: int = self._server.sockets[0].getsockname()[1]
        return bound

    async def close(self) -> None:
        assert self._server is not None
        self._server.close()
        await asyncio.gather(*(connection.close() for connection in list(self._open)))


class Connection(asyncio.Protocol):
    """One connection; its requests are answered one after the other."""

    def __init__(self, respond: Respond, connections: set["Connection"]) -> None:
        self._respond, self._connections = respond, connections
        self._received = bytearray()
        self._running: asyncio.Task[None] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._connections.discard(self)

    async def close(self) -> None:
        assert self._transport is not None
        self._transport.abort()
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    def data_received(self, data: bytes) -> None:
        self._received += data
        if self._running is None:
            self._next()

    def _next(self) -> None:
        """Begins with the next request if it is all there."""
        head, found, rest = self._received.partition(END)
        if not found:
            return
        line, *fields = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (field.partition(":") for field in fields)}
        chunked = headers.get("transfer-encoding", "").lower() == "chunked"
        taken = _chunks(rest) if chunked else _whole(rest, int(headers.get("content-length", 0)))
        if taken is None:
            return
        body, self._received = taken
        task = self._answer(line.split(" ")[1], headers.get("content-type", ""), body)
        self._running = asyncio.get_running_loop().create_task(task)

    async def _answer(self, target: str, kind: str, body: bytes) -> None:
        assert self._transport is not None
        try:
            answer = await self._respond(target, kind, body)
        except BaseException:
            self._transport.abort()
            raise
        self._running = None
        if answer is None:
            self._transport.abort()
            return
        self._transport.write(_encoded(answer))
        if self._received:
            self._next()


Taken = tuple[bytes, bytearray] | None  # a body and what follows it, when it is all there


def _whole(rest: bytearray, length: int) -> Taken:
    return None if len(rest) < length else (bytes(rest[:length]), rest[length:])


def _chunks(rest: bytearray) -> Taken:
    body = bytearray()
    while True:
        size, found, rest = rest.partition(b"\r\n")
        length = int(size.split(b";")[0] or b"0", 16) if found else 0
        if not found or len(rest) < length + 2:
            return None
        body += rest[:length]
        rest = rest[length + 2 :]
        if not length:
            return bytes(body), rest


def _encoded(answer: Answer) -> bytes:
    head = f"{STATUS[answer.status]}{answer.kind}\r\nContent-Length: {len(answer.body)}\r\n\r\n"
    return head.encode() + answer.body
