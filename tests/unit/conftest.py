"""A folder of content is read a hundred times here, each time with one file changed: each text is parsed once."""

from collections.abc import Iterator
from functools import lru_cache

import pytest

from bot.library import lint_rules, read, sheets
from bot.library.yaml12 import parse_yaml
from bot.pictures import pose_files


@pytest.fixture(scope="session", autouse=True)
def texts_parsed_once() -> Iterator[None]:
    """The same text gives the same sheet, which no reader changes. Refusals are not kept: they are raised anew."""
    remembered = lru_cache(maxsize=512)(parse_yaml)
    with pytest.MonkeyPatch.context() as patch:
        for module in (lint_rules, pose_files, read, sheets):
            patch.setattr(module, "parse_yaml", remembered)
        yield
