"""Drivers' errors in our own words: the only place that knows their classes and codes.

The chain to the driver's error is cut (`from None`): its text can hold a member's words or ids.
"""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import NoReturn

from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.failures import BadArrivalError, StoreAwayError

# Primary result codes: busy, locked, out of memory, interrupted, read-only, I/O, corrupt, full, cannot open, locking
# protocol, not a database.
_SQLITE_AWAY = frozenset({5, 6, 7, 9, 8, 10, 11, 13, 14, 15, 26})
_SQLITE_DATA = frozenset({18, 19, 20, 25})  # too big, constraint, mismatch, range
# connection, invalid transaction state (read-only), authorization, no such database, rollback (deadlock), resources,
# object not ready (lock timeout), operator intervention (shutdown), system error
_POSTGRES_AWAY = ("08", "25", "28", "3D", "40", "53", "55", "57", "58")
_POSTGRES_DATA = ("22", "23", "54")


def _raise_for(error: DBAPIError) -> NoReturn:
    cause = error.orig
    name = type(cause).__name__
    _raise_for_code(cause)
    state = str(getattr(cause, "sqlstate", None) or "")
    if error.connection_invalidated or state.startswith(_POSTGRES_AWAY):
        raise StoreAwayError(f"{name} {state}".strip()) from None
    if state.startswith(_POSTGRES_DATA) or name in {"DataError", "IntegrityError"}:
        raise BadArrivalError(f"{name} {state}".strip()) from None
    if name == "InterfaceError":  # asyncpg: the connection is closed or closing
        raise StoreAwayError(name) from None
    raise error


def _raise_for_code(cause: BaseException | None) -> None:
    """SQLite's errors have a number."""
    code = getattr(cause, "sqlite_errorcode", None)
    if isinstance(code, int):
        name = getattr(cause, "sqlite_errorname", type(cause).__name__)
        if code & 0xFF in _SQLITE_AWAY:
            raise StoreAwayError(name) from None
        if code & 0xFF in _SQLITE_DATA:
            raise BadArrivalError(name) from None


@contextmanager
def translated() -> Iterator[None]:
    """`StoreAwayError` when nothing could be written, `BadArrivalError` when a value is at fault; others pass."""
    try:
        yield
    except DBAPIError as error:
        _raise_for(error)
    except sqlite3.Error as error:  # of statements that go straight to the driver
        _raise_for_code(error)
        raise
    except PoolTimeoutError:
        raise StoreAwayError("no free connection") from None
    except (UnicodeError, OverflowError) as error:  # SQLite's driver, while binding a value
        raise BadArrivalError(type(error).__name__) from None
    except StatementError as error:
        raise BadArrivalError(type(error.orig).__name__) from None
    except OSError as error:  # asyncpg, while connecting; includes its time-outs
        raise StoreAwayError(type(error).__name__) from None


@asynccontextmanager
async def savepoint(connection: AsyncConnection) -> AsyncIterator[None]:
    """What is done in here is undone alone if it raises; the transaction around it goes on."""
    with translated():
        inner = await connection.begin_nested()
    try:
        yield
    except BaseException:
        with translated():
            await inner.rollback()
        raise
    with translated():
        await inner.commit()
