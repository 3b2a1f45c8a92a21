"""What a log line may hold: ids and classes. Never what somebody wrote, whoever logs it and however it failed."""

import asyncio
import io
import logging
from collections.abc import Iterator

import pytest

from bot.runtime.logs import set_up_logging

SECRET = "Zwetschgendatschi tut weh"


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    """What a coach at the most talkative level logs."""
    root = logging.getLogger()
    before, level, ours = root.handlers[:], root.level, logging.getLogger("bot").level
    out = io.StringIO()
    set_up_logging("DEBUG", out)
    yield out
    root.handlers[:] = before
    root.setLevel(level)
    logging.getLogger("bot").setLevel(ours)
    logging.raiseExceptions = True


def fails() -> None:
    try:
        int(SECRET)
    except ValueError as error:
        raise KeyError(SECRET) from error


def test_an_error_is_told_by_places_and_classes(out: io.StringIO) -> None:
    try:
        fails()
    except KeyError:
        logging.getLogger("bot.runtime.worker").exception("a turn failed", extra={"action": "turn"})
    told = out.getvalue()
    assert SECRET not in told
    assert "KeyError" in told
    assert "ValueError" in told
    assert "in fails" in told
    assert "action=turn" in told


@pytest.mark.parametrize("name", ["uvicorn.error", "websockets.server", "asyncio", "nio.rooms", "some.library"])
@pytest.mark.parametrize("level", [logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR])
def test_no_library_tells_what_was_sent(out: io.StringIO, name: str, level: int) -> None:
    logger = logging.getLogger(name)
    was, logger.level = logger.level, logging.DEBUG
    logger.log(level, "< TEXT '%s' cookie: rueckgrat=%s", SECRET, SECRET)
    logger.log(level, f"Task failed\nfuture: <Task exception=KeyError({SECRET!r})>")  # noqa: G004  as libraries do
    logger.log(level, "broken", exc_info=KeyError(SECRET))
    logger.level = was
    told = out.getvalue()
    assert SECRET not in told
    assert (told == "") == (level < logging.WARNING)


async def test_a_task_nobody_waits_for_tells_its_class_only(out: io.StringIO) -> None:
    asyncio.get_running_loop().call_exception_handler(
        {"message": "Task exception was never retrieved", "exception": KeyError(SECRET), "future": SECRET}
    )
    told = out.getvalue()
    assert "Task exception was never retrieved" in told
    assert SECRET not in told
