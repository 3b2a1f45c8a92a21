"""A bad day in great numbers, on both engines: a crisis among ten thousand prompts."""

import pytest
from sqlalchemy import select

from bot.dialogue.events import Arrival, Due, TextReceived
from bot.dialogue.flows.session import PROMPT
from bot.dialogue.messages import Priority
from bot.settings import Settings
from bot.store.rows import Posted
from bot.store.schema import outbox
from bot.store.store import Store
from tests.bench.members import settle
from tests.runtime.outside import Room, ScriptedChannel, VirtualTime, prompt, write
from tests.runtime.places import Places, trained
from tests.store.given import NOW, at

pytestmark = pytest.mark.slow

PROMPTS = 10_000


@pytest.mark.parametrize("waits_in", ["inbox", "outbox"])
async def test_a_crisis_among_ten_thousand_prompts_is_answered_within_a_second_at_the_default_rate(
    store: Store, channel: ScriptedChannel, time: VirtualTime, waits_in: str
) -> None:
    """All prompts are made and wait to be sent, or all are still events: nobody has worked on them."""
    anna, rate = at("anna"), Settings.model_fields["telegram_rate"].default
    places = Places(store)
    await places.knows(anna, trained())
    if waits_in == "inbox":
        first = await settle(store, PROMPTS, NOW, due=None)
        due = Due(kind=PROMPT, local_date="2026-03-02", due_at=NOW)
        await store.post([Posted(member=first + n, event=due, source=f"due {n}") for n in range(PROMPTS)], NOW)
    await write(store, *(prompt(n, f"p{n}") for n in range(PROMPTS)))
    await write(store, prompt(PROMPTS, "anna"))
    room = Room(store, channel, time, rate=rate)
    sender = room.sender()
    cried_at, written = 0.0, list[int]()

    async def cry() -> None:
        nonlocal cried_at
        cried_at = time.seconds()
        text = TextReceived(text="Ich will nicht mehr leben")
        await store.receive([Arrival(source="cry", address=anna, event=text, at=time.now())], now=time.now())
        places.now = time.now()
        await places.worker().work_once()  # one batch, no more
        async with store.database.read() as connection:
            query = select(outbox.c.id).where(outbox.c.address_key == anna.key, outbox.c.priority == Priority.EMERGENCY)
            written.extend((await connection.execute(query)).scalars())
        sender.wake()

    time.after(4, cry)
    time.after(6, sender.stop)
    await sender.run()

    assert len(written) == 1
    assert channel.times(written[0])[0] - cried_at < 1
    assert 25 * 3 < len(channel.tries) <= 25 * 6 + 25  # prompts had been flowing, and most still wait
