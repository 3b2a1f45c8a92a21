"""Our messages as Matrix text: a plain body that can be read alone, and the same as HTML.

There are no buttons, so the answers stand below, numbered. Where a digit means something else (a scale's value, a
line of a list) they stand without numbers; so do Back, Skip and links, which are typed as words.
"""

import re
from collections.abc import Mapping
from html import escape
from typing import Any

from bot.dialogue.commands import NAMES
from bot.dialogue.markup import plain, spans
from bot.dialogue.messages import Button, Message

TAPS = "de.rueckgrat.taps"  # what the options mean, in the (encrypted) event itself: a reaction comes back to it
MOST_SEEDED = 3
KEYCAP = "\ufe0f\u20e3"
TITLE = 120  # characters
LIMIT = 20_000  # characters; an event may have 64 KiB with both bodies, encrypted
_UNSOUND = re.compile(r"[\0\ud800-\udfff]")
# Clients take an unknown slash command for their own and swallow it: here commands begin with an exclamation mark.
_SLASHED = re.compile(rf"(?<![\w/.])/(?=(?:{'|'.join(sorted(NAMES, key=len, reverse=True))})\b)")

Content = dict[str, Any]


def content_of(message: Message) -> Content:
    """The content of an `m.room.message`. Silent ones are notices: clients do not ring for them."""
    marked = sound(message.text)[:LIMIT]
    lines = option_lines(message)
    shown = html(marked)
    words = [_typed(plain(marked))]
    if message.push:  # what a lock screen may show comes first, the rest is covered where a client can
        words.insert(0, sound(message.push))
        shown = f"{html(sound(message.push))}<br><span data-mx-spoiler>{shown}</span>"
    body = "\n".join([*words, *(["", *lines] if lines else [])])
    drawn = shown + (f"<br><br>{'<br>'.join(escape(line, quote=False) for line in lines)}" if lines else "")
    content: Content = {"msgtype": "m.notice" if message.silent else "m.text", "body": body, "m.mentions": {}}
    content |= {"format": "org.matrix.custom.html", "formatted_body": drawn}
    return content | ({TAPS: _taps(message)} if _answers(message) else {})


def edit_of(content: Content, event: str) -> Content:
    """The same as an edit; clients that know none show the body with a star."""
    whole = {**content, "body": f"* {content['body']}", "formatted_body": f"* {content['formatted_body']}"}
    return replaced(content, event) | whole


def replaced(content: Content, event: str) -> Content:
    """In the place of an event; what a client without edits shows is the same."""
    return {**content, "m.new_content": content, "m.relates_to": {"rel_type": "m.replace", "event_id": event}}


def bare(content: Content) -> Content:
    """The message without what could be answered: its question now stands further down."""
    body, _, _ = content["body"].rpartition("\n\n") if TAPS in content else (content["body"], "", "")
    drawn, _, _ = content["formatted_body"].rpartition("<br><br>") if TAPS in content else ("", "", "")
    kept = {name: value for name, value in content.items() if name != TAPS}
    return kept | {"body": body or content["body"], "formatted_body": drawn or content["formatted_body"]}


def title_of(message: Message) -> str:
    """The first line, as the name of what goes with it."""
    return _typed(plain(sound(message.text))).partition("\n")[0].strip()[:TITLE]


def notice_of(words: str) -> Content:
    """A line of the channel's own."""
    return {
        "msgtype": "m.text",
        "body": words,
        "m.mentions": {},
        "format": "org.matrix.custom.html",
        "formatted_body": escape(words, quote=False),
    }


def html(marked: str) -> str:
    parts = []
    for span in spans(marked):
        words = escape(_typed(span.text), quote=False).replace("\n", "<br>")
        if span.slanted:
            words = f"<em>{words}</em>"
        parts.append(f"<strong>{words}</strong>" if span.bold else words)
    return "".join(parts)


def option_lines(message: Message) -> list[str]:
    """Answers, numbered where a digit means one, then one line with what stands beside them.

    Where an answer has a sign of its own, the sign stands in place of the number.
    """
    if _is_keyed(message):
        return [f"{button.key} {sound(button.label)}" for button in _answers(message)]
    beside = [sound(button.label) for row in message.buttons for button in row if not button.answers]
    if message.numbered:
        lines = [f"{number}. {sound(b.label_beside(number))}" for number, b in enumerate(_answers(message), 1)]
    else:
        answers = [sound(button.label) for button in _answers(message)]
        short = [label for label in answers if _is_value(label)]
        lines = [*([" · ".join(short)] if short else []), *(f"• {a}" for a in answers if not _is_value(a))]
    return [*lines, *([f"↩ {' · '.join(beside)}"] if beside else [])]


def seeds(message: Message) -> list[str]:
    """Reactions to put below, so that a touch answers. They are sent in clear: only where that is allowed."""
    count = len(_answers(message))
    if any(button.private for button in _answers(message)):
        return []
    if _is_keyed(message):
        return [_answers(message)[0].key] if message.reactions else []
    if not message.reactions or not message.numbered or not 0 < count <= MOST_SEEDED:
        return []
    return [f"{number}{KEYCAP}" for number in range(1, count + 1)]


def tapped(content: Mapping[str, Any], key: str) -> str | None:
    """What a reaction to this message stands for: a button's data; empty when it is not counted there.

    `None`: the message asks nothing, or the reaction is none of the offered ones.
    """
    taps = content.get(TAPS)
    if isinstance(taps, dict):
        return _signed(taps, key, 0) or None
    if not isinstance(taps, list):
        return None
    if not taps:
        return ""
    number = key.replace("\ufe0f", "").removesuffix("\u20e3")
    place = int(number) - 1 if number.isascii() and number.isdecimal() and len(number) < 3 else -1
    found = taps[place] if 0 <= place < len(taps) else None
    return found if isinstance(found, str) else None


def taken_back(content: Mapping[str, Any], key: str) -> str:
    """The data of what taking this reaction back stands for; empty where it stands for nothing."""
    taps = content.get(TAPS)
    return _signed(taps, key, 1) if isinstance(taps, dict) else ""


def _signed(taps: Mapping[str, Any], key: str, place: int) -> str:
    """Clients send signs with and without the selector that makes them colourful."""
    wanted = key.replace("\ufe0f", "")
    pair = next((pair for sign, pair in taps.items() if sign.replace("\ufe0f", "") == wanted), None)
    found = pair[place] if isinstance(pair, list) and len(pair) > place else ""
    return found if isinstance(found, str) else ""


def sound(text: str) -> str:
    """NUL and lone surrogates cannot be sent."""
    if not _UNSOUND.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").replace("\0", "\ufffd")


def _typed(words: str) -> str:
    return _SLASHED.sub("!", words)


def _is_value(label: str) -> bool:
    return label.replace(":", "").isdecimal()


def _answers(message: Message) -> list[Button]:
    return [button for row in message.buttons for button in row if button.answers]


def _is_keyed(message: Message) -> bool:
    return any(button.key for button in _answers(message))


def _taps(message: Message) -> list[str] | dict[str, list[str]]:
    """Nothing for a health question or answer: a reaction, which anybody on the way can read, is not counted there."""
    if _is_keyed(message):
        return {b.key: [b.data, b.back] for b in _answers(message)} if message.reactions else {}
    if not message.reactions or not message.numbered:
        return []
    return ["" if button.private else button.data for button in _answers(message)]
