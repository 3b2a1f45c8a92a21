"""The double's control page: what load and chaos runs need of the driver, as JSON over HTTP on /control/<verb>."""

import json
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Final

from aiohttp import web

from tests.botapi.doors import aiohttp_runner
from tests.botapi.double import BotApi
from tests.botapi.people import Person
from tests.botapi.views import view
from tests.botapi.wire import Wire

Verb = Callable[[BotApi, Wire], Coroutine[Any, Any, Wire]]


async def inject(double: BotApi, wish: Wire) -> Wire:
    return {"at": double.inject(wish["lines"], wish.get("language", "de"))}


async def tap(double: BotApi, wish: Wire) -> Wire:
    """(person id, message id, label or data) each; a message that is gone is not tapped."""
    for number, message_id, button in wish["taps"]:
        person = double.person(number)
        if message_id in person.chat.records:
            message = view(person.chat, person.chat.records[message_id], double.world.files)
            await person.tap(message, button)
    return {"at": time.monotonic()}


def _shown(double: BotApi, person: Person, since: float) -> list[Wire]:
    bot, found = double.world.bot["id"], []
    for record in person.chat.records.values():
        if record.wire["from"]["id"] != bot or record.at <= since:
            continue
        wire = record.wire
        found.append(
            {
                "id": wire["message_id"],
                "text": wire.get("text") or wire.get("caption") or "",
                "at": record.at,
                "edits": len(record.earlier),
                "buttons": wire.get("reply_markup", {}).get("inline_keyboard", []),
            }
        )
    return found


async def replies(double: BotApi, wish: Wire) -> Wire:
    """The bot's messages by person, all or those of `people`, newer than `since`."""
    people = wish.get("people") or [n for n in double.world.chats if n > 0]
    since = wish.get("since", 0.0)
    return {"replies": {str(n): _shown(double, double.person(n), since) for n in people}}


async def counts(double: BotApi, wish: Wire) -> Wire:
    del wish
    world = double.world
    calls = [[method, status, count] for (method, status), count in sorted(double.counts.items())]
    return {"sent": world.sent, "edited": world.edited, "pending": double.pending, "calls": calls}


async def wait(double: BotApi, wish: Wire) -> Wire:
    """Until the bot has sent `sent` messages in all (edits count), or `timeout` seconds are over."""
    world = double.world
    await world.changed.until(lambda: world.sent + world.edited >= wish["sent"], wish["timeout"])
    return {"sent": world.sent, "edited": world.edited, "at": time.monotonic()}


async def fault(double: BotApi, wish: Wire) -> Wire:
    double.fault(**wish)
    return {}


async def heal(double: BotApi, wish: Wire) -> Wire:
    del wish
    double.heal()
    return {}


async def revoke(double: BotApi, wish: Wire) -> Wire:
    double.revoke(wish.get("new", ""))
    return {}


async def block(double: BotApi, wish: Wire) -> Wire:
    for number in wish["people"]:
        await double.person(number).block()
    return {}


async def unblock(double: BotApi, wish: Wire) -> Wire:
    for number in wish["people"]:
        await double.person(number).unblock()
    return {}


async def poison(double: BotApi, wish: Wire) -> Wire:
    return {"update_id": double.poison(wish["kind"], double.person(wish["person"]))}


VERBS: Final[dict[str, Verb]] = {
    verb.__name__: verb for verb in (inject, tap, replies, counts, wait, fault, heal, revoke, block, unblock, poison)
}


@asynccontextmanager
async def control(double: BotApi) -> AsyncIterator[str]:
    """Serves the page on a port of its own; its address."""

    async def page(request: web.BaseRequest) -> web.StreamResponse:
        verb = VERBS.get(request.path.removeprefix("/control/"))
        if verb is None:
            return web.Response(status=404)
        try:
            answer = await verb(double, json.loads(await request.read() or b"{}"))
        except (KeyError, TypeError, ValueError, AssertionError) as error:
            return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)
        return web.json_response(answer)

    runner = aiohttp_runner(page)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()
