"""The statements of every turn, past what SQLAlchemy does around each: on SQLite that costs ten times the statement.

SQLAlchemy writes and compiles them like all others, but once; SQLite's driver then gets them as they are. PostgreSQL
gets them the usual way.
"""

import collections
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import Boolean, Executable
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.driver import FEW, driver_of

Values: TypeAlias = Mapping[str, Any]
_EXPANDING = re.compile(r"__\[POSTCOMPILE_(\w+)\]")
_NAMED = sqlite.dialect(paramstyle="named")


@dataclass(frozen=True, slots=True)
class Found:
    """All rows, by name and by place, and how many rows were changed."""

    rows: Sequence[Any]
    count: int


@dataclass(frozen=True, slots=True)
class _Compiled:
    """`lists`: values that stand for a list; SQLite reads them as JSON, so that the words never change."""

    words: str
    constants: Values
    lists: tuple[str, ...]
    row: Callable[[Sequence[Any]], Any] | None

    def filled(self, values: Values) -> Values:
        lists = {name: json.dumps(values[name]) for name in self.lists}
        return {**self.constants, **values, **lists} if lists or self.constants else values


async def run(connection: AsyncConnection, statement: Executable, values: Values, *, alone: bool = False) -> Found:
    """One statement, which stands in a module: it is compiled once and kept.

    `alone`: no transaction has begun, so on SQLite it may have to wait as a beginning does.
    """
    if connection.dialect.name != "sqlite":
        result = await connection.execute(statement, values)
        return Found(result.all() if result.returns_rows else (), result.rowcount)
    compiled = _compiled(statement, tuple(values))
    short = not alone and all(len(values[name]) <= FEW for name in compiled.lists)
    ran = await driver_of(connection).run(compiled.words, compiled.filled(values), short=short)
    return _found(compiled, ran)


async def run_each(connection: AsyncConnection, statement: Executable, rows: Sequence[Values]) -> Found:
    """The same for many rows of values, all with the same names."""
    if connection.dialect.name != "sqlite":
        result = await connection.execute(statement, rows)
        return Found(result.all() if result.returns_rows else (), result.rowcount)
    compiled = _compiled(statement, tuple(rows[0]))
    filled = [compiled.filled(values) for values in rows]
    returns = compiled.row is not None
    return _found(compiled, await driver_of(connection).run_each(compiled.words, filled, returns=returns))


def _found(compiled: _Compiled, ran: tuple[list[Any], int]) -> Found:
    rows, count = ran
    return Found(rows if compiled.row is None else [compiled.row(row) for row in rows], count)


@cache
def _compiled(statement: Any, names: tuple[str, ...]) -> _Compiled:
    compiled = statement.compile(dialect=_NAMED, column_keys=names if statement.is_insert else None)
    words = str(compiled)
    lists = set(_EXPANDING.findall(words))
    constants = {name: value for name, value in compiled.params.items() if name not in names and value is not None}
    return _Compiled(
        words=_EXPANDING.sub(r"SELECT value FROM json_each(:\1)", words),
        constants={name: json.dumps(value) if name in lists else value for name, value in constants.items()},
        lists=tuple(lists & set(names)),
        row=_row_of(statement),
    )


def _row_of(statement: Any) -> Callable[[Sequence[Any]], Any] | None:
    """Makes a row of what the driver gives: SQLite has no booleans."""
    columns = list(statement.exported_columns)
    if not columns:
        return None
    made: Any = collections.namedtuple("Row", " ".join(column.name for column in columns))  # type: ignore[misc] # noqa: PYI024
    flags = [at for at, column in enumerate(columns) if isinstance(column.type, Boolean)]
    if not flags:
        return made._make

    def row(values: Sequence[Any]) -> Any:
        changed = list(values)
        for at in flags:
            changed[at] = None if changed[at] is None else bool(changed[at])
        return made._make(changed)

    return row
