"""The coach is killed again and again while hundreds of people talk to it: nothing is lost, nothing runs twice."""

from pathlib import Path

import pytest

from tests.crowd.bots import start_coach
from tests.crowd.remote import RemoteCrowd
from tests.crowd.storm import PLACE, Part, storm

HURRIED = 10  # turns of somebody who reads no list and is asked line by line
WHOLE = 15  # turns from hello to the end of the first session
PARTS = [
    Part(people=100, manner="tap", turns=HURRIED),
    Part(people=90, manner="typed", turns=HURRIED),
    Part(people=40, manner="tap", turns=WHOLE, reads=6.8, closes=True),
]
KILLS = 4
MOST_REPEATED = 30  # a kill: the contract; sends under way are at most 28


async def test_a_coach_that_is_killed_again_and_again_loses_nothing_and_repeats_little(tmp_path: Path) -> None:
    async with RemoteCrowd.spawn() as crowd:
        outcome = await storm(crowd, tmp_path, PARTS, kills=KILLS, seed=20261124)

    assert outcome.people == 230
    assert outcome.lost == {}
    assert outcome.wrong == []
    assert max(outcome.repeated_by_kill) <= MOST_REPEATED, outcome.repeated_by_kill
    assert outcome.repeated_by_kill[0] == 0  # before the first one


@pytest.mark.slow
async def test_a_coach_that_is_asked_to_end_repeats_nothing(tmp_path: Path) -> None:
    parts = [Part(people=30, manner="tap", turns=HURRIED), Part(people=30, manner="typed", turns=HURRIED)]
    async with RemoteCrowd.spawn() as crowd:
        outcome = await storm(crowd, tmp_path, parts, kills=2, seed=7, gently=True)

    assert outcome.lost == {}
    assert outcome.wrong == []
    assert outcome.repeated == 0


async def test_what_came_while_the_coach_was_away_is_answered_at_once(tmp_path: Path) -> None:
    async with RemoteCrowd.spawn() as crowd:
        people = (await crowd.tell("come", people=150, manner="tap", turns=2))["people"]
        coach = await start_coach(crowd.url, tmp_path, DATA_PLACE=PLACE)
        try:
            found = await crowd.tell("until_done", timeout=30)
        finally:
            assert await coach.end() == 0, coach.said()

    assert len(people) == 150
    assert found["unanswered"] == {}
