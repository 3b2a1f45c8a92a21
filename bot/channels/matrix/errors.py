"""What a homeserver's refusals mean for us. nio returns errors instead of raising them.

A send can always be repeated: the server knows it by its transaction id. So what is ambiguous elsewhere is
`NotSentError` here.
"""

import asyncio
from typing import Any

from aiohttp import ClientError
from nio.exceptions import LocalProtocolError, MembersSyncError, SendRetryError
from nio.responses import ErrorResponse

from bot.channels.channel import (
    DeliveryError,
    NotSentError,
    RefusedError,
    RetryLaterError,
    TokenRefusedError,
    UnreachableError,
)

UNREACHED = (ClientError, asyncio.TimeoutError, OSError)
SERVER_PAUSE_S = 3.0
NO_TOKEN = {"M_UNKNOWN_TOKEN", "M_MISSING_TOKEN", "M_USER_DEACTIVATED"}
_NO_ROOM = {"M_FORBIDDEN", "M_NOT_FOUND", "M_UNKNOWN_ROOM"}


def code_of(answer: Any) -> str:
    """The server's error code; empty when it gave none."""
    found = getattr(answer, "status_code", None)
    return found if isinstance(found, str) else ""


def http_status(answer: Any) -> int:
    return int(getattr(getattr(answer, "transport_response", None), "status", 0) or 0)


def is_error(answer: Any) -> bool:
    return isinstance(answer, ErrorResponse)


def wait_of(answer: Any) -> float:
    """Seconds the server asks to wait."""
    asked = getattr(answer, "retry_after_ms", None)
    return asked / 1000 if isinstance(asked, int | float) and asked > 0 else SERVER_PAUSE_S


def is_token_refused(answer: Any) -> bool:
    return code_of(answer) in NO_TOKEN


def is_limited(answer: Any) -> bool:
    return code_of(answer) == "M_LIMIT_EXCEEDED" or http_status(answer) == 429


def translated(answer: Any) -> DeliveryError:
    """Our error for the server's answer."""
    code = code_of(answer)
    if is_token_refused(answer):
        return TokenRefusedError("the homeserver no longer accepts the token")
    if is_limited(answer):  # Matrix limits the sender, not a room
        return RetryLaterError(wait_of(answer), whole_platform=True)
    if http_status(answer) >= 500 or not code:
        return RetryLaterError(SERVER_PAUSE_S)
    if code in _NO_ROOM:
        return UnreachableError()
    return RefusedError(code if code.startswith("M_") and code.isascii() else "refused")


def raised(error: Exception) -> DeliveryError:
    """Our error for what nio raised. That it does not know who is in a room passes; that it knows no room does not."""
    if isinstance(error, UNREACHED):
        return NotSentError()
    if isinstance(error, LocalProtocolError) and not isinstance(error, MembersSyncError | SendRetryError):
        return UnreachableError()
    return RetryLaterError(SERVER_PAUSE_S)
