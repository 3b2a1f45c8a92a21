"""No token and no message text in a log, whatever level and handlers an operator chooses.

The library logs addresses (with the token) and whole requests at DEBUG, and httpx addresses at INFO: they are held at
warnings. What they still say passes a filter.
"""

import logging
import re
from traceback import extract_tb

_TOKEN = re.compile(r"\d{6,}:[\w-]{30,}")
_GONE = "<token>"
CHAIN = 8  # causes of causes that are told
_TALKATIVE = (
    "telegram", "telegram.Bot", "telegram.BaseRequest", "telegram.HTTPXRequest", "httpx", "httpcore", "aiohttp.client",
    "asyncio",
)  # fmt: skip


class Redacting(logging.Filter):
    """Takes the token, and anything that looks like one, out of message, arguments and traceback."""

    def __init__(self, token: str = "") -> None:
        super().__init__()
        self._token = token

    def __repr__(self) -> str:
        return "Redacting()"

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = self.clean(record.getMessage()), None
        if record.exc_info and not record.exc_text:
            record.exc_text = traced(record.exc_info[1])
        record.exc_info = None  # a handler that formats it anew would undo this
        if record.exc_text:
            record.exc_text = self.clean(record.exc_text)
        if record.stack_info:
            record.stack_info = self.clean(record.stack_info)
        return True

    def guards(self, token: str) -> bool:
        return self._token == token

    def clean(self, text: str) -> str:
        if self._token:
            text = text.replace(self._token, _GONE)
        return _TOKEN.sub(_GONE, text)


def traced(error: BaseException | None) -> str:
    """Where an error came from: places and class names. What it says may quote what somebody wrote."""
    parts: list[str] = []
    seen: set[int] = set()
    while error is not None and id(error) not in seen and len(seen) < CHAIN:
        seen.add(id(error))
        frames = extract_tb(error.__traceback__)
        places = [f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}' for frame in frames]
        inside = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
        names = " ".join(type(each).__name__ for each in (error, *inside))
        parts.append("\n".join(["Traceback (most recent call last):", *places, names]))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n\n".join(reversed(parts))


def guard_logs(token: str) -> None:
    """For this account's token; calling it again changes nothing more than adding another token."""
    for name in _TALKATIVE:
        logger = logging.getLogger(name)
        if name != "asyncio":
            logger.setLevel(max(logger.level, logging.WARNING))
        if not any(isinstance(old, Redacting) and old.guards(token) for old in logger.filters):
            logger.addFilter(Redacting(token))
