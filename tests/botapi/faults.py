"""Bad days on order: which call fails, and how."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, get_args

from tests.botapi.wire import Call, Refusal

Kind = Literal["too_many", "forbidden", "server_error", "drop", "answer_lost", "slow"]
KINDS: Final = get_args(Kind)


class Lost(Exception):  # noqa: N818 - the connection is lost, nothing is wrong with the request
    """The connection closes without an answer."""


@dataclass(slots=True)
class Fault:
    """One thing that goes wrong. It strikes the calls it matches from the nth on, `times` times (None: until healed).

    too_many: 429 with retry_after. forbidden: 403. server_error: `status`. drop: closed before the call is applied.
    answer_lost: applied, then closed. slow: nothing but the wait. Each first waits `seconds`.
    """

    kind: Kind
    method: str = "*"
    chat_id: int | None = None
    nth: int = 1
    times: int | None = 1
    retry_after: int = 1
    status: int = 502
    seconds: float = 0.0
    description: str | None = None
    hits: int = 0
    seen: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no such fault: {self.kind}")

    def matches(self, call: Call) -> bool:
        if self.method.lower() not in ("*", call.method.lower()) or self.times == self.hits:
            return False
        if self.method == "*" and call.method == "getUpdates":  # "*" means what is sent; name getUpdates to hit it
            return False
        return self.chat_id is None or self.chat_id == call.chat_id

    def refusal(self) -> Refusal | None:
        if self.kind == "too_many":
            wait = self.retry_after
            return Refusal(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
        if self.kind == "forbidden":
            return Refusal(403, self.description or "Forbidden: bot was blocked by the user")
        if self.kind == "server_error":
            return Refusal(self.status, self.description or "Bad Gateway")
        return None


class Faults:
    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        self._faults.append(fault)
        return fault

    def heal(self) -> None:
        self._faults.clear()

    def strike(self, call: Call) -> Fault | None:
        """The fault that this call meets, if any; the first ordered wins."""
        return self._first(call, self._faults) if self._faults else None

    def _first(self, call: Call, faults: Iterable[Fault]) -> Fault | None:
        struck: Fault | None = None
        for fault in faults:
            if not fault.matches(call):
                continue
            fault.seen += 1
            if struck is None and fault.seen >= fault.nth:
                fault.hits += 1
                struck = fault
        return struck
