"""Work that being stopped must not cut in two, such as a transaction."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def undivided(work: Coroutine[Any, Any, T]) -> T:
    """Whoever is cancelled meanwhile waits until it is finished."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise
