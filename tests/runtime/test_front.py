"""The HTTP front ends when it is told to, whatever it was doing, even before it began."""

import asyncio

from starlette.applications import Starlette

from bot.runtime.http import Front


async def test_a_front_that_was_stopped_before_it_served_never_begins() -> None:
    front = Front("127.0.0.1", 0)
    serving = asyncio.create_task(front.serve(Starlette()))

    await front.stop()
    await asyncio.wait_for(serving, timeout=10)
    front.close()

    assert not serving.cancelled()


async def test_a_front_that_serves_ends() -> None:
    front = Front("127.0.0.1", 0)
    serving = asyncio.create_task(front.serve(Starlette()))
    reader, writer = await _reached(front.port)
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert b"404" in await reader.readline()
    writer.close()

    await front.stop()
    await asyncio.wait_for(serving, timeout=10)
    front.close()


async def _reached(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    while True:
        try:
            return await asyncio.open_connection("127.0.0.1", port)
        except ConnectionRefusedError:
            await asyncio.sleep(0.01)
