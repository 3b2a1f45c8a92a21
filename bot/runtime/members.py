"""What an operator may do: export (the member is told), erase, announce the end, bring tables up to date."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

from bot.channels.wall_clock import now_us
from bot.dialogue.events import Notice
from bot.dialogue.failures import StoreAwayError
from bot.runtime.exporting import exported
from bot.runtime.failures import CannotStartError, DatabaseAwayError
from bot.runtime.goodbye import book_goodbyes, how_many, last_day
from bot.runtime.naming import owner_name
from bot.settings import Settings
from bot.store.rows import NewerStoreError, Posted
from bot.store.store import Store


async def open_store(settings: Settings) -> Store:
    """Raises `CannotStartError` with one line that names the variable, `DatabaseAwayError` if nobody answers there."""
    try:
        return await Store.open(settings.database_url.get_secret_value())
    except ValueError as error:
        raise CannotStartError(f"RUECKGRAT_DATABASE_URL: {error}") from None
    except StoreAwayError:
        raise DatabaseAwayError("RUECKGRAT_DATABASE_URL: the database cannot be reached") from None


@asynccontextmanager
async def database(settings: Settings) -> AsyncIterator[Store]:
    """A store whose tables are up to date, for one command. Raises `CannotStartError` with one line."""
    path = settings.sqlite_path
    if path is not None and not path.exists():  # opening would make an empty one
        raise CannotStartError(f"RUECKGRAT_DATABASE_URL: there is no {path}")
    store = await open_store(settings)
    try:
        if await store.needs_upgrade():
            raise CannotStartError("the database is older than this version: run `rueckgrat db upgrade`")
        yield store
    except NewerStoreError as error:
        raise CannotStartError(str(error)) from None
    except StoreAwayError:
        raise CannotStartError("RUECKGRAT_DATABASE_URL: the database went away; try again") from None
    finally:
        await store.aclose()


async def upgrade(settings: Settings) -> bool:
    """Migrate; returns whether there was anything to do."""
    store = await open_store(settings)
    try:
        return await store.migrate()
    except (NewerStoreError, StoreAwayError) as error:
        raise CannotStartError(f"RUECKGRAT_DATABASE_URL: {error}") from None
    finally:
        await store.aclose()


async def export(settings: Settings, number: int) -> dict[str, Any] | None:
    """All that is stored about a member, in plain words. The member is told that it was exported."""
    async with database(settings) as store:
        member = await store.member(number)
        if member is None:
            return None
        journal = await store.journal(number)
        addresses = await store.addresses(number)
        await store.node(owner_name(), now_us())
        told = Posted(member=number, event=Notice(what="exported"), source=f"export:{now_us()}")
        await store.post([told], now_us())
        return exported(member, journal, addresses)


async def announced(settings: Settings, wished: date | None) -> tuple[date, int]:
    """Before the end is announced: the last day, and how many people would be told."""
    async with database(settings) as store:
        return await last_day(store, wished, now_us()), await how_many(store)


async def announce_end(settings: Settings, day: date) -> int:
    """Everybody gets a last note; how many were booked by this call."""
    async with database(settings) as store:
        await store.node(owner_name(), now_us())
        return await book_goodbyes(store, day, now_us())


async def erase(settings: Settings, number: int) -> bool:
    """Delete everything of a member at once."""
    async with database(settings) as store:
        if await store.member(number) is None:
            return False
        await store.erase(number, now_us())
        return True
