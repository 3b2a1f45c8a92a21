"""`python -m tests.crowd`: the double in fast mode with a crowd in it. Orders come as JSON lines, answers go likewise.

The first line out is the double's address and that of its control page. Ends when standard input closes.
"""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from typing import Any, Final

from tests.botapi.control import control
from tests.botapi.double import TOKEN, BotApi
from tests.botapi.server import Request
from tests.botapi.wire import Wire
from tests.crowd.crowd import Crowd
from tests.crowd.gathering import Gathering
from tests.crowd.manners import Habit
from tests.crowd.reports import percentiles, reach, steady, transcripts, until_done


class WatchedBotApi(BotApi):
    """Shows the crowd each message as soon as it is posted or edited."""

    crowd: Crowd

    async def _result(self, request: tuple[str, str, bytes], token: str, entry: Request) -> object:
        result = await super()._result(request, token, entry)
        if isinstance(result, dict) and "chat" in result:
            self.crowd.sees(result)
        return result


Verb = Callable[[Crowd, Wire], Awaitable[Wire]]


async def come(crowd: Crowd, wish: Wire) -> Wire:
    """So many people with this habit say hello; their ids."""
    return {"people": crowd.come(wish.pop("people"), Habit(**wish))}


async def measure(crowd: Crowd, wish: Wire) -> Wire:
    """For so many seconds: answered turns, turns a second, latencies. The people need not stop."""
    before, began = crowd.tally, asyncio.get_running_loop().time()
    del crowd.latencies[:]
    await asyncio.sleep(wish["seconds"])
    seconds = asyncio.get_running_loop().time() - began
    turns = crowd.tally - before
    return {"turns": turns, "seconds": seconds, "rate": turns / seconds, **percentiles(crowd.latencies)}


async def stop(crowd: Crowd, wish: Wire) -> Wire:
    """Nobody says anything more."""
    del wish
    crowd.stopped = True
    return {"turns": crowd.tally}


async def settle(crowd: Crowd, wish: Wire) -> Wire:
    """So many people from `first` on who have talked to the bot before."""
    crowd.settle(wish.pop("people"), first=wish.pop("first"), habit=Habit(**wish))
    return {}


async def gather(crowd: Crowd, wish: Wire) -> Wire:
    """So many groups with so many people each; the groups' ids."""
    crowd.gathering = Gathering(crowd.double, wish["groups"], wish["people"])
    return {"groups": [group.id for group in crowd.gathering.groups]}


async def cards(crowd: Crowd, wish: Wire) -> Wire:
    """Waits until every group shows its round's card, at most `timeout` seconds; how many do."""
    assert crowd.gathering is not None
    return {"shown": await crowd.gathering.until_shown(wish["timeout"])}


async def tap(crowd: Crowd, wish: Wire) -> Wire:
    """From now on the groups' people tap, `rate` a second."""
    assert crowd.gathering is not None
    crowd.gathering.begin(wish["rate"])
    return {}


async def tapped(crowd: Crowd, wish: Wire) -> Wire:
    """They stop; taps, and how many of them the bot has answered."""
    del wish
    assert crowd.gathering is not None
    return await crowd.gathering.end()


async def write(crowd: Crowd, wish: Wire) -> Wire:
    """Known people write something; the milliseconds until each one's next message came, in the same order."""
    return {"took": await crowd.written(wish["lines"], wish["timeout"])}


VERBS: Final[dict[str, Verb]] = {
    verb.__name__: verb
    for verb in (
        come,
        measure,
        stop,
        settle,
        gather,
        cards,
        tap,
        tapped,
        write,
        reach,
        steady,
        until_done,
        transcripts,
    )
}


async def obey(crowd: Crowd, orders: asyncio.StreamReader) -> None:
    while line := await orders.readline():
        wish: dict[str, Any] = json.loads(line)
        answer = await VERBS[wish.pop("verb")](crowd, wish)
        print(json.dumps(answer), flush=True)  # noqa: T201  that is how it answers


async def serve() -> None:
    double = await WatchedBotApi.start(os.environ.get("BOTAPI_TOKEN", TOKEN), verdicts=False)
    double.crowd = Crowd(double)
    async with double, control(double) as page:
        print(double.url, page, flush=True)  # noqa: T201  see `obey`
        orders = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
        await obey(double.crowd, orders)


if __name__ == "__main__":
    asyncio.run(serve())
