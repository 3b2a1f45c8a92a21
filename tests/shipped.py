"""The content as it is shipped, read once a process: that takes a second, and many tests need it."""

from functools import cache
from pathlib import Path

from bot.runtime.kitting import Kitted, read_kit
from bot.settings import Settings

CONTENT = Path(__file__).parents[1] / "content"


@cache
def kitted() -> Kitted:
    """Nothing in it ever changes: whoever wants another operator or other exercises makes a copy with `replace`."""
    return read_kit(Settings(content=CONTENT, _env_file=None))
