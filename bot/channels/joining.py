"""The square code that joins a round leads where this channel can be joined: a link, where there is one."""

import json
from collections.abc import Callable
from dataclasses import replace

from bot.dialogue.messages import Picture

JOIN = "chart-join"


def leading(picture: Picture, link: Callable[[str], str], *, command: str = "/start") -> Picture:
    """The picture with its start code made a link; any other picture as it is. `command`: how it is typed here."""
    if picture.figure != JOIN:
        return picture
    values = json.loads(picture.own)
    there = {"link": link(values["link"]), "code_label": values["code_label"].replace("/start", command)}
    own = json.dumps(values | there, ensure_ascii=False, separators=(",", ":"))
    return replace(picture, own=own)
