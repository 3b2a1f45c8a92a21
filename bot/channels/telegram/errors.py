"""What Telegram's refusals mean for the sender. `BadRequest` is a `NetworkError`, so it is asked about first."""

from datetime import timedelta

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

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
from bot.channels.telegram.http import NeverLeftError, ServerTroubleError

SERVER_PAUSE_S = 3.0
_GONE = (
    "message to edit not found", "message can't be edited", "message_id_invalid", "message identifier is not specified",
    "there is no text in the message", "there is no caption in the message",
)  # fmt: skip
_UNREACHABLE = (
    "chat not found", "user not found", "peer_id_invalid", "user is deactivated", "bot was kicked", "bot was blocked",
    "not enough rights", "have no rights", "chat_write_forbidden", "chat_restricted", "user_is_blocked",
    "group chat was deactivated", "group chat was deleted", "topic_closed",
    "message thread not found",
)  # fmt: skip
_PICTURE = (
    "file identifier", "remote file", "file_id", "file reference", "file_reference", "can't use file of type",
    "image_process_failed", "photo_", "video_", "media_", "file must be non-empty", "entity too large",
    "file is too big", "wrong padding", "http url content",
)  # fmt: skip
_SHORT = {
    "message is too long": "too_long",
    "caption is too long": "too_long",
    "text is empty": "empty",
    "text must be non-empty": "empty",
    "can't parse entities": "markup",
    "button": "button",
    "keyboard": "button",
    "reply markup": "button",
}


def translated(error: TelegramError) -> DeliveryError:
    """Our error for the platform's."""
    match error:
        case RetryAfter():
            return RetryLaterError(seconds(error))
        case ChatMigrated():
            return RoomMovedError(str(error.new_chat_id))
        case Forbidden():
            return UnreachableError()
        case InvalidToken():
            return TokenRefusedError("the token is not accepted")
        case BadRequest():
            return _refused(error.message.lower())
        case NetworkError():
            return _unanswered(error)
        case _:
            return RefusedError(type(error).__name__)


def seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def _refused(words: str) -> DeliveryError:
    if any(phrase in words for phrase in _GONE):
        return EditGoneError()
    if any(phrase in words for phrase in _UNREACHABLE):
        return UnreachableError()
    short = next((name for phrase, name in _SHORT.items() if phrase in words), None)
    return RefusedError(f"BadRequest:{short or ('picture' if _names_picture(words) else 'other')}")


def _unanswered(error: NetworkError) -> DeliveryError:
    """A timeout counts as ambiguous: the request left, no answer came."""
    if isinstance(error, NeverLeftError):
        return NotSentError()
    return RetryLaterError(SERVER_PAUSE_S) if isinstance(error, ServerTroubleError) else AmbiguousError()


def is_unmodified(error: TelegramError) -> bool:
    return "message is not modified" in error.message.lower()


def is_bad_markup(error: TelegramError) -> bool:
    return "can't parse entities" in error.message.lower()


def is_bad_picture(error: TelegramError) -> bool:
    """The platform did not take the file or its id; asked only about calls that carry a picture."""
    return isinstance(error, BadRequest) and _names_picture(error.message.lower())


def _names_picture(words: str) -> bool:
    return any(phrase in words for phrase in _PICTURE)
