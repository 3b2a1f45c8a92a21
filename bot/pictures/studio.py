"""Pictures for the conversation: drawn in worker processes, kept on disk by the hash of all that shapes them.

The main process must never load numpy and its company, so drawing is imported only inside `draw`.
"""

import asyncio
import hashlib
import hmac
import logging
import multiprocessing
import os
import re
import secrets
import sys
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from bot.pictures import shelf
from bot.pictures.spec import (
    DrawingError,
    Picture,
    PictureSpec,
    PoseFileError,
    StaleLockError,
    UnknownFigureError,
)

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_BASES: Final = "bases.yaml"
STEP_BACK, FILMS_STEP_BACK = 5, 10  # how far drawing gives way, in steps of `nice`; films to all else
AT_HAND_S, MOST_AT_HAND = 60.0, 100  # somebody's own pictures, some 50 KB each
_log = logging.getLogger(__name__)


def draw(poses_dir: Path, spec: PictureSpec) -> Picture:
    """Draw here and now, without cache. Raises UnknownFigureError, PoseFileError and StaleLockError."""
    if spec.form == "paper":
        from bot.pictures.report import draw_report  # noqa: PLC0415 - loads what makes PDFs, which this module must not

        return draw_report(spec)
    if spec.own:
        from bot.pictures.chart import draw_chart  # noqa: PLC0415 - loads the rasteriser, which this module must not

        return draw_chart(spec)
    from bot.pictures.easel import draw_picture  # noqa: PLC0415 - loads numpy, which this module must not

    return draw_picture(poses_dir, spec, content_digest(poses_dir, spec))


def content_digest(poses_dir: Path, spec: PictureSpec) -> str:
    """Hash of poses, lock, drawing code and spec: equal digests are equal pictures."""
    digest = hashlib.sha256(_code_version())
    for name in (f"{_plain(spec.figure)}.yaml", f"{spec.figure}.lock.json", _BASES):
        try:
            digest.update(hashlib.sha256((poses_dir / name).read_bytes()).digest())
        except FileNotFoundError:
            if name.endswith(".lock.json"):
                raise StaleLockError(
                    f"{spec.figure}: no lock: `rueckgrat picture lock {spec.figure}`, then look at it"
                ) from None
            raise UnknownFigureError(f"no figure {spec.figure!r}") from None
    digest.update(f"{spec.figure}|{spec.level}|{spec.form}|{spec.theme}".encode())
    return digest.hexdigest()


def _plain(figure: str) -> str:
    """A figure's name, never a path."""
    if not _NAME.fullmatch(figure):
        raise UnknownFigureError(f"no figure {figure!r}")
    return figure


@cache
def _code_version() -> bytes:
    """The drawing code itself, so that nobody has to remember to count up a version."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.digest()


def _draw_in_worker(poses_dir: Path, spec: PictureSpec) -> Picture:
    """Only our own exceptions leave: unpickling a foreign one would load its library in the main process."""
    try:
        return draw(poses_dir, spec)
    except (UnknownFigureError, PoseFileError, StaleLockError):
        raise
    except Exception as error:  # noqa: BLE001 - see above
        raise DrawingError(f"{type(error).__name__}: {error}") from None


def _step_back(nicer: int) -> None:
    """Drawing gives way to the conversation, and does not outlive it: a SIGKILL tells its children nothing."""
    os.nice(nicer)
    threading.Thread(target=_end_with_parent, daemon=True, name="parent").start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)


def _end_workers(pool: ProcessPoolExecutor) -> None:
    """A drawing under way is dropped: under load its end could take longer than a stop may."""
    if sys.version_info >= (3, 14):
        pool.kill_workers()
        return
    # The same by hand: before 3.14 the executor has no public way. None before the first and after the last drawing.
    for process in list((pool._processes or {}).values()):  # noqa: SLF001 - see above
        process.kill()


class Studio:
    """Draws each picture once, hands it out from then on. Use as an async context manager.

    Films take many seconds, all else less than one: they have processes of their own, so that no still, chart or file
    stands behind a film.
    """

    def __init__(self, poses_dir: Path, cache_dir: Path, workers: int = 1) -> None:
        self._poses_dir = poses_dir
        self._cache_dir = cache_dir
        self._workers = workers
        self._pools: dict[bool, ProcessPoolExecutor] = {}  # by whether they draw films
        self._drawing: dict[str, asyncio.Task[Picture]] = {}
        self._at_hand: dict[str, Picture] = {}
        self._secret = secrets.token_bytes(32)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def digest(self, spec: PictureSpec) -> str:
        """Key of the finished picture, known without drawing it. Raises UnknownFigureError, StaleLockError.

        A member's own picture gets a key that nobody can work out from its values: few numbers are soon guessed.
        """
        if spec.own:
            told = f"{spec.figure}|{spec.theme}|{spec.own}".encode()
            return hmac.digest(self._secret, told, "sha256").hex()
        return content_digest(self._poses_dir, spec)

    async def picture(self, spec: PictureSpec) -> Picture:
        """From disk, or drawn now. Raises UnknownFigureError, PoseFileError, StaleLockError, DrawingError."""
        key = self.digest(spec)
        if spec.form == "paper":
            return replace(await self._draw_once_again_if_broken(spec), digest=key)
        kept = self._at_hand.get(key) if spec.own else shelf.find(self._cache_dir, key)
        if kept is not None:
            return kept
        if key not in self._drawing:
            task = asyncio.create_task(self._draw_own(spec, key) if spec.own else self._draw_and_keep(spec))
            self._drawing[key] = task
            task.add_done_callback(lambda _: self._drawing.pop(key, None))
        # Whoever stops waiting does not stop the others' picture.
        return await asyncio.shield(self._drawing[key])

    async def aclose(self) -> None:
        """Finish nothing, start nothing more."""
        for task in tuple(self._drawing.values()):
            task.cancel()
        self._at_hand.clear()
        pools, self._pools = list(self._pools.values()), {}
        for pool in pools:
            _end_workers(pool)
        for pool in pools:
            await asyncio.to_thread(pool.shutdown, wait=True, cancel_futures=True)

    async def _draw_and_keep(self, spec: PictureSpec) -> Picture:
        picture = await self._draw_once_again_if_broken(spec)
        try:
            await asyncio.to_thread(shelf.keep, self._cache_dir, picture)
        except OSError as error:  # a full disk: it is drawn, so it is shown
            _log.warning("a picture is not kept", extra={"action": "picture-unkept", "error": type(error).__name__})
        return picture

    async def _draw_own(self, spec: PictureSpec, key: str) -> Picture:
        """For a minute it is at hand, in memory only: whoever could not wait comes again, and a group is many."""
        picture = replace(await self._draw_once_again_if_broken(spec), digest=key)
        if len(self._at_hand) < MOST_AT_HAND:
            self._at_hand[key] = picture
            asyncio.get_running_loop().call_later(AT_HAND_S, self._at_hand.pop, key, None)
        return picture

    async def _draw_once_again_if_broken(self, spec: PictureSpec) -> Picture:
        films = spec.form == "clip"
        pool = self._open_pool(films=films)
        try:
            return await self._draw_in(pool, spec)
        except BrokenProcessPool:
            # A worker was killed. Others may have replaced the pool already.
            if self._pools.get(films) is pool:
                del self._pools[films]
            pool.shutdown(wait=False)
            return await self._draw_in(self._open_pool(films=films), spec)

    async def _draw_in(self, pool: ProcessPoolExecutor, spec: PictureSpec) -> Picture:
        return await asyncio.get_running_loop().run_in_executor(pool, _draw_in_worker, self._poses_dir, spec)

    def _open_pool(self, *, films: bool) -> ProcessPoolExecutor:
        if films not in self._pools:
            # Spawned, not forked: a fork would copy the event loop and its sockets.
            spawn = multiprocessing.get_context("spawn")
            nicer = FILMS_STEP_BACK if films else STEP_BACK
            self._pools[films] = ProcessPoolExecutor(
                self._workers, mp_context=spawn, initializer=_step_back, initargs=(nicer,)
            )
        return self._pools[films]
