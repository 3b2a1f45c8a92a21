"""The shipped content, read once: the rules are tested with the numbers that members meet."""

from pathlib import Path

import pytest

from bot.library.library import Library
from bot.library.read import read_library

CONTENT = Path(__file__).parents[3] / "content"


@pytest.fixture(scope="session")
def library() -> Library:
    return read_library(CONTENT)
