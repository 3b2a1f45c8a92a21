"""Remote ids of uploaded pictures: sent once per platform, then by id. Only pictures of the content."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, select

from bot.store.engine import Database
from bot.store.intake import upsert
from bot.store.schema import media


@dataclass(frozen=True, slots=True)
class Uploads:
    """Each method is one transaction."""

    database: Database

    async def find(self, digest: str, channel: str, account: str, kind: str) -> str | None:
        """The remote id of an uploaded picture."""
        query = select(media.c.remote).where(*_is(digest, channel, account, kind))
        async with self.database.read() as connection:
            remote: str | None = (await connection.execute(query)).scalar()
        return remote

    async def remember(self, digest: str, channel: str, account: str, kind: str, remote: str, now: int) -> None:
        """Write an upload's remote id down, over an older one."""
        async with self.database.write() as connection:
            statement = upsert(connection, media).values(
                digest=digest, channel=channel, account=account, kind=kind, remote=remote, created=now
            )
            statement = statement.on_conflict_do_update(
                index_elements=["digest", "channel", "account", "kind"], set_={"remote": remote, "created": now}
            )
            await connection.execute(statement)

    async def forget(self, digest: str, channel: str, account: str, kind: str) -> None:
        """The platform refused this id: upload anew."""
        async with self.database.write() as connection:
            await connection.execute(delete(media).where(*_is(digest, channel, account, kind)))


def _is(digest: str, channel: str, account: str, kind: str) -> tuple[ColumnElement[bool], ...]:
    wanted = {"digest": digest, "channel": channel, "account": account, "kind": kind}
    return tuple(media.c[name] == value for name, value in wanted.items())
