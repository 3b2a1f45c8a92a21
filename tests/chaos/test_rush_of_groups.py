"""Fifty people in each of two hundred groups tap within the same minute, and the coach is killed in the middle of it.

Every tap is counted once; a card is edited at most every four seconds, and all of them at the rate Telegram allows.
With `-s` it says how long the rush took and after how many seconds the last tap stood on every card: what a machine
does is measured (see ARCHITECTURE.md), and asserted in virtual time only (`tests/runtime/test_rush_in_time`).
"""

import asyncio
import re
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from bot.channels.wall_clock import now_us
from bot.store.store import Store
from tests.botapi import BotApi
from tests.botapi.groups import Group
from tests.botapi.limits import Limits
from tests.botapi.people import Person
from tests.crowd.bots import start_coach
from tests.crowd.gathering import begin_rounds

GROUPS, PEOPLE = 200, 50
CHUNKS = 40  # one a second
KILLED_AFTER = 20
PATIENCE_S = 240  # generous: a test must not fail because a machine is busy
PACE_S, SLEW_S = 4.0, 0.02
TOO_MANY = 429  # over all, or in one group: the double counts as Telegram tells it
MOVED = re.compile(r"Heute bewegt: (\d+)")


def people(double: BotApi, group: int) -> list[Person]:
    """Nobody is in two groups: all ten thousand are new to the coach."""
    return [double.person(1_000 * group + place) for place in range(PEOPLE)]


async def prepared(folder: Path, account: str, groups: list[Group]) -> None:
    """A round in each group, in the file in which the coach will find it."""
    store = await Store.open(f"sqlite+aiosqlite:///{folder / 'r.db'}")
    await store.migrate()
    now = now_us()
    await store.node("test", now)
    await begin_rounds(store, account, [group.id for group in groups], now)
    await store.aclose()


def card(group: Group) -> str:
    return next((message.text for message in group.messages if message.buttons), "")


async def all_show(groups: list[Group], words: str) -> None:
    missing = list(groups)

    def shown() -> bool:
        missing[:] = [group for group in missing if words not in card(group)]
        return not missing

    await groups[0].world.changed.until(shown, PATIENCE_S)
    assert not missing, (len(missing), card(missing[0]))


@pytest.mark.slow
async def test_ten_thousand_taps_in_a_minute_and_a_kill(tmp_path: Path) -> None:
    async with await BotApi.start(verdicts=False, limits=Limits()) as double:
        groups = [double.group(people(double, number), kind="supergroup") for number in range(1, GROUPS + 1)]
        await prepared(tmp_path, str(double.world.bot["id"]), groups)
        coach = await start_coach(double.url, tmp_path, TELEGRAM_RATE="25")
        try:
            await all_show(groups, "Ab vier Leuten")
            taps = [(group.members[place], group) for place in range(PEOPLE) for group in groups]
            each = len(taps) // CHUNKS
            begun = last = time.monotonic()
            for chunk in range(CHUNKS):
                await _tapped(taps[chunk * each : (chunk + 1) * each])
                if chunk == KILLED_AFTER:
                    await coach.kill()
                    coach = await start_coach(double.url, tmp_path, TELEGRAM_RATE="25")
                last = time.monotonic()
                await asyncio.sleep(1)
            await all_show(groups, f"Heute bewegt: {PEOPLE}\n")
            assert await coach.end() == 0, coach.said()
        finally:
            await coach.kill()
        for group in groups:
            _looks_right(group)
        assert not [call for call in double.counts if call[1] == TOO_MANY]
        print(_measured(groups, begun, last))  # noqa: T201  a number for whoever asks for it


async def _tapped(taps: list[tuple[Person, Group]]) -> None:
    for person, group in taps:
        message = next(message for message in group.messages if message.buttons)
        await person.tap(message, "Heute bewegt")


def _looks_right(group: Group) -> None:
    """As the platform wrote it down: one card, edited at the pace allowed, on which no number ever falls.

    An edit repeated after the kill says the same, and so is none. The coach counts four seconds from the platform's
    answer, so how fast either of them is plays no part; `SLEW_S` is between their clocks.
    """
    assert len([message for message in group.messages if message.buttons]) == 1
    (record,) = (record for record in group.chat.records.values() if "reply_markup" in record.wire)
    shown = [*record.earlier, record]
    gaps = [later.at - earlier.at for earlier, later in pairwise(shown)]
    assert [gap for gap in gaps if gap < PACE_S - SLEW_S] == []
    told = [int(found[1]) for each in shown if (found := MOVED.search(each.wire["text"]))]
    assert told == sorted(set(told))
    assert told[-1] == PEOPLE


def _measured(groups: list[Group], begun: float, last: float) -> str:
    """`begun`, `last`: when the first tap was made, and the last one, in seconds of the double's clock."""
    cards = [[*record.earlier, record] for group in groups for record in group.chat.records.values()]
    shown = [each.at for card in cards for each in card if f"Heute bewegt: {PEOPLE}\n" in each.wire.get("text", "")]
    edits = Counter(int(each.at) for card in cards for each in card if each.at > begun)
    return (
        f"{GROUPS * PEOPLE} taps in {last - begun:.1f} s, {edits.total()} edits, at most {max(edits.values())} in a "
        f"second, the last tap on every card {max(shown) - last:.1f} s later"
    )
