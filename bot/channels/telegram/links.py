"""Start codes as links: Telegram opens a chat, or asks for the group, where other places want the code typed."""

import re

from bot.dialogue.rounds import DOOR

_START = re.compile(rf"^/start (?P<code>(?P<kind>[gr])_[A-Za-z0-9]{{4,60}}|{DOOR})$", re.MULTILINE)
_OPEN = re.compile(r"^/start$", re.MULTILINE)
_PARAMETER = {None: "start", "g": "start", "r": "startgroup"}


def linked(text: str, username: str) -> str:
    """A line that is nothing but /start, with a code or without, becomes a link that one tap opens."""
    if not username:
        return text
    text = _OPEN.sub(f"https://t.me/{username}", text)
    return _START.sub(lambda found: f"https://t.me/{username}?{_PARAMETER[found['kind']]}={found['code']}", text)
