"""A start loads nothing that its settings do not ask for: platforms' libraries take a second and forty megabytes."""

import subprocess
import sys
from pathlib import Path

PLATFORMS = {"telegram", "aiohttp", "httpx", "nio", "starlette", "uvicorn"}
OTHERS = {"alembic", "asyncpg", "babel", "numpy", "PIL", "fpdf"}


def test_the_parts_that_every_start_needs_load_no_platform() -> None:
    code = "import sys, bot.cli, bot.runtime.lifecycle; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2], timeout=60,
    )  # fmt: skip
    assert not (PLATFORMS | OTHERS) & set(done.stdout.split())
