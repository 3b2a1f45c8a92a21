"""Remote ids of uploaded pictures: sent once per platform, then by id. Only pictures of the content."""

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.intake import upsert
from bot.store.schema import media


def _is(digest: str, channel: str, account: str, kind: str) -> tuple[ColumnElement[bool], ...]:
    wanted = {"digest": digest, "channel": channel, "account": account, "kind": kind}
    return tuple(media.c[name] == value for name, value in wanted.items())


async def find(connection: AsyncConnection, digest: str, channel: str, account: str, kind: str) -> str | None:
    query = select(media.c.remote).where(*_is(digest, channel, account, kind))
    remote: str | None = (await connection.execute(query)).scalar()
    return remote


async def remember(
    connection: AsyncConnection, digest: str, channel: str, account: str, kind: str, remote: str, now: int
) -> None:
    statement = upsert(connection, media).values(
        digest=digest, channel=channel, account=account, kind=kind, remote=remote, created=now
    )
    statement = statement.on_conflict_do_update(
        index_elements=["digest", "channel", "account", "kind"], set_={"remote": remote, "created": now}
    )
    await connection.execute(statement)


async def forget(connection: AsyncConnection, digest: str, channel: str, account: str, kind: str) -> None:
    await connection.execute(delete(media).where(*_is(digest, channel, account, kind)))
