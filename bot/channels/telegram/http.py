"""HTTP to the Bot API on aiohttp: several times the throughput of python-telegram-bot's default, and exact failures.

Exact means: a request that never left is told apart from one that left and was not answered. A URL holds the token:
it is never logged and never part of an error.
"""

import json
from functools import lru_cache
from typing import Any

import aiohttp
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL  # aiohttp's own

CONNECT_S = 5.0
POOL_S = 10.0  # waiting for a free connection and connecting, together
READ_S = 15.0
UPLOAD_READ_S = 40.0
POOL = 64
KEEP_ALIVE_S = 30.0

Body = bytes | aiohttp.FormData


class NeverLeftError(NetworkError):
    """The request did not leave this machine: safe to try again."""


class ServerTroubleError(NetworkError):
    """The platform answered with 5xx: nothing was applied."""


class AiohttpRequest(BaseRequest):
    """One pool of kept-alive connections, for python-telegram-bot (`do_request`) and the hot path (`post_body`)."""

    def __init__(self, *, pool: int = POOL) -> None:
        self._pool = pool
        self._session: aiohttp.ClientSession | None = None

    async def initialize(self) -> None:
        self._opened()

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=self._pool, ttl_dns_cache=300, keepalive_timeout=KEEP_ALIVE_S)
            self._session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        return self._session

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    @property
    def read_timeout(self) -> float:
        return READ_S

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Unlike the library's own, logs nothing: an answer may hold what people wrote."""
        return parsed(payload)

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Everything but the hot path: who the bot is, commands, webhook. Raises as `_exchange`."""
        del write_timeout, connect_timeout, pool_timeout
        seconds = read_timeout if isinstance(read_timeout, int | float) else READ_S
        form = aiohttp.FormData(request_data.json_parameters if request_data else {})
        return await self._exchange(method, url, form, {}, seconds)

    async def post_body(self, url: str, body: Body, read_s: float) -> tuple[int, bytes]:
        """Bytes are JSON, a form is an upload. Raises as `_exchange`."""
        headers = {"Content-Type": "application/json"} if isinstance(body, bytes) else {}
        return await self._exchange("POST", url, body, headers, read_s)

    async def _exchange(
        self, method: str, url: str, body: Body, headers: dict[str, str], read_s: float
    ) -> tuple[int, bytes]:
        """Status and body. Raises `NeverLeftError`, `ServerTroubleError`, `TimedOut` or `NetworkError`."""
        timeout = aiohttp.ClientTimeout(total=None, connect=POOL_S, sock_connect=CONNECT_S, sock_read=read_s)
        try:
            async with self._opened().request(
                method, _address(url), data=body, headers=headers, timeout=timeout, allow_redirects=False
            ) as answer:
                if answer.status >= 500:
                    raise ServerTroubleError(str(answer.status))
                return answer.status, await answer.read()
        except aiohttp.ClientConnectorError as error:
            raise NeverLeftError(f"cannot connect: {type(error.os_error).__name__}") from None
        except aiohttp.ConnectionTimeoutError:
            raise NeverLeftError("connecting took too long") from None
        except aiohttp.InvalidURL:
            raise NeverLeftError("the address of the Bot API is none") from None
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.ClientError, OSError) as error:
            if _was_closed_before(error):
                raise NeverLeftError("the kept connection had been closed") from None
            raise NetworkError(type(error).__name__) from None


@lru_cache(maxsize=64)  # one a method; reading it anew takes a fifth of a request's time
def _address(url: str) -> URL | str:
    try:
        return URL(url)
    except ValueError:
        return url  # the client has its own error for it


def _was_closed_before(error: Exception) -> bool:
    """The other side had closed the kept-alive connection: what was not written whole is not applied."""
    cause = error.__cause__
    return isinstance(cause, aiohttp.ClientConnectionResetError) and "closing transport" in str(cause)


def parsed(payload: bytes) -> dict[str, Any]:
    """The answer as an object. Raises `TelegramError` without quoting it."""
    try:
        answer = json.loads(payload.decode("utf-8", "replace"))
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise TelegramError("Invalid server response") from None
    return answer
