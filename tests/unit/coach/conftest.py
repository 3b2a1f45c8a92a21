"""The shipped content, read once: the rules are tested with the numbers that members meet."""

import pytest

from bot.library.library import Library
from tests.shipped import kitted


@pytest.fixture(scope="session")
def library() -> Library:
    return kitted().kit.library
