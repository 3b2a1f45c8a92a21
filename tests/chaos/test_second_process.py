"""Two coaches on one file: the second ends with one clear line, the first goes on. Who lost a lease ends too."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.crowd.bots import Bot, coach_settings, start_coach
from tests.crowd.remote import RemoteCrowd


async def test_a_second_coach_ends_with_one_line_and_the_first_when_its_node_number_is_taken(
    tmp_path: Path,
) -> None:
    async with RemoteCrowd.spawn() as crowd:
        first = await start_coach(crowd.url, tmp_path)

        async def answers_one_more() -> None:
            await crowd.tell("come", people=1, turns=1)
            assert (await crowd.tell("until_done", timeout=20))["unanswered"] == {}, first.said()

        try:
            await answers_one_more()

            settings = coach_settings(crowd.url, tmp_path)
            second = await Bot.start(["-m", "bot", "run"], settings, tmp_path / "second.log")
            code = await second.ended(patience=20)

            lines = second.said().strip().splitlines()
            assert code != 0
            assert len(lines) == 1, lines
            assert "Traceback" not in lines[0]
            await answers_one_more()
            assert first.running

            # It would go on making ids that somebody else makes too.
            with closing(sqlite3.connect(tmp_path / "r.db", timeout=10, isolation_level=None)) as other:
                taken = other.execute("UPDATE lease SET owner = 'somebody else' WHERE name LIKE 'node:%'").rowcount
            assert taken == 1
            assert await first.ended(patience=30) == 1
        finally:
            await first.kill()
    assert "lease-lost" in first.said()
