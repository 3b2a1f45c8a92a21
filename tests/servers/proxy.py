"""Stands between a client and a server and does what networks do: refuses, breaks down, loses answers."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

_OWN = {"host", "content-length", "transfer-encoding", "connection", "content-encoding"}


@dataclass(slots=True)
class Fault:
    """`status`: refused with it, never passed on. `lost`: passed on, and the answer is lost.

    `hangs`: passed on only when it `goes_on`.
    """

    path: str
    status: int = 0
    body: dict[str, Any] = field(default_factory=dict)
    lost: bool = False
    hangs: bool = False
    times: int = 1
    seen: int = 0
    happened: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class Proxy:
    """Made by `proxy_to`. `calls`: method and path of everything that came, in order."""

    target: str
    url: str = ""
    faults: list[Fault] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    _session: aiohttp.ClientSession | None = None

    def fails(self, path: str, **how: Any) -> Fault:
        """The next requests whose method and path match fail."""
        fault = Fault(path, **how)
        self.faults.append(fault)
        return fault

    def hangs(self, path: str) -> Fault:
        """No request that matches is answered from now on."""
        return self.fails(path, hangs=True, times=1_000_000)

    def goes_on(self, fault: Fault) -> None:
        """What hangs is passed on now."""
        fault.times = 0
        fault.over.set()

    def count(self, path: str) -> int:
        return sum(re.search(path, call) is not None for call in self.calls)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        call = f"{request.method} {request.path_qs}"
        self.calls.append(call)
        fault = next((f for f in self.faults if f.seen < f.times and re.search(f.path, call)), None)
        if fault is not None:
            fault.seen += 1
            fault.happened.set()
            if fault.hangs:
                await fault.over.wait()
            elif not fault.lost:
                return web.json_response(fault.body, status=fault.status)
        assert self._session is not None
        headers = {name: value for name, value in request.headers.items() if name.lower() not in _OWN}
        body = await request.read()
        async with self._session.request(
            request.method, f"{self.target}{request.raw_path}", data=body, headers=headers
        ) as answer:
            content = await answer.read()
            kept = {name: value for name, value in answer.headers.items() if name.lower() not in _OWN}
        if fault is not None and fault.lost:
            assert request.transport is not None
            request.transport.abort()
            raise asyncio.CancelledError
        return web.Response(body=content, status=answer.status, headers=kept)


@asynccontextmanager
async def proxy_to(target: str) -> AsyncIterator[Proxy]:
    proxy = Proxy(target)
    app = web.Application(client_max_size=64 * 1024 * 1024)
    app.router.add_route("*", "/{tail:.*}", proxy.handle)
    runner = web.AppRunner(app, handle_signals=False, shutdown_timeout=0.1)
    async with aiohttp.ClientSession(auto_decompress=True) as session:
        proxy._session = session
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            proxy.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
            yield proxy
        finally:
            await runner.cleanup()
