"""What this process serves over HTTP: the web chat, webhooks, steps and health; counters on a port of their own."""

from collections.abc import Callable, Sequence
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot.channels.web.app import web_app
from bot.channels.web.channel import WebChannel, WebSettings
from bot.channels.web.file import WebFile
from bot.channels.web.origins import Origins
from bot.channels.web.session import SqliteKeys
from bot.channels.web.transcript import SqliteTranscript
from bot.dialogue.failures import StoreAwayError
from bot.dialogue.kit import numbers_of
from bot.runtime.demo import TimeControl
from bot.runtime.failures import CannotStartError
from bot.runtime.http import Front, health_routes, metrics_route, steps_route
from bot.runtime.kitting import Kitted
from bot.runtime.opening import Opened
from bot.runtime.pictures import DrawnPictures
from bot.runtime.reporting import PaperMaker
from bot.runtime.step_door import StepDoor
from bot.settings import Settings
from bot.store.store import Store

DEFAULT_PORT = 8080


async def open_fronts(
    opened: Opened,
    settings: Settings,
    kitted: Kitted,
    store: Store,
    pictures: DrawnPictures,
    routes: Sequence[BaseRoute],
    now: Callable[[], int],
    *,
    wants_web: bool,
) -> None:
    """`routes`: the webhooks. Raises `PortTakenError`."""
    if settings.metrics_port is not None:
        opened.metrics_front = Front(settings.web_host, settings.metrics_port, "METRICS_PORT")
        opened.metrics_app = Starlette(routes=[metrics_route(opened.metrics)])
    if not (wants_web or routes or settings.web_port is not None):
        return
    health = health_routes(lambda: _missing(store, opened))
    routes = [*health, *routes, steps_route(StepDoor(store, now).take)]
    opened.front = Front(settings.web_host, DEFAULT_PORT if settings.web_port is None else settings.web_port)
    if wants_web:
        await _open_web(opened, opened.front, settings, kitted, store, pictures, routes, now)
    else:
        opened.app = Starlette(routes=routes)


async def _open_web(
    opened: Opened,
    front: Front,
    settings: Settings,
    kitted: Kitted,
    store: Store,
    pictures: DrawnPictures,
    routes: Sequence[BaseRoute],
    now: Callable[[], int],
) -> None:
    control = TimeControl(store=store, now=now, on_posted=lambda: None) if settings.is_demo else None
    file = opened.web_file = await _open_file(settings)
    opened.web = WebChannel(
        transcript=await SqliteTranscript.open(file, now),
        keys=await SqliteKeys.open(file),
        pictures=pictures,
        settings=web_settings(settings, kitted, front.port),
        clock=control.clock if control else lambda _: now(),
        demo=control is not None,
        on_time=control.move if control else None,
        papers=PaperMaker.of_all(store, kitted.kit, pictures, now).at,
    )
    opened.time_control = control
    opened.channels.append(opened.web)
    opened.app = web_app(opened.web, extra_routes=routes)
    opened.address = settings.web_origin or f"http://127.0.0.1:{front.port}/"


def web_settings(settings: Settings, kitted: Kitted, port: int) -> WebSettings:
    return WebSettings(
        origins=Origins([settings.web_origin]) if settings.web_origin else Origins.loopback(port),
        emergency_text=kitted.static_help,
        emergency_number=numbers_of(kitted.kit).emergency,
        names_emergency=kitted.calls_for_help,
        default_language=settings.default_locale,
    )


async def _open_file(settings: Settings) -> WebFile:
    """Raises `CannotStartError` if the web chat's own file cannot be used."""
    try:
        path = transcript_path(settings)
        return await WebFile.open(path)
    except (OSError, StoreAwayError) as error:
        raise CannotStartError(f"the web chat's file beside the database cannot be used: {error}") from None


def transcript_path(settings: Settings) -> Path:
    """Beside the embedded database; with PostgreSQL below `var`."""
    database = settings.sqlite_path
    folder = database.parent if database is not None else Path("var")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / "web-transcript.db"


async def _missing(store: Store, opened: Opened) -> list[str]:
    try:
        await store.ping()
    except Exception as error:  # noqa: BLE001  whatever it is, we are not ready
        return [f"database ({type(error).__name__})", *opened.missing()]
    return opened.missing()
