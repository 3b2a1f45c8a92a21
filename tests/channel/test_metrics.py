"""What the coach counts can be read from outside, on a port of its own."""

import asyncio
from pathlib import Path

import aiohttp
import pytest

from bot.runtime.failures import CannotStartError
from bot.runtime.lifecycle import open_coach
from bot.runtime.metrics import Metrics
from tests.channel.running import ALL_ROLES, running, settings_for


def test_the_text_format_names_every_counter_and_its_kind() -> None:
    metrics = Metrics()
    metrics.count("turns", 3)
    metrics.count("sends.dropped-late")

    assert metrics.exposition() == (
        "# TYPE rueckgrat_up gauge\nrueckgrat_up 1\n"
        "# TYPE rueckgrat_sends_dropped_late_total counter\nrueckgrat_sends_dropped_late_total 1\n"
        "# TYPE rueckgrat_turns_total counter\nrueckgrat_turns_total 3\n"
    )


async def _fetched(port: int) -> tuple[int, str, str]:
    """As soon as somebody listens there."""
    async with asyncio.timeout(20), aiohttp.ClientSession() as http:
        while True:
            try:
                async with http.get(f"http://127.0.0.1:{port}/metrics") as answer:
                    return answer.status, answer.headers["content-type"], await answer.text()
            except aiohttp.ClientConnectorError:
                await asyncio.sleep(0.02)


async def test_a_scraper_reads_what_was_counted(tmp_path: Path) -> None:
    async with running(settings_for(tmp_path, web_port=0, metrics_port=0)) as coach:
        coach.metrics.count("events_set_aside")
        front = coach.opened.metrics_front
        assert front is not None
        status, kind, words = await _fetched(front.port)
        assert status == 200
        assert kind.startswith("text/plain; version=0.0.4")
        assert "rueckgrat_events_set_aside_total 1\n" in words
        assert coach.opened.front is not None
        assert (await _fetched(coach.opened.front.port))[0] == 404

        taken = settings_for(tmp_path / "other", web_port=0, metrics_port=front.port)
        with pytest.raises(CannotStartError, match="RUECKGRAT_METRICS_PORT"):
            await open_coach(taken, ALL_ROLES)
