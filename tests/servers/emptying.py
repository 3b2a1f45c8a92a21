"""PostgreSQL databases that tests use one after the other: emptying takes a quarter of copying and dropping."""

from itertools import count

import asyncpg

from tests.servers.postgres import Postgres

_numbers = count(1)
# All by which a test could leave more behind than rows: tables, indexes, columns, triggers, functions, the version.
_SHAPE = """
SELECT string_agg(concat_ws(' ', oid, relname, relnatts, relchecks), ',' ORDER BY oid)
       || (SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal)
       || ' ' || (SELECT count(*) FROM pg_constraint)
       || ' ' || (SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace)
       || ' ' || (SELECT version_num FROM alembic_version)
FROM pg_class WHERE relnamespace = 'public'::regnamespace
"""
# Whoever still holds a connection has gone before anything is deleted.
_ALONE = """
SELECT coalesce(bool_and(pg_terminate_backend(pid, 5000)), true) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
# In any order: foreign keys are looked after by triggers. What grew large is cut off, not deleted row by row.
_EMPTY = """
SET session_replication_role = replica;
DO $$
DECLARE kept record;
BEGIN
    FOR kept IN SELECT oid, relname FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'
    LOOP
        IF pg_relation_size(kept.oid) > 200000 THEN EXECUTE format('TRUNCATE %I CASCADE', kept.relname);
        ELSIF pg_relation_size(kept.oid) > 0 THEN EXECUTE format('DELETE FROM %I', kept.relname);
        END IF;
    END LOOP;
END $$;
"""


class Databases:
    """Copies of `template`; `take` one, `give` it back."""

    def __init__(self, server: Postgres, template: str) -> None:
        self._server = server
        self._template = template
        self._empty: list[str] = []
        self._shape: str | None = None

    async def take(self) -> str:
        """The name of one without rows."""
        if self._empty:
            return self._empty.pop()
        name = f"test_{next(_numbers)}"
        await self._server.create_database(name, self._template)
        if self._shape is None:
            async with self._server.connected(name) as connection:
                self._shape = await connection.fetchval(_SHAPE)
        return name

    async def give(self, name: str) -> None:
        """Used no more. One that cannot be made as it was is dropped."""
        if await self._emptied(name):
            self._empty.append(name)
        else:
            await self._server.drop_database(name)

    async def _emptied(self, name: str) -> bool:
        try:
            async with self._server.connected(name) as connection:
                if not await connection.fetchval(_ALONE) or await connection.fetchval(_SHAPE) != self._shape:
                    return False
                await connection.execute(_EMPTY)
        except (asyncpg.PostgresError, OSError):
            return False
        return True
