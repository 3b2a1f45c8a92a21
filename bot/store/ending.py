"""How a send ends that has not left: conditions and columns for the statements that do it."""

from typing import Any

from sqlalchemy import case, select

from bot.store.rows import State
from bot.store.schema import outbox

_earlier = outbox.alias("earlier")
_HANDED_ON = case(
    (outbox.c.remote.is_(None), select(_earlier.c.remote).where(_earlier.c.id == outbox.c.replaces).scalar_subquery()),
    else_=outbox.c.remote,
)


def ready() -> Any:
    """No sender has taken it."""
    return outbox.c.state == State.READY.value


def closed(state: State, reason: str, now: Any) -> dict[str, Any]:
    """The columns of a send that ends without a receipt: its text goes, an edit passes on the id of what it edits."""
    return {"state": state.value, "reason": reason, "settled": now, "body": b"", "remote": _HANDED_ON}
