"""What a crowd can tell: how long answers took, who still waits, and what each conversation looks like."""

import asyncio
from collections.abc import Sequence
from typing import Any

from tests.botapi.wire import Wire
from tests.botapi.world import Record
from tests.crowd.crowd import Crowd, Talk


def percentiles(seconds: Sequence[float]) -> Wire:
    """Latencies in milliseconds."""
    ordered = sorted(seconds)
    if not ordered:
        return {"p50": None, "p99": None, "most": None}
    last = len(ordered) - 1
    return {
        "p50": ordered[round(last * 0.5)] * 1000,
        "p99": ordered[round(last * 0.99)] * 1000,
        "most": ordered[-1] * 1000,
    }


async def steady(crowd: Crowd, wish: Wire) -> Wire:
    """Paced people go on, `rate` turns a second for `seconds`, evenly; the latencies of these turns."""
    rate, seconds = wish["rate"], wish["seconds"]
    loop = asyncio.get_running_loop()
    del crowd.latencies[:]
    before, began = crowd.tally, loop.time()
    for number in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, began + number / rate - loop.time()))
        crowd.ready.popleft()()
    await asyncio.sleep(1.0)
    return {"asked": int(rate * seconds), "answered": crowd.tally - before, **percentiles(crowd.latencies)}


async def reach(crowd: Crowd, wish: Wire) -> Wire:
    """Waits until so many turns were answered in all, or nobody is left who waits for one."""
    await crowd.changed.until(lambda: crowd.tally >= wish["turns"] or not crowd.talking, wish["timeout"])
    await asyncio.sleep(wish.get("jitter", 0.0))
    return {"turns": crowd.tally}


async def until_done(crowd: Crowd, wish: Wire) -> Wire:
    """Waits until everybody has had all turns, at most `timeout` seconds; who has not, and what was repeated."""
    await crowd.changed.until(lambda: not crowd.talking, wish["timeout"])
    unanswered = {number: crowd.talks[number].turns for number in sorted(crowd.talking)}
    repeated = sum(talk.repeated for talk in crowd.talks.values())
    return {"unanswered": unanswered, "repeated": repeated, "turns": crowd.tally, "last": crowd.last}


async def transcripts(crowd: Crowd, wish: Wire) -> Wire:
    """Each conversation: what she said, and the messages in her chat as they are now, hers and the bot's."""
    del wish
    return {"talks": {number: _transcript(talk) for number, talk in crowd.talks.items()}}


def _transcript(talk: Talk) -> dict[str, Any]:
    records = list(talk.person.chat.records.values())
    return {
        "said": talk.said,
        "repeated": talk.repeated,
        "chat": [_shown(record) for record in records],
    }


def _shown(record: Record) -> Wire:
    """`posted`: how the message read when it came, and `at`: when; `text` and `buttons`: as it is now."""
    wire, came = record.wire, (record.earlier or [record])[0]
    rows = wire.get("reply_markup", {}).get("inline_keyboard", [])
    return {
        "by": "bot" if wire["from"]["is_bot"] else "person",
        "posted": _words(came.wire),
        "at": came.at,
        "text": _words(wire),
        "buttons": [button["text"] for row in rows for button in row],
    }


def _words(wire: Wire) -> str:
    words: str = wire.get("text") or wire.get("caption") or ""
    return words
