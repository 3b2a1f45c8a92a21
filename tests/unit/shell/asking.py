"""Ask the rules as a shell does: lines in, lines out."""

import io
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.runtime.kitting import Kitted, read_kit
from bot.settings import Settings
from bot.shell.rules import Command, run_rules

CONTENT = Path(__file__).parents[3] / "content"


@lru_cache(maxsize=1)
def kitted() -> Kitted:
    return read_kit(Settings(content=CONTENT, _env_file=None))


def run(command: Command, source: bytes, language: str = "de") -> tuple[bool, list[dict[str, Any]], str]:
    """Whether all was good, the answers, and what was noted beside them."""
    target, notes = io.BytesIO(), io.StringIO()
    is_good = run_rules(command, kitted(), io.BytesIO(source), target, notes, language=language)
    return is_good, [json.loads(line) for line in target.getvalue().splitlines()], notes.getvalue()


def ask(command: Command, **line: Any) -> dict[str, Any]:
    """One line, one answer."""
    _, (answer,), _ = run(command, json.dumps({"id": 7, **line}).encode())
    assert answer.pop("id") == 7
    return answer
