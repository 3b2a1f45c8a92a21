"""The web chat's routes. All but the routes given in stand behind `Gate`: right Host and Origin, strict headers."""

import json
import time
from collections.abc import Sequence
from functools import partial
from typing import Any

from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from bot.channels.channel import PaperFailedError
from bot.channels.web.channel import WebChannel, WebSettings
from bot.channels.web.frames import PAPERS
from bot.channels.web.limits import Guesses
from bot.channels.web.origins import Origins
from bot.channels.web.page import FILES, STATIC_VERSION, chrome_language, preferred_language, render
from bot.channels.web.session import cookie_header, new_token, normal_code, token_in
from bot.channels.web.socket import Socket, Visitor
from bot.dialogue.events import Address
from bot.dialogue.failures import StoreAwayError
from bot.dialogue.messages import Attachment

_RETURN_BYTES = 256
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "connect-src 'self' {socket}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'"
)
_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


def web_app(channel: WebChannel, *, extra_routes: Sequence[BaseRoute] = ()) -> Starlette:
    """The whole site. `extra_routes` (health, webhooks) come first and are not held to the page's Host and Origin."""
    site = Site(channel)
    inner = Starlette(
        routes=[
            Route("/", site.index),
            Route("/notfall", site.emergency),
            Route("/emergency", site.emergency),
            Route("/return", site.come_back, methods=["POST"]),
            *(Route(source, partial(site.paper, which)) for which, (source, _) in PAPERS.items()),
            Route("/static/{name}", _static),
            Route("/favicon.ico", _favicon),
            Route("/picture/{digest}", channel.gallery.serve),
            WebSocketRoute("/socket", site.socket),
        ]
    )
    return Starlette(routes=[*extra_routes, Mount("/", app=Gate(inner, channel.settings.origins))])


def waiting_app(settings: WebSettings, *, extra_routes: Sequence[BaseRoute] = ()) -> Starlette:
    """What is served while the database is not there yet: whom to call, at every address, as not ready."""

    async def emergency(request: Request) -> Response:
        response = _page(settings, "emergency.html", request, demo=False)
        response.status_code = 503
        response.headers["retry-after"] = "5"
        return response

    inner = Starlette(routes=[Route("/static/{name}", _static), Route("/{path:path}", emergency)])
    return Starlette(routes=[*extra_routes, Mount("/", app=Gate(inner, settings.origins))])


class Gate:
    """Refuses another Host or Origin before anything is read, and puts the security headers on every answer."""

    def __init__(self, app: ASGIApp, origins: Origins) -> None:
        self._app = app
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        host = connection.headers.get("host", "")
        if not self._admits(connection, host):
            await _refuse(scope, receive, send)
            return
        policy = _POLICY.format(socket=self._origins.socket_address(host))

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = _with_headers(message["headers"], policy)
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _admits(self, connection: HTTPConnection, host: str) -> bool:
        if not self._origins.allows_host(host):
            return False
        origin = connection.headers.get("origin")
        if origin is not None:
            return self._origins.allows(origin)
        return connection.scope["type"] == "http" and connection.scope["method"] in {"GET", "HEAD"}


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await WebSocket(scope, receive, send).close(1008)  # before accepting: the handshake fails with 403
        return
    await PlainTextResponse("This address is not the coach's.", 403)(scope, receive, send)


def _with_headers(given: Sequence[tuple[bytes, bytes]], policy: str) -> list[tuple[bytes, bytes]]:
    headers = [*given, (b"content-security-policy", policy.encode("latin-1"))]
    headers += [(name.encode(), value.encode()) for name, value in _HEADERS.items()]
    if not any(name.lower() == b"cache-control" for name, _ in given):
        headers.append((b"cache-control", b"no-store"))
    return headers


class Site:
    """The pages, the websocket and the way back by code."""

    def __init__(self, channel: WebChannel) -> None:
        self._channel = channel
        self._settings = channel.settings
        self._guesses = Guesses(channel.settings.limits, time.monotonic)

    async def index(self, request: Request) -> Response:
        """The chat. Gives a cookie but stores nothing."""
        secure = self._secure(request)
        token = token_in(request.headers.get("cookie", ""), secure=secure) or new_token()
        response = self._page("index.html", request)
        response.headers.append("Set-Cookie", cookie_header(token, secure=secure))
        return response

    async def emergency(self, request: Request) -> Response:
        """Works without script, socket and database."""
        return self._page("emergency.html", request)

    async def come_back(self, request: Request) -> Response:
        if not self._guesses.allow(_network(request)):
            return JSONResponse({"word": "code_too_many"}, 429)
        code = normal_code(await _typed_code(request))
        try:
            token = await self._channel.keys.come_back(code) if code else None
        except StoreAwayError:
            return JSONResponse({"word": "away"}, 503)
        if token is None:
            return JSONResponse({"word": "code_wrong"}, 404)
        return Response(None, 204, {"Set-Cookie": cookie_header(token, secure=self._secure(request))})

    async def paper(self, which: Attachment, request: Request) -> Response:
        """A file about whoever holds this cookie, made now and kept nowhere."""
        token = token_in(request.headers.get("cookie", ""), secure=self._secure(request))
        papers = self._channel.papers
        if token is None or papers is None:
            return PlainTextResponse("not found", 404)
        try:
            person = await self._channel.keys.person(token)
            paper = await papers(Address(self._channel.name, self._channel.account, person, person), which)
        except (StoreAwayError, PaperFailedError):
            return PlainTextResponse("away", 503)
        if paper is None:
            return PlainTextResponse("not found", 404)
        headers = {"Content-Disposition": f'attachment; filename="{paper.name}"'}
        return Response(paper.data, media_type=paper.mime, headers=headers)

    async def socket(self, websocket: WebSocket) -> None:
        token = token_in(websocket.headers.get("cookie", ""), secure=self._secure(websocket))
        network = _network(websocket)
        if token is None or not self._channel.open_door(network):
            await websocket.close(1013)
            return
        try:
            person = await self._channel.keys.person(token)
            await websocket.accept()
            address = Address(self._channel.name, self._channel.account, person, person)
            language = preferred_language(websocket.headers.get("accept-language", ""))
            visitor = Visitor(address=address, language=language)
            await self._channel.serve(Socket(websocket, visitor, self._channel, self._settings.limits), address)
        except StoreAwayError:
            await websocket.close(1013)
        finally:
            self._channel.close_door(network)

    def _secure(self, connection: HTTPConnection) -> bool:
        return self._settings.origins.secure(connection.headers.get("host", ""))

    def _page(self, template: str, request: Request) -> HTMLResponse:
        return _page(self._settings, template, request, demo=self._channel.demo)


def _page(settings: WebSettings, template: str, request: Request, *, demo: bool) -> HTMLResponse:
    accept = request.headers.get("accept-language", "")
    language = chrome_language(accept, settings.default_language)
    return HTMLResponse(
        render(
            template,
            language,
            emergency_text=settings.emergency_text(language),
            number=settings.emergency_number,
            demo=demo,
        ),
        headers={"Content-Language": language, "Vary": "Accept-Language"},
    )


async def _static(request: Request) -> Response:
    found = FILES.get(request.path_params["name"])
    if found is None:
        return PlainTextResponse("not found", 404)
    content, mime = found
    tag = f'"{STATIC_VERSION}"'
    headers = {"Cache-Control": "no-cache", "ETag": tag}
    if request.headers.get("if-none-match") == tag:
        return Response(None, 304, headers)
    return Response(content, media_type=mime, headers=headers)


async def _favicon(_request: Request) -> Response:
    content, mime = FILES["mark.svg"]
    return Response(content, media_type=mime, headers={"Cache-Control": "max-age=86400"})


async def _typed_code(request: Request) -> str:
    """The code in a small JSON body; empty for anything else."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _RETURN_BYTES:
            return ""
    try:
        content: Any = json.loads(body)
    except ValueError:
        return ""
    code = content.get("code") if isinstance(content, dict) else None
    return code if isinstance(code, str) else ""


def _network(connection: HTTPConnection) -> str:
    return connection.client.host if connection.client else ""
