"""The web chat behind a real uvicorn server that can be stopped and started again on the same port and file."""

import asyncio
import itertools
import socket
import time
from pathlib import Path

import uvicorn
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bot.channels.channel import Delivery, Receipt
from bot.channels.web.app import web_app
from bot.channels.web.channel import WebChannel, WebSettings
from bot.channels.web.file import WebFile
from bot.channels.web.limits import Limits
from bot.channels.web.origins import Origins
from bot.channels.web.session import SqliteKeys
from bot.channels.web.transcript import SqliteTranscript
from bot.dialogue.events import Address
from bot.dialogue.messages import Button, Kind, Message, Picture
from tests.website.inbox import Inbox
from tests.website.pictures import DrawnPictures

EMERGENCY = {
    "de": "**Bitte ruf jetzt 112 an.** Nicht selbst fahren.\nIch bin ein Programm und kann keine Hilfe rufen.",
    "en": "**Please call 112 now.** Don't drive yourself.\nI'm a program and cannot call help.",
}


class WebSite:
    """Everything a runtime wires for the web chat, on a free port of the loopback address."""

    def __init__(self, path: Path, *, limits: Limits | None = None, demo: bool = False) -> None:
        self.path = path
        self.inbox = Inbox()
        self.pictures = DrawnPictures()
        self.moves: list[tuple[Address, str]] = []
        self.shift_us = 0
        self._limits = limits or Limits()
        self._demo = demo
        self._ids = itertools.count(1)
        self._running: tuple[uvicorn.Server, asyncio.Task[None], asyncio.Task[None], WebFile] | None = None
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        file = await WebFile.open(self.path)
        self.channel = WebChannel(
            transcript=await SqliteTranscript.open(file),
            keys=await SqliteKeys.open(file),
            pictures=self.pictures,
            settings=WebSettings(
                origins=Origins.loopback(self.port), emergency_text=EMERGENCY.__getitem__, limits=self._limits
            ),
            clock=lambda _: time.time_ns() // 1000 + self.shift_us,
            demo=self._demo,
            on_time=self._moved if self._demo else None,
        )
        app = web_app(self.channel, extra_routes=[Route("/healthz", lambda _: PlainTextResponse("ok"))])
        server = uvicorn.Server(uvicorn.Config(app, port=self.port, log_level="error", ws_max_size=65536))
        receiving = asyncio.create_task(self.channel.receive(self.inbox))
        listening = socket.create_server(("127.0.0.1", self.port), reuse_port=False)
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        self._running = server, serving, receiving, file
        while not server.started:  # noqa: ASYNC110 - uvicorn offers nothing to wait for
            await asyncio.sleep(0.01)

    async def stop(self) -> None:
        if self._running is None:
            return
        server, serving, receiving, file = self._running
        self._running = None
        await self.channel.aclose()
        server.should_exit = True
        await serving
        receiving.cancel()
        await asyncio.gather(receiving, return_exceptions=True)
        await file.aclose()

    async def _moved(self, address: Address, to: str) -> None:
        self.moves.append((address, to))

    async def say(
        self,
        address: Address,
        text: str,
        *buttons: tuple[Button, ...],
        picture: Picture | None = None,
        edits: str | None = None,
        kind: Kind = Kind.TALK,
        row: int | None = None,
    ) -> Receipt:
        """Send as the sender does."""
        number = next(self._ids) if row is None else row
        message = Message(id=number, text=text, buttons=buttons, picture=picture, kind=kind)
        return await self.channel.send(Delivery(address=address, message=message, edits=edits))
