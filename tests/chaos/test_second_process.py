"""Two coaches on one file: the second ends with one clear line, the first goes on. Who lost a lease ends too."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.crowd.bots import Bot, coach_settings, start_coach
from tests.crowd.remote import RemoteCrowd


async def test_a_second_coach_on_the_same_file_ends_with_one_line(tmp_path: Path) -> None:
    async with RemoteCrowd.spawn() as crowd:
        first = await start_coach(crowd.url, tmp_path)
        try:
            await crowd.tell("come", people=1, turns=1)
            assert (await crowd.tell("until_done", timeout=20))["unanswered"] == {}, first.said()

            settings = coach_settings(crowd.url, tmp_path)
            second = await Bot.start(["-m", "bot", "run"], settings, tmp_path / "second.log")
            code = await second.ended(patience=20)

            lines = second.said().strip().splitlines()
            assert code != 0
            assert len(lines) == 1, lines
            assert "Traceback" not in lines[0]
            await crowd.tell("come", people=1, turns=1)
            assert (await crowd.tell("until_done", timeout=20))["unanswered"] == {}, first.said()
        finally:
            assert await first.end() == 0, first.said()


async def test_a_coach_whose_node_number_was_taken_ends_instead_of_making_the_same_ids(tmp_path: Path) -> None:
    async with RemoteCrowd.spawn() as crowd:
        coach = await start_coach(crowd.url, tmp_path)
        try:
            await crowd.tell("come", people=1, turns=1)
            assert (await crowd.tell("until_done", timeout=20))["unanswered"] == {}, coach.said()
            with closing(sqlite3.connect(tmp_path / "r.db", timeout=10, isolation_level=None)) as other:
                taken = other.execute("UPDATE lease SET owner = 'somebody else' WHERE name LIKE 'node:%'").rowcount
            assert taken == 1
            assert await coach.ended(patience=30) == 1
        finally:
            await coach.kill()
    assert "lease-lost" in coach.said()
