"""Opens the channels that the settings ask for, and the HTTP front they share. What is not asked for is not loaded."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.channels.channel import Channel
from bot.dialogue.doors import NO_DOORS, Doors
from bot.runtime.demo import TimeControl
from bot.runtime.doors import doors_of
from bot.runtime.kitting import Kitted
from bot.runtime.metrics import Metrics
from bot.runtime.pictures import DrawnPictures
from bot.settings import Settings
from bot.store.store import Store

if TYPE_CHECKING:  # platforms take memory and time to load
    from starlette.applications import Starlette
    from starlette.routing import BaseRoute

    from bot.channels.matrix.channel import MatrixChannel
    from bot.channels.web.channel import WebChannel
    from bot.channels.web.file import WebFile
    from bot.runtime.filelock import FileLock
    from bot.runtime.http import Front

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Opened:
    """Channels and front of this process. `wake` is set by the lifecycle once there is a worker to wake."""

    metrics: Metrics
    channels: list[Channel] = field(default_factory=list)
    matrix: "MatrixChannel | None" = None
    matrix_keys: "FileLock | None" = None
    web: "WebChannel | None" = None
    web_file: "WebFile | None" = None
    front: "Front | None" = None
    app: "Starlette | None" = None
    metrics_front: "Front | None" = None
    metrics_app: "Starlette | None" = None
    address: str = ""
    doors: Doors = NO_DOORS
    time_control: TimeControl | None = None
    missing: Callable[[], list[str]] = lambda: ["start"]  # the parts that do not run; the lifecycle knows them

    async def aclose(self) -> None:
        for front in (self.front, self.metrics_front):
            if front is not None:
                front.close()
        if self.web_file is not None:
            await self.web_file.aclose()
        if self.matrix_keys is not None:
            self.matrix_keys.release()


async def open_channels(
    settings: Settings,
    kitted: Kitted,
    store: Store,
    pictures: DrawnPictures,
    roles: frozenset[str],
    now: Callable[[], int],
    *,
    new_bot: bool,
) -> Opened:
    """Open what settings and roles ask for. Nothing receives yet; what is open is closed again if the rest fails."""
    opened = Opened(metrics=Metrics())
    try:
        await _open_all(opened, settings, kitted, store, pictures, roles, now, new_bot=new_bot)
    except BaseException:
        for channel in opened.channels:
            await channel.aclose()
        await opened.aclose()
        raise
    return opened


async def _open_all(
    opened: Opened,
    settings: Settings,
    kitted: Kitted,
    store: Store,
    pictures: DrawnPictures,
    roles: frozenset[str],
    now: Callable[[], int],
    *,
    new_bot: bool,
) -> None:
    routes: list[BaseRoute] = []
    if settings.telegram_token is not None and "telegram" in roles:
        from bot.runtime.telegram import open_telegram  # noqa: PLC0415  Telegram's library takes memory and time to load

        telegram, webhook = await open_telegram(settings, kitted, store, pictures, new_bot=new_bot)
        opened.channels.append(telegram)
        routes.extend(webhook)
    if settings.has_matrix and "matrix" in roles:
        from bot.runtime.matrix import open_matrix, take_keys  # noqa: PLC0415  encryption takes memory and time to load

        opened.matrix_keys = await take_keys(settings)
        opened.matrix = await open_matrix(settings, kitted, store, pictures, now)
        opened.channels.append(opened.matrix)
    wants_web = settings.serves_web and "web" in roles
    if wants_web or routes or settings.web_port is not None or settings.metrics_port is not None:
        from bot.runtime.serving import open_fronts  # noqa: PLC0415  servers take memory and time to load

        await open_fronts(opened, settings, kitted, store, pictures, routes, now, wants_web=wants_web)
    opened.doors = await doors_of(settings, store)
