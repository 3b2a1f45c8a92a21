"""A coach that is started while its database cannot be reached yet."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.runtime.lifecycle import Coach, open_coach
from bot.settings import Settings
from tests.channel.running import ALL_ROLES, kitted_for
from tests.servers.postgres import Postgres

PATIENCE = 30.0


@dataclass
class LateStart:
    """It waits until `comes`."""

    postgres: Postgres
    database: str
    opening: asyncio.Task[Coach]

    @property
    def waits(self) -> bool:
        return not self.opening.done()

    @asynccontextmanager
    async def comes(self) -> AsyncIterator[Coach]:
        """Now the database is there: the coach, which runs."""
        assert self.waits
        await self.postgres.run(f"ALTER DATABASE {self.database} ALLOW_CONNECTIONS true")
        coach = await asyncio.wait_for(self.opening, PATIENCE)
        try:
            await coach.start(ALL_ROLES)
            yield coach
        finally:
            await coach.stop()


@asynccontextmanager
async def starting_late(postgres: Postgres, settings: Settings) -> AsyncIterator[LateStart]:
    """`settings` name a database of this server."""
    database = settings.database_url.get_secret_value().rpartition("/")[2]
    await postgres.run(f"ALTER DATABASE {database} ALLOW_CONNECTIONS false")
    opening = asyncio.create_task(open_coach(settings, ALL_ROLES, kitted=kitted_for(settings)))
    try:
        yield LateStart(postgres, database, opening)
    finally:
        opening.cancel()
