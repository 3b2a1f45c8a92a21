"""A chat of the Bot API double as somebody would see it on their phone: a page that a browser takes a picture of."""

import base64
import re
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from string import Template

from tests.botapi.views import Button, Message

_PAGE = Template(Path(__file__).with_suffix(".html").read_text())
_FONTS = Path(__file__).parents[2] / "bot" / "pictures" / "fonts"
_PINNED = {"de": "Angeheftete Nachricht", "en": "Pinned message"}


def page(
    messages: Iterable[Message],
    *,
    title: str,
    under: str,
    language: str,
    dark: bool = False,
    pinned: Message | None = None,
    times: Mapping[tuple[int, int], str],
    signed: bool = True,
) -> str:
    """`times`: by chat and message, as its reader's clock shows it. `signed`: in a group the sender stands above."""
    shown = [_message(message, times.get((message.chat_id, message.id), ""), signed=signed) for message in messages]
    return _PAGE.substitute(
        fonts=_FONTS.as_uri(),
        language=language,
        look="dark" if dark else "light",
        letter=escape(title[0]),
        title=escape(title),
        under=escape(under),
        pin="" if pinned is None else _pin(pinned, _PINNED[language]),
        messages="\n".join(shown),
    )


def _pin(message: Message, label: str) -> str:
    return (
        f'<div class="pin"><i></i><div><b>{label}</b><span>{escape(" ".join(message.text.split()))}</span></div></div>'
    )


def _message(message: Message, time: str, *, signed: bool) -> str:
    photo = message.photo
    picture = ""
    if photo is not None:
        mime = "image/png" if photo.data.startswith(b"\x89PNG") else "image/jpeg"
        picture = f'<img alt="" src="data:{mime};base64,{base64.b64encode(photo.data).decode()}">'
    who = '<div class="who">Rückgrat</div>' if signed else ""
    words = f'<div class="words">{_words(message)}<div class="meta">{time}</div></div>'
    rows = "".join(f'<div class="row">{"".join(map(_button, row))}</div>' for row in message.buttons)
    return f'<article><div class="bubble">{who}{picture}{words}</div>{rows}</article>'


def _words(message: Message) -> str:
    """Bold where it was sent bold; links as clients find them."""
    units, marks = message.text.encode("utf-16-le"), {"bold": "b", "italic": "i"}
    opened: dict[int, str] = {}
    for entity in message.entities:
        if entity["type"] in marks:
            start, end = 2 * entity["offset"], 2 * (entity["offset"] + entity["length"])
            tag = marks[entity["type"]]
            opened[start] = opened.get(start, "") + f"<{tag}>"
            opened[end] = f"</{tag}>" + opened.get(end, "")
    html, done = "", 0
    for place in (*sorted(opened), len(units)):
        html += _plain(units[done:place].decode("utf-16-le")) + opened.pop(place, "")
        done = place
    return html


def _plain(part: str) -> str:
    linked = re.sub(r"(https?://\S+|(?<![\w/])/[a-z]+)", r"<a>\1</a>", escape(part, quote=False))
    return linked.replace("\n", "<br>")


def _button(button: Button) -> str:
    return f'<span class="{button.style or ""}">{escape(button.text)}</span>'
