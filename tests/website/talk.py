"""A visitor of a running coach's web chat, over the socket: writes, taps by label, waits for words."""

import asyncio
import json
from types import TracebackType
from typing import Any, Self

import httpx
from websockets.asyncio.client import ClientConnection, connect

PATIENCE_S = 20  # only so that what never comes is a failure and not a standstill


class Talk:
    """One open page at `address`, as `http://127.0.0.1:port/`."""

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")
        self.cookie = ""
        self.lines: dict[str, dict[str, Any]] = {}
        self._news: list[str] = []
        self._count = 0
        self._socket: ClientConnection | None = None

    async def __aenter__(self) -> Self:
        async with httpx.AsyncClient() as browser:
            response = await browser.get(self.address, headers={"Accept-Language": "de"})
        self.cookie = str(response.headers["set-cookie"]).partition(";")[0]
        self._socket = await connect(
            f"{self.address.replace('http', 'ws', 1)}/socket",
            origin=self.address,  # type: ignore[arg-type]  # a NewType of str
            additional_headers={"Cookie": self.cookie, "Accept-Language": "de-DE,de;q=0.9"},
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._socket is not None:
            await self._socket.close()

    @property
    def texts(self) -> list[str]:
        """What the coach's lines say now, in their order."""
        lines = sorted(self.lines.values(), key=lambda line: line["place"])
        return [_text(line) for line in lines if not line["mine"]]

    async def write(self, text: str) -> None:
        await self._send(type="text", text=text)

    async def taps(self, label: str) -> None:
        """The newest button of this label, once it is there; until the coach has changed that line."""
        while (found := self._button(label)) is None:
            await self._listen()
        data, remote = found
        await self._send(type="tap", data=data, message=remote)
        buttons = self.lines[remote]["buttons"]
        while self.lines[remote]["buttons"] == buttons:
            await self._listen()

    async def hears(self, words: str) -> str:
        """The next line, or change of one, of the coach that holds these words; what came before is passed over."""
        while True:
            while self._news:
                text = self._news.pop(0)
                if words in text:
                    return text
            await self._listen()

    def _button(self, label: str) -> tuple[str, str] | None:
        for line in sorted(self.lines.values(), key=lambda line: -line["place"]):
            for row in line["buttons"]:
                for button in row:
                    if button["label"] == label:
                        return button["data"], line["remote"]
        return None

    async def _send(self, **frame: object) -> None:
        assert self._socket is not None
        self._count += 1
        await self._socket.send(json.dumps({"id": f"id-{self._count:08}", **frame}))

    async def _listen(self) -> None:
        assert self._socket is not None
        async with asyncio.timeout(PATIENCE_S):
            frame = json.loads(await self._socket.recv())
        for line in [frame["line"]] if frame["type"] == "line" else frame.get("lines", []):
            self.lines[line["remote"]] = line
            if not line["mine"]:
                self._news.append(_text(line))


def _text(line: dict[str, Any]) -> str:
    return "".join(span[0] for span in line["spans"])
