"""How much one batch takes on: people first, and what the clock brought as far as nobody waits for it."""

from itertools import count

from sqlalchemy import func, select

from bot.dialogue.events import Due
from bot.dialogue.flows.session import PROMPT
from bot.store.rows import Posted
from bot.store.schema import outbox
from bot.store.store import Store
from tests.bench.members import settle
from tests.runtime.places import Places, trained
from tests.store.given import NOW, at

DUE, BATCH = 60, 60.0  # so many prompts, and looks at the clock a batch: three for each


async def test_where_somebody_is_answered_a_batch_takes_little_of_what_the_clock_brought(store: Store) -> None:
    """They wait for its commit. The prompts are not left out: people who write all day would keep them for ever."""
    anna, places = at("anna"), Places(store)
    await places.knows(anna, trained())
    first = await settle(store, DUE, NOW, due=None)
    due = Due(kind=PROMPT, local_date="2026-03-02", due_at=NOW)
    await store.post([Posted(member=first + n, event=due, source=f"due {n}") for n in range(DUE)], NOW)
    await places.arrives(anna, "Ich will nicht mehr leben")
    worker, looks = places.worker(), count()
    worker.batch_s, worker.seconds = BATCH, lambda: float(next(looks))

    async def worked() -> tuple[int, int]:
        """What one batch writes: to Anna, to the others."""
        before = await _written(store, anna.key)
        assert await worker.work_once()
        after = await _written(store, anna.key)
        return after[0] - before[0], after[1] - before[1]

    to_anna, beside = await worked()
    nothing, alone = await worked()

    assert to_anna
    assert not nothing
    assert 1 <= beside <= alone / 3


async def _written(store: Store, key: str) -> tuple[int, int]:
    async with store.database.read() as connection:
        query = select(func.count()).select_from(outbox)
        hers = (await connection.execute(query.where(outbox.c.address_key == key))).scalar_one()
        return hers, (await connection.execute(query)).scalar_one() - hers
