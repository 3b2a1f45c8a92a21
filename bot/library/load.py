"""The one way to get the library: compiled if that is current, else read from YAML."""

from pathlib import Path

from bot.library.compile import find_compiled
from bot.library.library import Library
from bot.library.read import read_library


def load_library(root: Path) -> Library:
    """Raises ContentError with every problem of every file."""
    return find_compiled(root) or read_library(root)
