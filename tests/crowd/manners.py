"""How people of a crowd answer: which button of a question they want, and how long they read."""

from dataclasses import dataclass
from typing import Final, Literal

from tests.botapi.wire import Wire

Manner = Literal["tap", "typed"]
WANTED: Final = ("18_44", "chronic", "none", "=", "go", "fine", "0800", "right")
A_LINE: Final = {"no", "yes", "unsure"}


@dataclass(frozen=True, slots=True)
class Habit:
    """`turns` answers each; `reads` seconds over a list of warning signs; `renewed`: who is done is replaced.

    `paced`: nobody goes on before being told to. `closes`: the last answer is one without buttons.
    """

    manner: Manner = "tap"
    turns: int = 22
    reads: float = 0.0
    renewed: bool = False
    paced: bool = False
    closes: bool = False


def chosen(rows: list[list[Wire]]) -> Wire:
    """The button a healthy, willing person takes; with a bot of unknown making the first one."""
    buttons = [button for row in rows for button in row]
    by_token = {token_of(button): button for button in reversed(buttons)}
    if by_token.keys() >= A_LINE:
        return by_token["no"]
    for wanted in WANTED:
        if wanted in by_token:
            return by_token[wanted]
    return by_token.get("3") or by_token.get("yes") or buttons[0]


def token_of(button: Wire) -> str:
    data: str = button.get("callback_data", "")
    return data.rpartition(".")[2]


def is_mendable(rows: list[list[Wire]] | None) -> bool:
    """An answered line with [Mistyped] under it asks nothing."""
    return [token_of(button) for row in rows or [] for button in row] == ["/mistyped"]


def is_list(rows: list[list[Wire]]) -> bool:
    return any(token_of(button) == "some" for row in rows for button in row)
