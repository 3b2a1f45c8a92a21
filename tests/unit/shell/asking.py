"""Ask the rules as a shell does: lines in, lines out."""

import io
import json
from typing import Any

from bot.shell.rules import Command, run_rules
from tests.shipped import kitted


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
