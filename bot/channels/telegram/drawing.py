"""Our messages as Telegram's: markup as HTML, rows of buttons as an inline keyboard, lengths as Telegram counts them.

Telegram counts what is left after its markup is parsed, in UTF-16 units. A text over the limit loses its end rather
than being refused: our own texts are checked to fit, so only a member's own words can make one too long.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from html import escape
from typing import Any

from bot.dialogue.markup import Span, plain, spans
from bot.dialogue.messages import Button, Message

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
_STYLES = ("primary", "danger")
_UNSOUND = re.compile(r"[\0\ud800-\udfff]")
_CUT = "…"


def html(marked: str) -> str:
    """Foreign words are escaped; bold and slanted become tags."""
    parts: list[str] = []
    for span in _fitting(spans(sound(marked))):
        words = escape(span.text, quote=False)
        if span.slanted:
            words = f"<i>{words}</i>"
        parts.append(f"<b>{words}</b>" if span.bold else words)
    return "".join(parts)


def covered(push: str, marked: str) -> str:
    """What a lock screen may show, then the text under a cover.

    Telegram's apps show covered words neither in a notification nor in the list of chats; one touch uncovers them.
    """
    return f"{html(push)}\n<tg-spoiler>{html(marked)}</tg-spoiler>"


def bare(marked: str) -> str:
    """For the second try, after Telegram did not understand the markup."""
    return "".join(span.text for span in _fitting(spans(sound(marked))))


def keyboard(message: Message) -> dict[str, Any] | None:
    if not message.buttons:
        return None
    return {"inline_keyboard": [[_button(button) for button in row] for row in message.buttons]}


def _button(button: Button) -> dict[str, Any]:
    drawn = {"text": sound(button.label), "callback_data": button.data}
    if button.style in _STYLES:
        drawn["style"] = button.style
    return drawn


def fits_caption(message: Message) -> bool:
    return _units(plain(sound(message.text))) + _units(message.push or "") < CAPTION_LIMIT


def sound(text: str) -> str:
    """NUL and lone surrogates cannot be sent."""
    if not _UNSOUND.search(text):
        return text
    paired = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return paired.replace("\0", "\ufffd")


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _fitting(found: Iterable[Span]) -> Iterator[Span]:
    left = TEXT_LIMIT
    for span in found:
        units = _units(span.text)
        if units > left:
            kept = span.text.encode("utf-16-le")[: 2 * max(left - len(_CUT), 0)].decode("utf-16-le", "ignore")
            yield replace(span, text=kept + _CUT)
            return
        left -= units
        yield span
