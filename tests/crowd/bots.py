"""Bots as processes of their own: the coach as its operator would run it, and any other by its module."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Self

from tests.botapi.double import TOKEN

ROOT = Path(__file__).parents[2]
PAGE = os.sysconf("SC_PAGE_SIZE")
TICK = os.sysconf("SC_CLK_TCK")


class Bot:
    """One process. Its output goes to `log`, so that a failure can be read afterwards."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path) -> None:
        self._process = process
        self.log = log

    @classmethod
    async def start(cls, arguments: list[str], environment: Mapping[str, str], log: Path) -> Self:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("RUECKGRAT_")}
        with log.open("ab") as out:
            process = await asyncio.create_subprocess_exec(
                sys.executable, *arguments, cwd=ROOT, env=kept | dict(environment),
                stdin=asyncio.subprocess.DEVNULL, stdout=out, stderr=out,
            )  # fmt: skip
        return cls(process, log)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.returncode is None

    async def kill(self) -> None:
        """SIGKILL: no goodbye."""
        with suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()

    async def end(self, patience: float = 20.0) -> int:
        """SIGTERM; the exit code. Killed if it does not end in time, with the code of that."""
        with suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)
        return await self.ended(patience)

    async def ended(self, patience: float = 20.0) -> int:
        """Waits for it to end by itself."""
        try:
            async with asyncio.timeout(patience):
                return await self._process.wait()
        except TimeoutError:
            await self.kill()
            raise AssertionError(f"the process did not end in {patience} s; its output: {self.said()}") from None

    def said(self, most: int = 4000) -> str:
        return self.log.read_text(errors="replace")[-most:] if self.log.exists() else ""


def coach_settings(url: str, folder: Path, **more: str) -> dict[str, str]:
    """A fresh SQLite file in `folder`, Telegram only, no rate of our own."""
    settings = {
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_API_URL": url,
        "TELEGRAM_RATE": "0",
        "DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'r.db'}",
        "OPERATOR_NAME": "Praxis Probe",
        "OPERATOR_CONTACT": "probe@example.org",
        "CACHE": str(folder / "cache"),
        "LOG_LEVEL": "WARNING",
        "DRAW_AHEAD": "false",
    }
    return {f"RUECKGRAT_{name}": value for name, value in (settings | more).items()}


async def start_coach(url: str, folder: Path, **more: str) -> Bot:
    """`rueckgrat run`."""
    return await Bot.start(["-m", "bot", "run"], coach_settings(url, folder, **more), folder / "coach.log")


async def start_peer(name: str, url: str, folder: Path) -> Bot:
    """One of `tests.bench.peers`."""
    environment = {"BOT_TOKEN": TOKEN, "API_URL": url, "STATE": str(folder / f"{name}.pickle")}
    return await Bot.start(["-m", f"tests.bench.peers.{name}"], environment, folder / f"{name}.log")


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def resident_mb(pid: int) -> float:
    """Resident memory of a process (Linux)."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE / 1e6
