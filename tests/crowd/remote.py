"""The crowd as seen from a test or benchmark: spawn it, give orders."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self

from aiohttp import ClientSession, ClientTimeout

from tests.botapi.double import TOKEN
from tests.botapi.remote import RemoteBotApi
from tests.botapi.wire import Wire

ROOT = Path(__file__).parents[2]
LONGEST_LINE = 1 << 28  # transcripts are one line


class RemoteCrowd:
    """`api` is the double's control page; `tell` an order of `tests.crowd`."""

    def __init__(self, process: asyncio.subprocess.Process, api: RemoteBotApi) -> None:
        self._process = process
        self.api = api

    @property
    def url(self) -> str:
        return self.api.url

    @property
    def pid(self) -> int:
        return self._process.pid

    @classmethod
    @asynccontextmanager
    async def spawn(cls, token: str = TOKEN) -> AsyncIterator[Self]:
        """Starts the process and ends it; it also ends by itself when this process dies."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.crowd", cwd=ROOT, env=os.environ | {"BOTAPI_TOKEN": token},
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=LONGEST_LINE,
        )  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            addresses = (await process.stdout.readline()).decode().split()
            assert len(addresses) == 2, "the crowd did not start"
            async with ClientSession(timeout=ClientTimeout(None)) as http:
                yield cls(process, RemoteBotApi(addresses[0], addresses[1], http))
        finally:
            process.stdin.close()
            await process.wait()

    async def tell(self, verb: str, **wish: Any) -> Wire:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"verb": verb, **wish}).encode() + b"\n")
        line = await self._process.stdout.readline()
        assert line, "the crowd ended"
        answer: Wire = json.loads(line)
        return answer
