"""JSON Lines in, JSON Lines out: one answer a line, in order, the id echoed; a bad line is an answer with an error.

Nothing a line holds stops the lines after it.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError


class Asked(BaseModel):
    """A line of input. A field nobody knows is not read but named on the side, so that a typing error is seen."""

    model_config = ConfigDict(extra="allow", frozen=True, strict=True, allow_inf_nan=False, hide_input_in_errors=True)

    id: Any = None


class LineError(ValueError):
    """What is wrong with a line, naming the field."""


def answer_lines(
    lines: Iterable[bytes],
    answer: Callable[[bytes], dict[str, Any]],
    write: Callable[[str], None],
) -> bool:
    """Answer each line; true if none failed. Empty lines at the end are no lines."""
    is_good = True
    for line in _without_tail(lines):
        answered = _answered(line, answer)
        is_good = is_good and "error" not in answered
        write(_written(answered))
    return is_good


def _without_tail(lines: Iterable[bytes]) -> Iterator[bytes]:
    empty: list[bytes] = []
    for number, raw in enumerate(lines):
        line = (raw.removeprefix(b"\xef\xbb\xbf") if number == 0 else raw).strip()
        if line:
            yield from empty
            empty.clear()
            yield line
        else:
            empty.append(line)


def _answered(line: bytes, answer: Callable[[bytes], dict[str, Any]]) -> dict[str, Any]:
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError) as error:
        reason = "too deeply nested" if isinstance(error, RecursionError) else str(error)
        return {"id": None, "error": f"not JSON: {reason}"}
    if not isinstance(asked, dict):
        return {"id": None, "error": "a line is one JSON object"}
    try:
        return {"id": asked.get("id"), **answer(line)}
    except ValidationError as error:
        return {"id": asked.get("id"), "error": _described(error)}
    except LineError as error:
        return {"id": asked.get("id"), "error": str(error)}


def _described(error: ValidationError) -> str:
    return "; ".join(f"{_path(fault['loc'])}: {_plain(fault['msg'])}" for fault in error.errors(include_url=False))


def _path(loc: tuple[int | str, ...]) -> str:
    return ".".join(map(str, loc)) or "line"


def _plain(message: str) -> str:
    return (
        message.removeprefix("Value error, ")
        .replace("Input should be", "should be")
        .replace("Field required", "is missing")
    )


def _written(answered: dict[str, Any]) -> str:
    try:
        written = json.dumps(answered, ensure_ascii=False)
        written.encode()
    except UnicodeEncodeError:  # half a surrogate pair in an echoed id
        return json.dumps(answered)
    return written


def unread(asked: BaseModel, path: str = "") -> Iterator[str]:
    """The fields of a line that nobody knows."""
    yield from (f"{path}{name}" for name in asked.__pydantic_extra__ or {})
    for name in type(asked).model_fields:
        value = getattr(asked, name)
        for index, each in enumerate(value if isinstance(value, tuple) else (value,)):
            if isinstance(each, BaseModel):
                place = f"{name}.{index}" if isinstance(value, tuple) else name
                yield from unread(each, f"{path}{place}.")
