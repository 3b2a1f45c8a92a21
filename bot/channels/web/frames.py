"""What goes over the websocket: JSON text frames. Total on the way in: anything else is a `BadFrameError`.

In: text, tap, code, ping, and in the demo time. Out: history, line, ack, away, typing, notice, code, forgotten, pong.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, cast

from bot.channels.web.gallery import Gallery
from bot.channels.web.transcript import Line
from bot.dialogue.markup import spans
from bot.dialogue.messages import Attachment, Form

_ID = re.compile(r"[A-Za-z0-9_-]{8,40}")
_BUTTON_BYTES = 64
PAPERS: Mapping[Attachment, tuple[str, str]] = {  # address and name; made anew whenever it is fetched
    Attachment.EXPORT: ("/export", "rueckgrat.json"),
    Attachment.REPORT: ("/report", "rueckgrat.pdf"),
}


class BadFrameError(ValueError):
    """Not a frame our page sends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The member wrote something. `id` is the page's own, kept when it sends the same again."""

    id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tapped:
    id: str
    data: str
    message: str


@dataclass(frozen=True, slots=True)
class TimeWanted:
    to: Literal["event", "morning"]


@dataclass(frozen=True, slots=True)
class CodeWanted:
    """A wish for a return code."""


@dataclass(frozen=True, slots=True)
class Pinged:
    """A question whether the line is still alive."""


Frame: TypeAlias = Said | Tapped | TimeWanted | CodeWanted | Pinged


def read_frame(raw: str, *, demo: bool) -> Frame:
    try:
        frame = json.loads(raw)
    except (ValueError, RecursionError):
        raise BadFrameError("no JSON") from None
    if not isinstance(frame, dict):
        raise BadFrameError("no object")
    match frame.get("type"):
        case "text":
            return Said(id=_id(frame), text=_text(frame, "text"))
        case "tap":
            return Tapped(id=_id(frame), data=_short(frame, "data"), message=_short(frame, "message"))
        case "code":
            return CodeWanted()
        case "ping":
            return Pinged()
        case "time" if demo and frame.get("to") in {"event", "morning"}:
            return TimeWanted(cast('Literal["event", "morning"]', frame["to"]))
        case _:
            raise BadFrameError("unknown type")


def _text(frame: Mapping[str, Any], name: str) -> str:
    value = frame.get(name)
    if not isinstance(value, str) or not value:
        raise BadFrameError(f"no {name}")
    return value


def _id(frame: Mapping[str, Any]) -> str:
    value = _text(frame, "id")
    if not _ID.fullmatch(value):
        raise BadFrameError("bad id")
    return value


def _short(frame: Mapping[str, Any], name: str) -> str:
    value = _text(frame, name)
    if not value.isascii() or not value.isprintable() or len(value) > _BUTTON_BYTES:
        raise BadFrameError(f"bad {name}")
    return value


def write_frame(kind: str, **content: object) -> str:
    return json.dumps({"type": kind, **content}, separators=(",", ":"))


def line_content(line: Line, gallery: Gallery) -> dict[str, object]:
    """A line as the page draws it: spans instead of markup, addresses instead of pictures, milliseconds."""
    content: dict[str, object] = {
        "remote": line.remote,
        "place": line.place,
        "at": line.at // 1000,
        "mine": line.mine,
        "urgent": line.urgent,
        "spans": [[span.text, span.bold, span.slanted] for span in spans(line.text)],
        "buttons": [
            [{"label": button.label, "data": button.data, "style": button.style} for button in row]
            for row in line.buttons
        ],
    }
    if line.file:
        source, name = PAPERS[line.file]
        content["file"] = {"source": source, "name": name}
    if line.picture is not None:
        content["picture"] = {
            "source": gallery.address(line.picture),
            "poster": gallery.poster(line.picture),
            "clip": line.picture.form is Form.CLIP,
            "alt": line.picture.alt,
            "width": line.width,
            "height": line.height,
        }
    return content
