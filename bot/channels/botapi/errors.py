"""What Telegram's refusals mean for the sender. `BadRequest` is a `NetworkError`, so it is asked about first."""

from datetime import timedelta

from telegram.error import (
    BadRequest,
    ChatMigrated,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.channels.channel import (
    AmbiguousError,
    DeliveryError,
    EditGoneError,
    NotSentError,
    RefusedError,
    RetryLaterError,
    RoomMovedError,
    TokenRefusedError,
    UnreachableError,
)
from bot.channels.botapi.http import NeverLeftError, ServerTroubleError

SERVER_PAUSE_S = 3.0
_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid", "there is no")
_UNREACHABLE = ("chat not found", "user not found", "peer_id_invalid", "user is deactivated", "bot was kicked")


def translated(error: TelegramError) -> DeliveryError:
    """Our error for the platform's."""
    match error:
        case RetryAfter():
            wait = error.retry_after
            return RetryLaterError(wait.total_seconds() if isinstance(wait, timedelta) else float(wait))
        case ChatMigrated():
            return RoomMovedError(str(error.new_chat_id))
        case Forbidden():
            return UnreachableError()
        case InvalidToken() | EndPointNotFound():
            return TokenRefusedError("the token is not accepted")
        case BadRequest():
            return _refused(error.message.lower())
        case NetworkError():
            return _unanswered(error)
        case _:
            return RefusedError(type(error).__name__)


def _refused(words: str) -> DeliveryError:
    if any(phrase in words for phrase in _GONE):
        return EditGoneError()
    return UnreachableError() if any(phrase in words for phrase in _UNREACHABLE) else RefusedError("BadRequest")


def _unanswered(error: NetworkError) -> DeliveryError:
    """A timeout counts as ambiguous: the request left, no answer came."""
    if isinstance(error, NeverLeftError):
        return NotSentError()
    return RetryLaterError(SERVER_PAUSE_S) if isinstance(error, ServerTroubleError) else AmbiguousError()


def is_unmodified(error: TelegramError) -> bool:
    return "message is not modified" in error.message.lower()


def is_bad_markup(error: TelegramError) -> bool:
    return "can't parse entities" in error.message.lower()


def is_bad_file(error: TelegramError) -> bool:
    words = error.message.lower()
    return any(phrase in words for phrase in ("wrong file identifier", "wrong remote file", "file_id", "wrong file_id"))
