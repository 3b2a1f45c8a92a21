"""A copy of the shipped content that a test may break."""

import shutil
from pathlib import Path

import pytest

CONTENT = Path(__file__).parents[3] / "content"


@pytest.fixture
def content(tmp_path: Path) -> Path:
    root = tmp_path / "content"
    shutil.copytree(CONTENT, root, ignore=shutil.ignore_patterns("compiled.json", "corpus"))
    return root
