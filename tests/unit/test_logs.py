"""What a log line may hold: ids and classes. Never what somebody wrote, whoever logs it and however it failed."""

import asyncio
import logging
from collections.abc import Iterator

import pytest

from bot.runtime.logs import set_up_logging

SECRET = "Zwetschgendatschi tut weh"


@pytest.fixture
def at_debug(capsys: pytest.CaptureFixture[str]) -> Iterator[None]:
    capsys.readouterr()  # before it: the lines go where they are read
    root = logging.getLogger()
    before, level, ours = root.handlers[:], root.level, logging.getLogger("bot").level
    set_up_logging("DEBUG")
    yield
    root.handlers[:] = before
    root.setLevel(level)
    logging.getLogger("bot").setLevel(ours)
    logging.raiseExceptions = True


def fails() -> None:
    try:
        int(SECRET)
    except ValueError as error:
        raise KeyError(SECRET) from error


@pytest.mark.usefixtures("at_debug")
def test_an_error_is_told_by_places_and_classes(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        fails()
    except KeyError:
        logging.getLogger("bot.runtime.worker").exception("a turn failed", extra={"action": "turn"})
    told = capsys.readouterr().err
    assert SECRET not in told
    assert "KeyError" in told
    assert "ValueError" in told
    assert "in fails" in told
    assert "action=turn" in told


@pytest.mark.usefixtures("at_debug")
@pytest.mark.parametrize("name", ["uvicorn.error", "websockets.server", "asyncio", "nio.rooms", "some.library"])
@pytest.mark.parametrize("level", [logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR])
def test_no_library_tells_what_was_sent(capsys: pytest.CaptureFixture[str], name: str, level: int) -> None:
    logger = logging.getLogger(name)
    was, logger.level = logger.level, logging.DEBUG
    logger.log(level, "< TEXT '%s' cookie: rueckgrat=%s", SECRET, SECRET)
    logger.log(level, f"Task failed\nfuture: <Task exception=KeyError({SECRET!r})>")  # noqa: G004  as libraries do
    logger.log(level, "broken", exc_info=KeyError(SECRET))
    logger.level = was
    told = capsys.readouterr().err
    assert SECRET not in told
    assert (told == "") == (level < logging.WARNING)


@pytest.mark.usefixtures("at_debug")
async def test_a_task_nobody_waits_for_tells_its_class_only(capsys: pytest.CaptureFixture[str]) -> None:
    asyncio.get_running_loop().call_exception_handler(
        {"message": "Task exception was never retrieved", "exception": KeyError(SECRET), "future": SECRET}
    )
    told = capsys.readouterr().err
    assert "Task exception was never retrieved" in told
    assert SECRET not in told
