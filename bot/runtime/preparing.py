"""Before anything is opened: folders that can be written, one process a file, a database with this version's tables."""

from collections.abc import Callable
from uuid import uuid4

from bot.runtime.failures import CannotStartError
from bot.runtime.filelock import FileLock, make_private
from bot.runtime.kitting import Kitted
from bot.runtime.leadership import AlreadyRunningError
from bot.runtime.members import open_store
from bot.settings import Settings
from bot.store.store import Store


def look_at_folders(settings: Settings, roles: frozenset[str]) -> None:
    """Without its folders the coach would run, but without pictures, or lose its keys at the next start."""
    folders = {"CACHE": settings.cache}
    if settings.has_matrix and "matrix" in roles:
        folders["MATRIX_STORE"] = settings.matrix_store
    for name, folder in folders.items():
        try:
            make_private(folder)
            probe = folder / f".probe-{uuid4().hex}"
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise CannotStartError(f"RUECKGRAT_{name}: {folder} cannot be written: {error.strerror}") from None


def lock_file(settings: Settings) -> FileLock | None:
    """Only one process may use one SQLite file."""
    path = settings.sqlite_path
    if path is None:
        return None
    lock = FileLock(path.with_name(f"{path.name}.lock"))
    try:
        lock.take()
    except AlreadyRunningError as error:
        raise CannotStartError(str(error)) from None
    except OSError as error:
        raise CannotStartError(f"RUECKGRAT_DATABASE_URL: {path.parent} cannot be written: {error.strerror}") from None
    return lock


async def reach_store(settings: Settings, kitted: Kitted, roles: frozenset[str], now: Callable[[], int]) -> Store:
    """An embedded file is there or is not; a server may be there in a moment, and is waited for."""
    if settings.is_sqlite:
        return await open_store(settings)
    from bot.runtime.waiting import open_when_there  # noqa: PLC0415  Telegram's library takes memory and time to load

    return await open_when_there(settings, kitted, roles, now)


async def bring_up_to_date(settings: Settings, store: Store) -> None:
    if settings.is_sqlite:
        await store.migrate()
    elif await store.needs_upgrade():
        raise CannotStartError("the database is older than this version: run `rueckgrat db upgrade`")
