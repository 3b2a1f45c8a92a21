"""Logging: one line an event, with a constant `action` and ids; no token, no name, no message text at any level."""

import logging
import re
import sys
from typing import TextIO

from bot.channels.telegram.redact import Redacting

OURS = "bot"
SERVER = ("uvicorn", "uvicorn.error", "uvicorn.access")
_STANDARD = set(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}
_VALUE = re.compile(r"""[\n<>{}()\[\]'":=%]""")


class Lines(logging.Formatter):
    """Time, level, logger and message, then what stands beside them as key=value; no token in any of it."""

    _redacting = Redacting()

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        extra = {key: value for key, value in record.__dict__.items() if key not in _STANDARD}
        first, newline, rest = line.partition("\n")
        whole = " ".join([first, *(f"{key}={value}" for key, value in extra.items())]) + newline + rest
        return self._redacting.clean(whole)


class Reticent(logging.Filter):
    """What libraries say may quote requests, cookies, addresses, frames and what somebody wrote, at any level.

    Only their warnings and errors are told, and of those only the words before the first value.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.partition(".")[0] == OURS:
            return True
        record.msg, record.args = _VALUE.split(str(record.msg), maxsplit=1)[0].strip(), None
        record.stack_info = None
        return record.levelno >= logging.WARNING


def set_up_logging(level: str, out: TextIO | None = None) -> None:
    """Log to standard error. The level is that of our own lines; libraries' begin at warnings."""
    handler = logging.StreamHandler(out or sys.stderr)
    handler.setFormatter(Lines("%(asctime)s %(levelname)s %(name)s %(message)s"))
    handler.addFilter(Reticent())
    handler.addFilter(Redacting())
    least = logging.getLevelNamesMapping()[level]
    logging.basicConfig(level=max(logging.WARNING, least), handlers=[handler], force=True)
    logging.getLogger(OURS).setLevel(least)
    for name in SERVER:  # it may have brought handlers of its own, which would tell everything
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    logging.raiseExceptions = False  # a line that cannot be written would be shown with what the error says
