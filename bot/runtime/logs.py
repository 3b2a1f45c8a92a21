"""Logging: one line an event, with a constant `action` and ids; no token, no name, no message text at any level."""

import logging
import sys

from bot.channels.telegram.redact import Redacting

_STANDARD = set(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}
_CHATTY = ("httpx", "httpcore", "telegram", "apscheduler", "aiosqlite", "asyncio", "websockets", "uvicorn.access")


class Lines(logging.Formatter):
    """Time, level, logger and message, then what stands beside them as key=value; no token in any of it."""

    _redacting = Redacting()

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        extra = {key: value for key, value in record.__dict__.items() if key not in _STANDARD}
        first, newline, rest = line.partition("\n")
        whole = " ".join([first, *(f"{key}={value}" for key, value in extra.items())]) + newline + rest
        return self._redacting.clean(whole)


def set_up_logging(level: str) -> None:
    """Log to standard error. Libraries that log addresses or bodies stay at warnings, whatever the level."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines("%(asctime)s %(levelname)s %(name)s %(message)s"))
    handler.addFilter(Redacting())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
