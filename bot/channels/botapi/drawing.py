"""Our messages as Telegram's: markup as HTML, rows of buttons as an inline keyboard."""

from html import escape

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.dialogue.markup import plain, spans
from bot.dialogue.messages import Message

CAPTION_LIMIT = 1024
_STYLES = {"primary": "primary", "danger": "danger"}


def html(marked: str) -> str:
    """Foreign words are escaped; bold and slanted become tags."""
    parts: list[str] = []
    for span in spans(marked):
        words = escape(span.text, quote=False)
        if span.slanted:
            words = f"<i>{words}</i>"
        parts.append(f"<b>{words}</b>" if span.bold else words)
    return "".join(parts)


def keyboard(message: Message) -> InlineKeyboardMarkup | None:
    if not message.buttons:
        return None
    return InlineKeyboardMarkup(
        [
            [
                InlineKeyboardButton(button.label, callback_data=button.data, style=_STYLES.get(button.style))
                for button in row
            ]
            for row in message.buttons
        ]
    )


def fits_caption(message: Message) -> bool:
    return len(plain(message.text).encode("utf-16-le")) // 2 <= CAPTION_LIMIT
