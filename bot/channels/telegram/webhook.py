"""The route that Telegram posts updates to. What cannot be stored now is answered 503, so that it comes again."""

import hmac
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import urlsplit

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.dialogue.failures import StoreAwayError

if TYPE_CHECKING:
    from bot.channels.telegram.channel import Webhook

LARGEST_UPDATE = 1 << 20
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  a header's name

Routes: TypeAlias = Sequence[BaseRoute]
TakeIn: TypeAlias = Callable[[list[Any]], Awaitable[None]]


def webhook_routes(webhook: "Webhook", take_in: TakeIn) -> Routes:
    """One route, at the path of the webhook's URL. `take_in` raises `StoreAwayError` while nothing can be stored."""

    async def receive(request: Request) -> Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), webhook.secret.encode()):
            return PlainTextResponse("no", status_code=403)
        try:
            body = await _read(request)
        except ClientDisconnect:
            return PlainTextResponse("gone", status_code=400)
        if body is None:
            return PlainTextResponse("too large", status_code=413)
        try:
            update = json.loads(body.decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            return PlainTextResponse("ignored")  # coming again would not make it readable
        try:
            await take_in([update])
        except StoreAwayError:
            return PlainTextResponse("later", status_code=503)
        return PlainTextResponse("ok")

    return [Route(urlsplit(webhook.url).path or "/", receive, methods=["POST"])]


async def _read(request: Request) -> bytes | None:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_UPDATE:
            return None
    return bytes(body)
