"""The coach's Matrix account on this machine: logged in once, restored ever after. Files are 0600 in a 0700 folder.

A new login is a new device with new keys, so it happens only at the first start and when the keys are lost. Keys that
do not belong to the device the homeserver knows would make every message unreadable: that is noticed here.
"""

import asyncio
import json
import logging
import os
import secrets
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from nio import AsyncClientConfig
from nio.store import SqliteStore

from bot.channels.channel import NotSentError, RetryLaterError, TokenRefusedError
from bot.channels.matrix.client import CoachClient
from bot.channels.matrix.errors import (
    SERVER_PAUSE_S,
    UNREACHED,
    http_status,
    is_error,
    is_limited,
    is_token_refused,
    wait_of,
)
from bot.channels.matrix.pulse import Pulse, count_there
from bot.channels.matrix.signing import (
    Identity,
    Seeds,
    identity_of,
    note_ours,
    ours_of,
    publish,
    sign_device,
)
from bot.channels.matrix.wire import Wire, WireError

log = logging.getLogger(__name__)

DEVICE_NAME = "Rückgrat"
REQUEST_S = 30
VOUCH_AGAIN_S = (5.0, 60.0, 600.0, 3600.0)
_LOGIN, _KEY, _SEEDS = "login.json", "key", "cross-signing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What the settings say. Either a password, or a token together with its device."""

    homeserver: str
    user: str
    store: Path
    password: str | None = None
    token: str | None = None
    device: str | None = None


@dataclass(frozen=True, slots=True)
class Login:
    """What the homeserver gave at the first login. `key`: the device's public one, once known; `count`: see `pulse`."""

    user: str
    device: str
    token: str
    key: str = ""
    count: int = 0


@dataclass(slots=True)
class KeyRing:
    """The folder that must be backed up together with the database."""

    folder: Path

    def make(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.chmod(0o700)

    def login(self) -> Login | None:
        text = self._read(_LOGIN)
        try:
            return None if text is None else Login(**json.loads(text))
        except (ValueError, TypeError):
            return None

    def keep_login(self, login: Login) -> None:
        self._write(_LOGIN, json.dumps(asdict(login)).encode())

    def secret(self) -> bytes:
        """Encrypts the key store and the seeds; made at the first start."""
        known = self._read(_KEY)
        if known is None:
            known = secrets.token_hex(32).encode()
            self._write(_KEY, known)
        return bytes.fromhex(known.decode().strip())

    def seeds(self) -> Seeds | None:
        sealed = self._read(_SEEDS)
        try:
            return None if sealed is None else Seeds.opened(sealed, self.secret())
        except (ValueError, IndexError):
            log.exception("the cross-signing keys cannot be read", extra={"action": "matrix-seeds"})
            return None

    def keep_seeds(self, seeds: Seeds) -> None:
        self._write(_SEEDS, seeds.sealed(self.secret()))

    def has_keys(self, login: Login) -> bool:
        """Nio keeps one file an account and device."""
        return (self.folder / f"{login.user}_{login.device}.db").exists()

    def _read(self, name: str) -> bytes | None:
        try:
            return (self.folder / name).read_bytes()
        except FileNotFoundError:
            return None

    def _write(self, name: str, body: bytes) -> None:
        """Whole or not at all."""
        fresh = self.folder / f".{name}.new"
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.folder / name)


def new_client(access: Access, ring: KeyRing) -> Any:
    """Nio's client with the defaults changed that lose things: its waits without end, its known pickle key."""
    config = AsyncClientConfig(
        store=SqliteStore,
        pickle_key=ring.secret().hex(),
        store_sync_tokens=False,
        encryption_enabled=True,
        max_limit_exceeded=0,
        max_timeouts=0,
        request_timeout=REQUEST_S,
    )
    return CoachClient(access.homeserver, access.user, store_path=str(ring.folder), config=config)


async def open_account(access: Access) -> Any:
    """A client that is logged in, has its keys, and a device the account vouches for.

    Raises `TokenRefusedError` with one line, or `RetryLaterError` or `NotSentError` when the homeserver is away.
    """
    ring = KeyRing(access.store)
    ring.make()
    client = new_client(access, ring)
    try:
        login = _known_login(access, ring)
        if login is None:
            login = await _first_login(client, access, ring)
        await _restore(client, login, access, ring)
        client.is_vouched_for = await _vouch(client, ring, access.password)
    except UNREACHED:
        await close_account(client)
        raise NotSentError from None
    except BaseException:
        await close_account(client)
        raise
    return client


async def keep_vouching(client: Any, access: Access) -> None:
    """Until the account vouches for its device: clients leave other devices out, so a passing refusal must pass."""
    tries = 0
    while not client.is_vouched_for:
        await asyncio.sleep(VOUCH_AGAIN_S[min(tries, len(VOUCH_AGAIN_S) - 1)])
        tries += 1
        try:
            client.is_vouched_for = await _vouch(client, KeyRing(access.store), access.password)
        except (*UNREACHED, TokenRefusedError) as error:
            log.warning("the device is not cross-signed", extra={"action": "matrix-unsigned", "why": str(error)})


async def close_account(client: Any) -> None:
    await client.close()
    _close_keys(client)


def _open_keys(client: Any, login: Login) -> None:
    client.restore_login(login.user, login.device, login.token)
    Path(client.store.database_path).chmod(0o600)


def _close_keys(client: Any) -> None:
    if client.store is not None:
        client.store.database.close()


def _known_login(access: Access, ring: KeyRing) -> Login | None:
    """Yesterday's login; not that of another account or an older token."""
    login = ring.login()
    if login is None or login.user != access.user:
        return None
    given_anew = access.token is not None and (access.token, access.device) != (login.token, login.device)
    if given_anew:
        return None
    if not ring.has_keys(login):
        log.error("the Matrix keys are lost", extra={"action": "matrix-keys-lost", "device": login.device})
        return None
    return login


async def _first_login(client: Any, access: Access, ring: KeyRing) -> Login:
    if access.token is not None and access.device is not None:
        return Login(access.user, access.device, access.token)
    if access.password is None:
        raise TokenRefusedError(
            "RUECKGRAT_MATRIX_PASSWORD, or RUECKGRAT_MATRIX_TOKEN with RUECKGRAT_MATRIX_DEVICE, is needed to log in"
        )
    answer = await client.login(access.password, device_name=DEVICE_NAME)
    if is_error(answer):
        if is_limited(answer) or http_status(answer) >= 500:
            raise RetryLaterError(wait_of(answer), whole_platform=True)
        raise TokenRefusedError("RUECKGRAT_MATRIX_PASSWORD: the homeserver does not accept it for this user")
    login = Login(answer.user_id, answer.device_id, answer.access_token)
    ring.keep_login(login)
    log.info("logged in to Matrix as a new device", extra={"action": "matrix-login", "device": login.device})
    return login


async def _restore(client: Any, login: Login, access: Access, ring: KeyRing) -> None:
    """Load the keys and see that they are those of the device."""
    _open_keys(client, login)
    wire = Wire(client)
    try:
        who = await wire.get("account/whoami")
        identity = await identity_of(wire, login.user, login.device)
        there = await count_there(client)
    except WireError as error:
        if error.code == "M_UNKNOWN_TOKEN" and access.password is not None and access.token is None:
            await _replace_device(client, access, ring)
            return
        raise _start_error(error) from None
    if who.get("user_id") != login.user or who.get("device_id", login.device) != login.device:
        raise TokenRefusedError("RUECKGRAT_MATRIX_TOKEN belongs to another user or device than the settings say")
    if identity.device_known is not None and identity.device_known != own_key(client):
        if access.password is None or access.token is not None:
            raise TokenRefusedError(
                f"RUECKGRAT_MATRIX_STORE does not hold the keys of device {login.device}: "
                "bring the folder back, or log in anew and set the new token and device"
            )
        await _replace_device(client, access, ring)
        return
    if there > login.count:
        if access.password is None or access.token is not None:
            raise TokenRefusedError(
                f"RUECKGRAT_MATRIX_STORE holds keys that device {login.device} had before its last messages: "
                "bring the newest folder back, or log in anew and set the new token and device"
            )
        await _replace_device(client, access, ring)
        return
    ring.keep_login(replace(login, key=own_key(client)))


async def _replace_device(client: Any, access: Access, ring: KeyRing) -> None:
    """A new device can be read by new messages at once; what was sent to the old one stays unreadable."""
    log.error("the Matrix device is lost, logging in as a new one", extra={"action": "matrix-device-lost"})
    _close_keys(client)
    client.access_token, client.device_id = "", None
    client.olm = client.store = None
    login = await _first_login(client, access, ring)
    _open_keys(client, login)
    ring.keep_login(replace(login, key=own_key(client)))


def _start_error(error: WireError) -> Exception:
    if error.code in {"M_UNKNOWN_TOKEN", "M_MISSING_TOKEN", "M_USER_DEACTIVATED"}:
        return TokenRefusedError("the homeserver no longer accepts the Matrix login; see `rueckgrat doctor`")
    return RetryLaterError(SERVER_PAUSE_S, whole_platform=True)


def pulse_of(client: Any, access: Access) -> Pulse:
    """Of an account that is open."""
    ring = KeyRing(access.store)
    known = ring.login()

    def keep(count: int) -> None:
        login = ring.login()
        if login is not None:
            ring.keep_login(replace(login, count=count))

    return Pulse(client, 0 if known is None else known.count, keep)


def own_key(client: Any) -> str:
    found: str = client.olm.account.identity_keys["ed25519"]
    return found


async def _vouch(client: Any, ring: KeyRing, password: str | None) -> bool:
    """Publish device keys, and sign the device; false: it is to be tried again.

    A homeserver that will not have it is logged, never fatal.
    """
    if client.should_upload_keys:
        answer = await client.keys_upload()
        if is_token_refused(answer):
            raise TokenRefusedError("the homeserver no longer accepts the Matrix login; see `rueckgrat doctor`")
    wire, user, device = Wire(client), client.user_id, client.device_id
    try:
        identity = await identity_of(wire, user, device)
        seeds = ring.seeds() or await _new_seeds(wire, ring, identity, user)
        if seeds is None:
            return True  # nothing that another try would mend; the doctor names it
        if needs_publishing(identity, seeds):
            await publish(wire, user, seeds, password)
        if not identity.device_signed or needs_publishing(identity, seeds):
            await sign_device(wire, user, device, seeds)
        await note_ours(wire, user, seeds)
    except WireError as error:
        log.warning("the device is not cross-signed", extra={"action": "matrix-unsigned", "error": str(error)})
        return False
    return True


async def _new_seeds(wire: Wire, ring: KeyRing, identity: Identity, user: str) -> Seeds | None:
    """The first ones, or others for those that are lost. An identity that no coach has made is left to its owner."""
    if identity.master is not None:
        if identity.master != await ours_of(wire, user):
            log.warning("another device holds the account's cross-signing", extra={"action": "matrix-foreign"})
            return None
        log.error("the cross-signing keys are lost, the account gets new ones", extra={"action": "matrix-new-identity"})
    seeds = Seeds.make()
    ring.keep_seeds(seeds)  # before they are published: published keys without seeds would be lost
    return seeds


def needs_publishing(identity: Identity, seeds: Seeds) -> bool:
    return identity.master != seeds.public("master")
