"""The square code that joins a round leads where this channel can be joined: a link, where there is one."""

import json
from collections.abc import Callable
from dataclasses import replace

from bot.dialogue.messages import Picture

JOIN = "chart-join"


def leading(picture: Picture, link: Callable[[str], str], *, typed: str = "") -> Picture:
    """The picture leading here: `link` makes an address of the start command; any other picture is left as it is.

    `typed`: the command as it is typed here, where a link opens no more than the chat.
    """
    if picture.figure != JOIN:
        return picture
    values = json.loads(picture.own)
    label = values.get("by_chat" if typed else "by_link", values["code_label"])
    there = {"link": link(f"/start {values['code']}"), "code_label": label.replace("/start", typed or "/start")}
    own = json.dumps(values | there, ensure_ascii=False, separators=(",", ":"))
    return replace(picture, own=own)
