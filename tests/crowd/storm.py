"""SIGKILL at random moments while a crowd talks; what the crowd and the database say afterwards."""

import json
import random
import re
import sqlite3
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.crowd.bots import Bot, start_coach
from tests.crowd.expected import Conversation, conversation, without_repeats
from tests.crowd.manners import Manner
from tests.crowd.remote import RemoteCrowd

PATIENCE = 60.0  # seconds; generous, since a test must not fail because a machine is busy
NOTHING, LINE_ANSWER, TOO_FAST = "Nein, nichts davon", "Nein", "Das ging sehr schnell"
PLACE = "in Freiburg"  # the operator's words in the expected conversation are those of tests.dialogue.room


@dataclass(frozen=True, slots=True)
class Part:
    """So many people of a crowd with one habit."""

    people: int
    manner: Manner
    turns: int
    reads: float = 0.0
    closes: bool = False


@dataclass(slots=True)
class Outcome:
    """`lost`: people who wait in vain, with the turns they had. `wrong`: what is not as it must be, by person.

    `killed`: when each kill was, `repeats`: when each message came that was sent again, both by the same clock.
    """

    kills: int
    people: int
    turns: int
    lost: dict[str, int]
    killed: list[float] = field(default_factory=list)
    repeats: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def repeated(self) -> int:
        return len(self.repeats)

    @property
    def repeated_by_kill(self) -> list[int]:
        """How many came behind each kill, and before the next."""
        times = Counter(bisect_right(self.killed, at) for at in self.repeats)
        return [times[number] for number in range(len(self.killed) + 1)]


async def storm(
    crowd: RemoteCrowd, folder: Path, parts: list[Part], *, kills: int, seed: int, gently: bool = False
) -> Outcome:
    """Everybody begins to talk; the coach is killed `kills` times, mid-work, and started again at once.

    `gently`: it is asked to end instead.
    """
    chance = random.Random(seed)
    people: dict[str, Part] = {}
    killed: list[float] = []
    coach = await start_coach(crowd.url, folder, DATA_PLACE=PLACE)
    try:
        for part in parts:
            wish = {"manner": part.manner, "turns": part.turns, "reads": part.reads, "closes": part.closes}
            came = await crowd.tell("come", people=part.people, **wish)
            people |= {str(number): part for number in came["people"]}
        total = sum(part.people * part.turns for part in parts)
        for _ in range(kills):
            await _reach(crowd, coach, chance, total // (kills + 2))
            if gently:
                assert await coach.end() == 0, coach.said()
            else:
                await coach.kill()
            killed.append(time.monotonic())
            coach = await start_coach(crowd.url, folder, DATA_PLACE=PLACE)
        found = await crowd.tell("until_done", timeout=PATIENCE)
        assert coach.running, coach.said()
        assert await coach.end() == 0, coach.said()
    finally:
        await coach.kill()
    outcome = Outcome(kills=kills, people=len(people), turns=found["turns"], lost=found["unanswered"])
    outcome.killed = killed
    talks = (await crowd.tell("transcripts"))["talks"]
    _judge(outcome, people, talks, folder / "r.db")
    return outcome


async def _reach(crowd: RemoteCrowd, coach: Bot, chance: random.Random, share: int) -> None:
    """Lets it work for a random number of turns, and into the midst of the next ones."""
    done = (await crowd.tell("reach", turns=0, timeout=0))["turns"]
    wanted = done + 1 + chance.randrange(share // 2, share)
    reached = await crowd.tell("reach", turns=wanted, timeout=PATIENCE, jitter=chance.uniform(0, 0.03))
    assert reached["turns"] >= wanted, f"the coach answers no more: {coach.said()}"


def _judge(outcome: Outcome, people: dict[str, Part], talks: dict[str, Any], database: Path) -> None:
    """Compares every conversation, document and journal with what the answers lead to."""
    with sqlite3.connect(database) as connection:
        stored = _stored(connection)
        waiting = connection.execute("SELECT count(*) FROM inbox WHERE settled = 0 OR error <> ''").fetchone()[0]
        # A picture that was not drawn in time follows its message by an edit, behind all else.
        query = "SELECT state, reason, count(*) FROM outbox WHERE state <> 'sent' AND NOT (only_edit AND priority = 2)"
        unsent = connection.execute(f"{query} GROUP BY state, reason").fetchall()
    if waiting or unsent:
        outcome.wrong.append(f"{waiting} events wait or are dead, messages that are not sent: {unsent}")
    for number, part in people.items():
        document, facts = stored.get(number, ({}, []))
        outcome.repeats += _judge_one(outcome.wrong, number, part, talks[number], (document, facts))


def _stored(connection: sqlite3.Connection) -> dict[str, tuple[dict[str, Any], list[tuple[str, bytes]]]]:
    """Person → document and journal."""
    found: dict[str, tuple[dict[str, Any], list[tuple[str, bytes]]]] = {}
    members = connection.execute("SELECT person, member.id, document FROM member JOIN address ON member_id = member.id")
    for person, member, document in members.fetchall():
        facts = connection.execute("SELECT kind, body FROM journal WHERE member_id = ? ORDER BY id", (member,))
        found[person] = (json.loads(document or b"{}"), facts.fetchall())
    return found


def _judge_one(wrong: list[str], number: str, part: Part, talk: dict[str, Any], stored: Any) -> list[float]:
    """Adds what is wrong with one person's conversation; when its repeated messages came."""
    document, facts = stored
    answers = (document.get("open") or {}).get("answers", [])
    expected = conversation(part.manner, part.turns, _hasty(talk))
    shown = [message for message in talk["chat"] if message["by"] == "bot"]
    posted, repeated = without_repeats([message["posted"] for message in shown])
    checks = {
        "said": (talk["said"], list(expected.said)),
        "posted": (_timeless(posted), _timeless(expected.posted)),
        "final": (_timeless(_latest(shown)), _timeless(expected.final)),
        "logged": ([(a["question"], a["value"]) for a in answers], list(expected.logged)),
        "facts": (Counter(kind for kind, _ in facts), Counter(expected.facts)),
    }
    wrong.extend(f"{number} {name}: {_difference(*pair)}" for name, pair in checks.items() if pair[0] != pair[1])
    return [shown[place]["at"] for place in repeated]


def _timeless(texts: Sequence[str]) -> list[str]:
    """Without the wall clock: the coach says what time it is at the member's."""
    return [re.sub(r"ist es jetzt \d\d:\d\d", "ist es jetzt", text) for text in texts]


def _hasty(talk: dict[str, Any]) -> tuple[bool, ...]:
    """For each list whether it was taken as answered too fast: the coach then asks line by line."""
    said, slowed = talk["said"], sum(TOO_FAST in message["posted"] for message in talk["chat"])
    places = [place for place, line in enumerate(said) if line == NOTHING]
    known = [place + 1 < len(said) and said[place + 1] == LINE_ANSWER for place in places]
    if places and places[-1] == len(said) - 1:  # her last answer: only what came then can tell
        known[-1] = slowed > sum(known)
    return tuple(known)


def _latest(shown: list[dict[str, Any]]) -> list[str]:
    """How the messages read in the end; of a repeated one the last copy, which is the one that is edited."""
    pairs = zip(shown, [*shown[1:], None], strict=True)
    return [this["text"] for this, following in pairs if following is None or following["posted"] != this["posted"]]


def _difference(found: Any, wanted: Any) -> str:
    if not isinstance(found, list):
        return f"{found} instead of {wanted}"
    at = next((i for i, (a, b) in enumerate(zip(found, wanted, strict=False)) if a != b), min(len(found), len(wanted)))
    return (
        f"{len(found)} instead of {len(wanted)}, first at {at}: {found[at : at + 1]} instead of {wanted[at : at + 1]}"
    )


__all__ = ["Conversation", "Outcome", "Part", "storm"]
