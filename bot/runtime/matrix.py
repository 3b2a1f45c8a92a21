"""Opens the Matrix account: settings into access, the store behind the channel, patience with the homeserver."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.channels.channel import NotSentError, RetryLaterError
from bot.channels.matrix.channel import Access, InvitePolicy, Lines, MatrixChannel, open_channel
from bot.dialogue.kit import numbers_of
from bot.runtime.failures import HomeserverAwayError
from bot.runtime.filelock import FileLock
from bot.runtime.kitting import Kitted
from bot.runtime.leadership import PATIENCE_S, AlreadyRunningError
from bot.runtime.media import StoredMedia
from bot.runtime.pictures import DrawnPictures
from bot.settings import Settings
from bot.store.store import Store

log = logging.getLogger(__name__)

TRIES = 6
LOOK_AGAIN_S = 0.5


@dataclass(slots=True)
class StoredHomes:
    """Where people live, in the store."""

    store: Store
    channel: str
    account: str

    async def moved_in(self, person: str, room: str) -> None:
        await self.store.person_moved(self.channel, self.account, person, room)

    async def rooms_of(self, person: str) -> list[str]:
        return await self.store.rooms_of(self.channel, self.account, person)

    async def language_of(self, people: list[str]) -> str | None:
        return await self.store.language_of(self.channel, self.account, people)


async def take_keys(settings: Settings) -> FileLock:
    """One process at a time on this folder: each key is told once, to whoever asks first with the device's name.

    Another one may be about to end. Raises `AlreadyRunningError`.
    """
    lock = FileLock(settings.matrix_store / "matrix.lock")
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            lock.take()
        except AlreadyRunningError:
            if time.monotonic() > until:
                raise
            await asyncio.sleep(LOOK_AGAIN_S)
        else:
            return lock


async def open_matrix(
    settings: Settings, kitted: Kitted, store: Store, pictures: DrawnPictures, now: Callable[[], int]
) -> MatrixChannel:
    """Raises `TokenRefusedError` or `HomeserverAwayError`."""
    access = access_of(settings)
    media = StoredMedia(store, channel=MatrixChannel.name, account=access.user)
    homes = StoredHomes(store, MatrixChannel.name, access.user)
    lines = own_lines(kitted)
    for attempt in range(TRIES):
        try:
            return await open_channel(
                access,
                pictures=pictures,
                media=media,
                homes=homes,
                lines=lines,
                policy=InvitePolicy.parse(settings.invite_policy),
                now=now,
            )
        except (RetryLaterError, NotSentError) as error:
            wait = max(2.0**attempt, error.after_s if isinstance(error, RetryLaterError) else 0.0)
            log.warning("the homeserver is not reached, trying again", extra={"action": "matrix-start", "s": wait})
            await asyncio.sleep(wait)
    raise HomeserverAwayError("RUECKGRAT_MATRIX_HOMESERVER does not answer")


def own_lines(kitted: Kitted) -> Lines:
    """What the channel says by itself; the operator's language first."""
    own, numbers = kitted.kit.operator.language, numbers_of(kitted.kit)
    catalogs = dict(sorted(kitted.kit.catalogs.items(), key=lambda each: (each[0] != own, each[0])))
    help_ = {"emergency": numbers.emergency, "crisis": numbers.crisis}
    return Lines(
        crowded={name: catalog.text("matrix/crowded") for name, catalog in catalogs.items()},
        plain={name: catalog.text("matrix/plain", help_) for name, catalog in catalogs.items()},
        beside={name: catalog.text("matrix/beside", help_) for name, catalog in catalogs.items()},
    )


def access_of(settings: Settings) -> Access:
    """The settings have been checked: a homeserver comes with a user."""
    assert settings.matrix_homeserver is not None  # noqa: S101  the caller has looked
    assert settings.matrix_user is not None  # noqa: S101  see above
    password, token = settings.matrix_password, settings.matrix_token
    return Access(
        homeserver=settings.matrix_homeserver,
        user=settings.matrix_user,
        store=settings.matrix_store,
        password=None if password is None else password.get_secret_value(),
        token=None if token is None else token.get_secret_value(),
        device=settings.matrix_device,
    )
