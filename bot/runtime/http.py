"""The HTTP front: the web chat, health, and webhooks, served by one uvicorn in this process's loop."""

import asyncio
import contextlib
import errno
import socket
from collections.abc import Awaitable, Callable, Iterator

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route

from bot.runtime.failures import PortTakenError
from bot.runtime.metrics import Metrics

SOCKET_FRAME_LIMIT = 65_536
STOP_TIMEOUT_S = 5
STEPS_BYTES = 8 * 1024


def health_routes(ready: Callable[[], Awaitable[list[str]]]) -> list[Route]:
    """`/healthz`: the process runs. `/readyz`: database reached and channels receiving; what is missing is named."""

    async def healthy(_: Request) -> JSONResponse:
        return JSONResponse({"status": "ok"})

    async def readiness(_: Request) -> JSONResponse:
        missing = await ready()
        body = {"status": "ready"} if not missing else {"status": "not ready", "missing": missing}
        return JSONResponse(body, status_code=503 if missing else 200)

    return [Route("/healthz", healthy), Route("/readyz", readiness)]


def metrics_route(metrics: Metrics) -> Route:
    """`/metrics`: this process's counters in Prometheus' text format, for a port of its own that is not public."""

    async def exposed(_: Request) -> PlainTextResponse:
        return PlainTextResponse(metrics.exposition(), media_type="text/plain; version=0.0.4")

    return Route("/metrics", exposed)


def steps_route(take: Callable[[str, bytes, str], Awaitable[tuple[str, int]]]) -> Route:
    """`POST /steps`: the key of the header, what was sent, and from where; 413 is too long."""

    async def taken(request: Request) -> PlainTextResponse:
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > STEPS_BYTES:
                return PlainTextResponse("too long", 413)
        key = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
        return PlainTextResponse(*await take(key, body, request.client.host if request.client else ""))

    return Route("/steps", taken, methods=["POST"])


class _Server(uvicorn.Server):
    """Leaves signals alone: uvicorn would end on SIGTERM before the sender has settled."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Front:
    """Bind first, so that the port is known and a taken one is one clear line; then serve until stopped."""

    def __init__(self, host: str, port: int, setting: str = "WEB_PORT") -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind((host, port))
        except OSError as error:
            self._socket.close()
            is_host = isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL
            name, value = ("WEB_HOST", host) if is_host else (setting, f"{host}:{port}")
            raise PortTakenError(f"RUECKGRAT_{name}: {value} cannot be used: {error.strerror}") from None
        self.port: int = self._socket.getsockname()[1]
        self._server: _Server | None = None
        self._stopped = False

    async def serve(self, app: Starlette) -> None:
        if self._stopped:
            return
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            ws_max_size=SOCKET_FRAME_LIMIT,
            timeout_graceful_shutdown=STOP_TIMEOUT_S,
            lifespan="off",
            server_header=False,
            proxy_headers=True,
        )
        self._server = _Server(config)
        await self._server.serve(sockets=[self._socket])

    async def stop(self) -> None:
        """Also before `serve` had its first turn: then it never begins."""
        self._stopped = True
        if self._server is not None:
            self._server.should_exit = True
            await asyncio.sleep(0)

    def close(self) -> None:
        self._socket.close()
