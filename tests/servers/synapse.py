"""A throwaway Synapse for tests: a child process of ours on the loopback address, SQLite in a temporary folder.

It is run, never imported. No limits unless a test sets them; no federation, no other server is ever asked.
"""

import asyncio
import base64
import hashlib
import hmac
import importlib.util
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

TIMELINE = 20  # messages of a room that one sync tells; 100 is usual, and its gap is the same
START_S = 60.0
STOP_S = 15.0
_NO_LIMIT = {"per_second": 10_000, "burst_count": 10_000}
_LIMITS: dict[str, Any] = {
    **dict.fromkeys(("rc_message", "rc_registration", "rc_joins_per_room", "rc_room_creation"), _NO_LIMIT),
    **dict.fromkeys(("rc_admin_redaction", "rc_key_requests", "rc_media_create"), _NO_LIMIT),
    "rc_login": dict.fromkeys(("address", "account", "failed_attempts"), _NO_LIMIT),
    "rc_joins": dict.fromkeys(("local", "remote"), _NO_LIMIT),
    "rc_invites": dict.fromkeys(("per_room", "per_user", "per_issuer"), _NO_LIMIT),
}


@dataclass(frozen=True, slots=True)
class Account:
    """A registered account with its first device."""

    user: str
    password: str
    token: str
    device: str


def is_there() -> bool:
    return importlib.util.find_spec("synapse") is not None


class Synapse:
    """`start` and `stop` as often as wanted: what it knows stays."""

    def __init__(self) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="synapse-"))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self._secret = secrets.token_hex(16)
        self._process: subprocess.Popen[bytes] | None = None
        self._admin: Account | None = None
        self._people = 0
        self._write_config()

    def _write_config(self) -> None:
        listener = {
            "port": self.port,
            "bind_addresses": ["127.0.0.1"],
            "type": "http",
            "tls": False,
            "resources": [{"names": ["client", "media"], "compress": False}],
        }
        config = {
            "server_name": "localhost",
            "pid_file": str(self.root / "pid"),
            "public_baseurl": f"{self.url}/",
            "serve_server_wellknown": False,
            "listeners": [listener],
            "database": {"name": "sqlite3", "args": {"database": str(self.root / "synapse.db")}},
            "media_store_path": str(self.root / "media"),
            "signing_key_path": str(self.root / "signing.key"),
            "log_config": str(self.root / "log.json"),
            "registration_shared_secret": self._secret,
            "macaroon_secret_key": secrets.token_hex(16),
            "form_secret": secrets.token_hex(16),
            "report_stats": False,
            "trusted_key_servers": [],
            "suppress_key_server_warning": True,
            "federation_domain_whitelist": [],
            "url_preview_enabled": False,
            "presence": {"enabled": False},
            # What no test asks for, and what every event would be worked on for.
            "stats": {"enabled": False},
            "user_directory": {"enabled": False},
            "push": {"enabled": False},
            **dict.fromkeys(("update_user_directory_from_worker", "notify_appservices_from_worker"), "nobody"),
            "gc_thresholds": [20_000, 20, 50],
            "bcrypt_rounds": 4,
            "max_upload_size": "50M",
            "filter_timeline_limit": TIMELINE,
            "caches": {"sync_response_cache_duration": "0s"},
            **_LIMITS,
        }
        log = {
            "version": 1,
            "disable_existing_loggers": False,
            "handlers": {"file": {"class": "logging.FileHandler", "filename": str(self.root / "synapse.log")}},
            "root": {"level": "WARNING", "handlers": ["file"]},
        }
        key = base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")
        (self.root / "config.json").write_text(json.dumps(config))  # JSON is YAML too
        (self.root / "log.json").write_text(json.dumps(log))
        (self.root / "signing.key").write_text(f"ed25519 a_test {key}\n")

    async def start(self) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SYNAPSE")}
        with (self.root / "stdout").open("ab") as out:
            self._process = subprocess.Popen(  # noqa: ASYNC220  it is only started here, and waited for below
                [sys.executable, "-m", "synapse.app.homeserver", "-c", str(self.root / "config.json")],
                cwd=self.root,
                env=environment,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        async with asyncio.timeout(START_S), aiohttp.ClientSession() as session:
            while not await self._answers(session):
                if self._process.poll() is not None:
                    raise RuntimeError((self.root / "stdout").read_text()[-3000:])
                await asyncio.sleep(0.02)

    async def _answers(self, session: aiohttp.ClientSession) -> bool:
        try:
            async with session.get(f"{self.url}/_matrix/client/versions") as answer:
                return answer.status == 200
        except (aiohttp.ClientError, OSError):
            return False

    def stop(self) -> None:
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.root, ignore_errors=True)

    async def person(self, name: str, *, admin: bool = False) -> Account:
        """A new account; the name gets a number, so that tests do not meet."""
        self._people += 1
        return await self._register(f"{name}{self._people}", admin=admin)

    async def another_device(self, account: Account) -> Account:
        """The account, logged in once more."""
        who = {"type": "m.login.password", "identifier": {"type": "m.id.user", "user": account.user}}
        url, body = f"{self.url}/_matrix/client/v3/login", who | {"password": account.password}
        async with aiohttp.ClientSession(raise_for_status=True) as session, session.post(url, json=body) as answer:
            made = await answer.json()
        return Account(account.user, account.password, made["access_token"], made["device_id"])

    async def limit(self, account: Account, *, per_second: int, burst: int) -> None:
        """Real refusals with `M_LIMIT_EXCEEDED`, for this account only."""
        await self._as_admin(
            "POST",
            f"users/{account.user}/override_ratelimit",
            {"messages_per_second": per_second, "burst_count": burst},
        )

    async def _as_admin(self, method: str, path: str, body: dict[str, Any]) -> None:
        if self._admin is None:
            self._admin = await self._register("admin", admin=True)
        headers = {"Authorization": f"Bearer {self._admin.token}"}
        url = f"{self.url}/_synapse/admin/v1/{path}"
        async with aiohttp.ClientSession(headers=headers) as session, session.request(method, url, json=body) as answer:
            answer.raise_for_status()

    async def _register(self, name: str, *, admin: bool) -> Account:
        url, password = f"{self.url}/_synapse/admin/v1/register", "a-password"
        async with aiohttp.ClientSession(raise_for_status=True) as session:
            async with session.get(url) as answer:
                nonce = (await answer.json())["nonce"]
            parts = [nonce, name, password, "admin" if admin else "notadmin"]
            mac = hmac.new(self._secret.encode(), "\0".join(parts).encode(), hashlib.sha1).hexdigest()
            body = {"nonce": nonce, "username": name, "password": password, "admin": admin, "mac": mac}
            async with session.post(url, json=body) as answer:
                made = await answer.json()
        return Account(made["user_id"], password, made["access_token"], made["device_id"])
