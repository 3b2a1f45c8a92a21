"""Cross-signing: the coach's account vouches for its own device, since clients leave other devices out (MSC4153).

Three Ed25519 keys: the master key says who the account is, the self-signing key signs its devices, the user-signing
key would sign other people. Their seeds are made once and kept; losing them would make the account a new identity.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from Crypto.Cipher import AES
from Crypto.PublicKey import ECC
from Crypto.Signature import eddsa

from bot.channels.matrix.wire import Wire, WireError

PARTS = ("master", "self_signing", "user_signing")
_NOTE = "de.rueckgrat.identity"
_UNSIGNED = {"signatures", "unsigned"}
_NONCE = 12
_TAG = 16


@dataclass(frozen=True, slots=True)
class Seeds:
    """The three private keys, 32 bytes each, by part."""

    parts: Mapping[str, bytes]

    @classmethod
    def make(cls) -> "Seeds":
        return cls({part: ECC.generate(curve="Ed25519").seed for part in PARTS})

    def public(self, part: str) -> str:
        return unpadded(_key(self.parts[part]).public_key().export_key(format="raw"))

    def sign(self, part: str, thing: Mapping[str, Any]) -> str:
        bare = {name: value for name, value in thing.items() if name not in _UNSIGNED}
        return unpadded(eddsa.new(_key(self.parts[part]), "rfc8032").sign(canonical(bare)))

    def sealed(self, secret: bytes) -> bytes:
        cipher = AES.new(secret, AES.MODE_GCM, nonce=None, mac_len=_TAG)
        words = json.dumps({part: seed.hex() for part, seed in self.parts.items()}).encode()
        body, tag = cipher.encrypt_and_digest(words)
        return bytes([len(cipher.nonce)]) + cipher.nonce + tag + body

    @classmethod
    def opened(cls, sealed: bytes, secret: bytes) -> "Seeds":
        """Raises `ValueError` when the secret does not fit."""
        size = sealed[0] if sealed else 0
        nonce, tag, body = sealed[1 : 1 + size], sealed[1 + size : 1 + size + _TAG], sealed[1 + size + _TAG :]
        words = AES.new(secret, AES.MODE_GCM, nonce=nonce, mac_len=_TAG).decrypt_and_verify(body, tag)
        return cls({part: bytes.fromhex(seed) for part, seed in json.loads(words).items()})


@dataclass(frozen=True, slots=True)
class Identity:
    """What the homeserver knows of the account: its master key, and whether our device is signed by it."""

    master: str | None
    device_known: str | None  # the device's Ed25519 key
    device_signed: bool


async def identity_of(wire: Wire, user: str, device: str) -> Identity:
    """Raises `WireError`."""
    found = await wire.post("keys/query", {"device_keys": {user: []}})
    master = _only_key(_at(found, "master_keys", user, "keys"))
    self_signing = _only_key(_at(found, "self_signing_keys", user, "keys"))
    shown = _at(found, "device_keys", user, device)
    known = _at(shown, "keys").get(f"ed25519:{device}")
    signatures = _at(shown, "signatures", user)
    return Identity(
        master=master,
        device_known=known if isinstance(known, str) else None,
        device_signed=self_signing is not None and f"ed25519:{self_signing}" in signatures,
    )


async def ours_of(wire: Wire, user: str) -> str | None:
    """The master key that a coach published last from this account, whatever has become of its seeds.

    Raises `WireError`.
    """
    try:
        found = await wire.get(_noted(user))
    except WireError as error:
        if error.status == 404:
            return None
        raise
    master = found.get("master")
    return master if isinstance(master, str) else None


async def note_ours(wire: Wire, user: str, seeds: Seeds) -> None:
    """At the account itself, which outlives the folder. Raises `WireError`."""
    await wire.put(_noted(user), {"master": seeds.public("master")})


def _noted(user: str) -> str:
    return f"user/{quote(user, safe='')}/account_data/{_NOTE}"


async def publish(wire: Wire, user: str, seeds: Seeds, password: str | None) -> None:
    """Upload the three public keys. The first time no password is asked for (MSC3967). Raises `WireError`."""
    master = _public(user, seeds, "master")
    keys: dict[str, Any] = {"master_key": master}
    for part in ("self_signing", "user_signing"):
        key = _public(user, seeds, part)
        keys[f"{part}_key"] = key | {
            "signatures": {user: {f"ed25519:{seeds.public('master')}": seeds.sign("master", key)}}
        }
    try:
        await wire.post("keys/device_signing/upload", keys)
    except WireError as error:
        session = error.body.get("session")
        if error.status != 401 or password is None or not isinstance(session, str):
            raise
        proof = {"type": "m.login.password", "identifier": {"type": "m.id.user", "user": user}, "password": password}
        await wire.post("keys/device_signing/upload", keys | {"auth": proof | {"session": session}})


async def sign_device(wire: Wire, user: str, device: str, seeds: Seeds) -> None:
    """Vouch for the device as the homeserver shows it. Raises `WireError`."""
    found = await wire.post("keys/query", {"device_keys": {user: []}})
    shown = {name: value for name, value in _at(found, "device_keys", user, device).items() if name != "unsigned"}
    mine = {f"ed25519:{seeds.public('self_signing')}": seeds.sign("self_signing", shown)}
    signed = shown | {"signatures": {user: {**_at(shown, "signatures", user), **mine}}}
    answer = await wire.post("keys/signatures/upload", {user: {device: signed}})
    if _at(answer, "failures"):
        raise WireError(400, {"errcode": "M_INVALID_SIGNATURE"})


def canonical(thing: object) -> bytes:
    return json.dumps(thing, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def unpadded(raw: bytes) -> str:
    return base64.b64encode(raw).decode().rstrip("=")


def _key(seed: bytes) -> Any:
    return ECC.construct(curve="Ed25519", seed=seed)


def _public(user: str, seeds: Seeds, part: str) -> dict[str, Any]:
    public = seeds.public(part)
    return {"user_id": user, "usage": [part], "keys": {f"ed25519:{public}": public}}


def _at(thing: object, *path: str) -> dict[str, Any]:
    for name in path:
        thing = thing.get(name) if isinstance(thing, dict) else None
    return thing if isinstance(thing, dict) else {}


def _only_key(keys: Mapping[str, Any]) -> str | None:
    found = next(iter(keys.values()), None)
    return found if isinstance(found, str) else None
