"""The double as a process of its own, so that it outlives a killed bot and does not share its interpreter."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from aiohttp import ClientSession, ClientTimeout

from tests.botapi.double import TOKEN, Poison
from tests.botapi.faults import Kind
from tests.botapi.wire import Wire

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Reply:
    id: int
    text: str
    at: float  # time.monotonic(), which all processes of a machine share
    edits: int
    buttons: list[list[Wire]]


class RemoteBotApi:
    """What matters of BotApi for load and chaos, over the control page."""

    def __init__(self, url: str, control: str, http: ClientSession) -> None:
        self.url = url
        self._control = control
        self._http = http

    @classmethod
    @asynccontextmanager
    async def spawn(cls, token: str = TOKEN, *, fast: bool = True, port: int = 0) -> AsyncIterator[Self]:
        """Starts the process and ends it; it also ends by itself when this process dies."""
        options = ["--port", str(port), "--until-eof", *(["--fast"] if fast else [])]
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.botapi", *options,
            cwd=ROOT, env=os.environ | {"BOTAPI_TOKEN": token},
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            addresses = (await process.stdout.readline()).decode().split()
            assert len(addresses) == 2, "the double did not start"
            async with ClientSession(timeout=ClientTimeout(None)) as http:
                yield cls(addresses[0], addresses[1], http)
        finally:
            process.stdin.close()
            await process.wait()

    async def _ask(self, verb: str, **wish: Any) -> Wire:
        async with self._http.post(f"{self._control}/control/{verb}", json=wish) as answer:
            body: Wire = await answer.json()
        assert answer.status == 200, f"{verb}: {body}"
        return body

    async def inject(self, lines: Iterable[tuple[int, str]], language: str = "de") -> float:
        """(person id, text) each; the time.monotonic() at which all was queued."""
        at: float = (await self._ask("inject", lines=list(lines), language=language))["at"]
        return at

    async def tap(self, taps: Iterable[tuple[int, int, str]]) -> float:
        """(person id, message id, label or data) each."""
        at: float = (await self._ask("tap", taps=list(taps)))["at"]
        return at

    async def replies(self, people: Iterable[int] = (), since: float = 0.0) -> dict[int, list[Reply]]:
        """The bot's messages by person: everybody's, or those of `people`, newer than `since`."""
        answer = await self._ask("replies", people=list(people), since=since)
        return {int(n): [Reply(**one) for one in found] for n, found in answer["replies"].items()}

    async def counts(self) -> Wire:
        """sent, edited, pending, calls: [method, status, count] each (status 0: connection closed)."""
        return await self._ask("counts")

    async def wait(self, sent: int, timeout: float) -> Wire:  # noqa: ASYNC109 - the other process keeps the time
        """Until the bot has sent or edited `sent` messages in all, or the time is over; sent, edited, at."""
        return await self._ask("wait", sent=sent, timeout=timeout)

    async def fault(self, kind: Kind, method: str = "*", *, chat: int | None = None, **more: Any) -> None:
        await self._ask("fault", kind=kind, method=method, chat=chat, **more)

    async def heal(self) -> None:
        await self._ask("heal")

    async def revoke(self, new: str = "") -> None:
        await self._ask("revoke", new=new)

    async def block(self, people: Iterable[int]) -> None:
        await self._ask("block", people=list(people))

    async def unblock(self, people: Iterable[int]) -> None:
        await self._ask("unblock", people=list(people))

    async def poison(self, kind: Poison, person: int) -> int:
        update_id: int = (await self._ask("poison", kind=kind, person=person))["update_id"]
        return update_id
