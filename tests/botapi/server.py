"""The bot's side of the double: HTTP in, the platform's answer out, and a log of both.

The token stands in every address, so no address is ever logged and no repr shows one.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from tests.botapi import account, editing, sending
from tests.botapi.doors import Answer, Door, WholeDoor
from tests.botapi.faults import Fault, Faults, Lost
from tests.botapi.judge import Judge, Lenient
from tests.botapi.limits import Limits, Pace
from tests.botapi.quick import QuickDoor
from tests.botapi.wire import Call, Refusal, Wire, read_call, success
from tests.botapi.world import World

HANDLERS: Final = account.HANDLERS | sending.HANDLERS | editing.HANDLERS
NAMES: Final = {name.lower(): name for name in HANDLERS}


@dataclass(slots=True)
class Request:
    """One call as it came in. status 0: still running, or its connection was closed without an answer."""

    method: str
    params: Wire
    chat_id: int | None
    time: float  # time.monotonic() of its arrival
    files: dict[str, int]
    status: int = 0
    applied: bool = False


class Server:
    def __init__(self, token: str, *, verdicts: bool, retry_pause: float, limits: Limits | None) -> None:
        self._token = token
        self._fast = not verdicts
        self.world = World(int(token.partition(":")[0]), _judge(verdicts=verdicts), retry_pause=retry_pause)
        self.faults = Faults()
        self._pace = Pace(limits) if limits else None
        self.requests: list[Request] = []  # everything but getUpdates; empty in fast mode
        self.polls: list[Request] = []  # getUpdates; empty in fast mode
        self.counts: Counter[tuple[str, int]] = Counter()  # (method, status)
        self._door: Door = QuickDoor(self.respond) if self._fast else WholeDoor(self.respond)
        self.url = ""

    async def listen(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{await self._door.open(port)}"

    async def stop(self) -> None:
        await self.world.close()
        await self._door.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.url})"

    async def respond(self, target: str, kind: str, body: bytes) -> Answer | None:
        """The answer to a request for `target` with a body of this content type; None: close the connection."""
        path, _, query = target.partition("?")
        _, head, *rest = unquote(path).split("/", 2)
        if head.startswith("bot") and rest:
            return await self._api(head[3:], rest[0], (query, kind, body))
        if head == "file" and rest:
            return self._download(rest[0])
        return Answer(404, b"")

    async def _api(self, token: str, method: str, request: tuple[str, str, bytes]) -> Answer | None:
        entry = Request(NAMES.get(method.lower(), method), {}, None, time.monotonic(), {})
        answer = b""
        try:
            answer, entry.status = success(await self._result(request, token, entry)), 200
        except Refusal as refusal:
            answer, entry.status = refusal.body(), refusal.status
        except Lost:
            pass
        self.counts[entry.method, entry.status] += 1
        return Answer(entry.status, answer) if entry.status else None

    async def _result(self, request: tuple[str, str, bytes], token: str, entry: Request) -> object:
        call = read_call(entry.method, *request)
        if not self._fast:
            self._log(entry, call)
        if token != self._token:
            raise Refusal(401, "Unauthorized") if ":" in token else Refusal(404, "Not Found")
        if call.method not in HANDLERS:
            raise Refusal(404, f"Not Found: the double has no method {call.method}")
        fault = self.faults.strike(call)
        if fault is not None:
            await _suffer(fault)
        self.world.judge.request(call)
        if self._pace is not None:
            self._pace.check(call)
        result = HANDLERS[call.method](self.world, call)
        if isinstance(result, Coroutine):
            result = await result
        entry.applied = True
        if fault is not None and fault.kind == "answer_lost":
            raise Lost
        return result

    def _log(self, entry: Request, call: Call) -> None:
        entry.params, entry.chat_id = call.params, call.chat_id
        entry.files = {name: len(file.data) for name, file in call.files.items()}
        (self.polls if call.method == "getUpdates" else self.requests).append(entry)

    def _download(self, path: str) -> Answer:
        owner, _, rest = path.partition("/")
        if owner != f"bot{self._token}":
            return Answer(401, b"")
        try:
            return Answer(200, self.world.files[rest.rpartition("/")[2]].data, "application/octet-stream")
        except Refusal:
            return Answer(404, b"")


async def _suffer(fault: Fault) -> None:
    if fault.seconds:
        await asyncio.sleep(fault.seconds)
    if refusal := fault.refusal():
        raise refusal
    if fault.kind == "drop":
        raise Lost


def _judge(*, verdicts: bool) -> Judge:
    if not verdicts:
        return Lenient()
    import tests.botapi.models  # noqa: F401  before anything of aiogram, which else takes seconds more
    from tests.botapi.verdicts import Verdicts  # costs a second: only who judges pays

    return Verdicts()
