"""Logging: one line an event, with a constant `action` and ids; no token, no name, no message text at any level."""

import logging
import re
import sys

_TOKEN = re.compile(r"\d{6,}:[\w-]{20,}")
_STANDARD = set(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}
_CHATTY = ("httpx", "httpcore", "telegram", "apscheduler", "aiosqlite", "asyncio", "websockets", "uvicorn.access")


class Redacting(logging.Filter):
    """Takes anything that looks like a bot token out of every record, its arguments and its traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _TOKEN.sub("…", record.getMessage())
        record.args = None
        if record.exc_info and record.exc_text is None:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = _TOKEN.sub("…", record.exc_text)
        return True


class Lines(logging.Formatter):
    """Time, level, logger and message, then what stands beside them as key=value."""

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        extra = {key: value for key, value in record.__dict__.items() if key not in _STANDARD}
        first, newline, rest = line.partition("\n")
        return " ".join([first, *(f"{key}={value}" for key, value in extra.items())]) + newline + rest


def set_up_logging(level: str) -> None:
    """Log to standard error. Libraries that log addresses or bodies stay at warnings, whatever the level."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines("%(asctime)s %(levelname)s %(name)s %(message)s"))
    handler.addFilter(Redacting())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
