"""The sender on bad days: what each refusal leads to, and that nothing is lost and no prompt comes twice."""

import asyncio
import sqlite3
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import pytest

from bot.channels.channel import (
    AmbiguousError,
    Delivery,
    EditGoneError,
    NotSentError,
    RefusedError,
    RetryLaterError,
    RoomMovedError,
    TokenRefusedError,
    UnreachableError,
)
from bot.dialogue.events import ReachChanged, SendRefused
from bot.dialogue.messages import Priority
from bot.dialogue.wire import decode_event
from bot.runtime.sender import Sender
from bot.store.store import Store
from tests.runtime.outside import AT_ONCE, Room, ScriptedChannel, VirtualTime, message, prompt, states, write
from tests.store.given import ACCOUNT, CHANNEL, DAY, HOUR, NOW, at, known, turn


async def test_a_room_that_was_refused_waits_and_the_others_go_on(
    store: Store, channel: ScriptedChannel, time: VirtualTime
) -> None:
    channel.faults[1] = [RetryLaterError(30)]
    emergency = message(9, priority=Priority.EMERGENCY)
    await write(store, message(1), message(2), *(message(n, f"p{n}") for n in range(10, 40)))
    time.after(5, lambda: write(store, emergency))

    await Room(store, channel, time, rate=25).pass_time(60)

    assert all(channel.times(n)[0] < 5 for n in range(10, 40))
    assert [one.row for one in channel.tries if one.room == "anna"] == [1, 9, 1, 2]
    assert 30 <= channel.times(9)[0] < 32  # the platform wants nothing there, not even this


async def test_a_second_refused_room_pauses_the_platform(
    store: Store, channel: ScriptedChannel, time: VirtualTime
) -> None:
    channel.faults = {1: [RetryLaterError(20)], 2: [RetryLaterError(20)]}
    await write(store, message(1, "anna"), message(2, "ben"))
    time.after(1, lambda: write(store, *(message(n, f"p{n}") for n in range(10, 30))))

    await Room(store, channel, time).pass_time(60)

    assert [one.at for one in channel.tries[:2]] == [0, 0]
    assert all(one.at >= 20 for one in channel.tries[2:])
    assert len(channel.delivered) == 22


async def test_rooms_that_nothing_can_go_to_yet_wait_in_their_order_and_hold_nobody_else_up(
    store: Store, channel: ScriptedChannel, time: VirtualTime
) -> None:
    channel.faults = {row: [RetryLaterError(20, only_here=True)] for row in (1, 2, 3)}
    await write(store, message(1, "anna"), message(2, "ben"), message(3, "carl"), message(4, "anna"))
    time.after(1, lambda: write(store, *(message(n, f"p{n}") for n in range(10, 30))))

    await Room(store, channel, time).pass_time(60)

    assert all(channel.times(n)[0] < 20 for n in range(10, 30))
    assert [one.row for one in channel.tries if one.room == "anna"] == [1, 1, 4]
    assert channel.times(1)[1] >= 20


async def test_a_prompt_that_was_refused_for_now_comes_once(
    store: Store, channel: ScriptedChannel, time: VirtualTime
) -> None:
    channel.faults = {1: [RetryLaterError(3), NotSentError()]}
    await write(store, prompt(1))

    await Room(store, channel, time).pass_time(60)

    assert channel.rows() == [1, 1, 1]
    assert channel.delivered == [1]


async def test_a_platform_that_says_zero_seconds_is_not_asked_in_a_hot_loop(
    store: Store, channel: ScriptedChannel, time: VirtualTime
) -> None:
    channel.faults = {1: [RetryLaterError(0) for _ in range(1000)]}
    await write(store, message(1))

    await Room(store, channel, time).pass_time(60)

    assert 50 <= len(channel.tries) <= 61


async def test_what_could_not_leave_is_tried_less_and_less_often(
    store: Store, channel: ScriptedChannel, time: VirtualTime
) -> None:
    channel.faults = {1: [NotSentError() for _ in range(9)]}
    await write(store, message(1, expires=NOW + DAY))

    await Room(store, channel, time).pass_time(400)

    times = channel.times(1)
    gaps = [round(later - earlier) for earlier, later in pairwise(times)]
    assert gaps[:6] == [1, 2, 4, 8, 16, 32]
    assert set(gaps[6:]) == {60}
    assert channel.delivered == [1]


async def test_while_a_platform_is_away_its_messages_are_not_tried_one_after_the_other(
    store: Store, channel: ScriptedChannel, time: VirtualTime
) -> None:
    away = True

    async def script(_delivery: Delivery) -> None:
        if away:
            raise NotSentError

    def back() -> None:
        nonlocal away
        away = False

    channel.script = script
    await write(store, *(message(n, f"p{n}") for n in range(500)))
    time.after(60, back)

    await Room(store, channel, time).pass_time(150)

    assert len([one for one in channel.tries if one.at < 60]) < 60 / 5 * AT_ONCE + 3 * AT_ONCE
    assert sorted(channel.delivered) == list(range(500))


async def test_after_silence_answers_are_sent_again_and_prompts_are_not(
    store: Store, channel: ScriptedChannel, time: VirtualTime
) -> None:
    channel.faults = {1: [AmbiguousError(), AmbiguousError()], 2: [AmbiguousError()]}
    await write(store, message(1, "anna"), prompt(2, "ben"), prompt(3, "ben"))

    await Room(store, channel, time).pass_time(60)

    assert (channel.rows().count(1), channel.rows().count(2), channel.rows().count(3)) == (3, 1, 1)
    assert await states(store) == {1: ("sent", ""), 2: ("unknown", "ambiguous"), 3: ("sent", "")}


async def test_who_blocked_the_coach_is_marked_by_an_event(
    store: Store, channel: ScriptedChannel, time: VirtualTime
) -> None:
    anna = await known(store, sends=(message(1),))
    channel.faults = {1: [UnreachableError()]}
    room = Room(store, channel, time)

    await room.pass_time(5)

    (claim,) = await turn(store)
    (happened,) = claim.events
    assert (claim.member, happened.address) == (anna, at("anna"))
    assert decode_event(happened.kind, happened.body) == ReachChanged(reachable=False)
    assert (await states(store))[1] == ("dropped", "unreachable")
    assert room.woken == 1


async def test_a_message_refused_for_good_returns_as_an_event(
    store: Store, channel: ScriptedChannel, time: VirtualTime
) -> None:
    anna = await known(store, sends=(message(1), message(2)))
    channel.faults = {1: [RefusedError("BadRequest")]}
    await write(store, message(3, "group", priority=Priority.GROUP))
    channel.faults[3] = [RefusedError("BadRequest")]  # belongs to nobody: no event

    await Room(store, channel, time).pass_time(5)

    (claim,) = await turn(store)
    assert claim.member == anna
    assert [decode_event(one.kind, one.body) for one in claim.events] == [SendRefused(row=1, reason="BadRequest")]
    assert channel.delivered == [2]


async def test_messages_follow_a_room_to_its_new_id(store: Store, channel: ScriptedChannel, time: VirtualTime) -> None:
    await known(store, sends=(message(1), prompt(2)))
    channel.faults = {1: [RoomMovedError("new")]}

    await Room(store, channel, time).pass_time(10)

    assert [(one.row, one.room) for one in channel.tries] == [(1, "anna"), (1, "new"), (2, "new")]
    assert channel.delivered == [1, 2]


async def test_a_room_that_moves_while_the_sender_ends_has_moved(
    store: Store, channel: ScriptedChannel, time: VirtualTime
) -> None:
    await known(store, sends=(message(1),))
    sender = Room(store, channel, time).sender()

    async def moved(_delivery: Delivery) -> None:
        sender.stop()
        raise RoomMovedError("new")

    channel.script = moved
    await sender.run()
    channel.script = None
    await Room(store, channel, time).pass_time(5)

    assert [one.room for one in channel.tries] == ["anna", "new"]


async def test_an_edit_that_is_too_late_is_sent_anew_unless_it_says_nothing_new(
    store: Store, channel: ScriptedChannel, time: VirtualTime
) -> None:
    channel.faults = {2: [EditGoneError()], 4: [EditGoneError()]}
    await write(
        store, message(1), message(2, replaces=1), message(3, "ben"), message(4, "ben", replaces=3, only_edit=True)
    )

    await Room(store, channel, time).pass_time(5)

    assert [(one.row, one.edits) for one in channel.tries if one.room == "anna"] == [
        (1, None), (2, "remote 1"), (2, None),
    ]  # fmt: skip
    assert channel.rows().count(4) == 1
    assert (await states(store))[4] == ("dropped", "edit gone")


async def test_a_damaged_message_and_one_that_breaks_the_channel_hold_nobody_up(
    store: Store, channel: ScriptedChannel, time: VirtualTime
) -> None:
    anna = await known(store, sends=(message(1, body=b"\xff{"), message(2), message(3)))
    channel.faults = {2: [ValueError("secret words")] * 9, 4: [KeyError("secret words")]}
    await write(store, prompt(4, "ben"), prompt(5, "ben"), message(6, "cem"))

    await Room(store, channel, time).pass_time(30)

    found = await states(store)
    assert found[1] == ("dropped", "damaged")
    assert found[2] == ("dropped", "ValueError")
    assert found[4] == ("unknown", "ambiguous")
    assert [channel.rows().count(n) for n in range(1, 7)] == [0, 3, 1, 1, 1, 1]
    (claim,) = await turn(store)
    assert (claim.member, [one.kind for one in claim.events]) == (anna, ["refused"])


async def test_a_refused_token_ends_the_sender_with_all_receipts_written(
    store: Store, channel: ScriptedChannel, time: VirtualTime
) -> None:
    channel.faults = {3: [TokenRefusedError("no")]}
    await write(store, message(1, "anna"), message(2, "ben"), prompt(3, "cem"), message(4, "ben"))
    room = Room(store, channel, time)

    with pytest.raises(TokenRefusedError):
        await room.sender().run()

    assert channel.rows() == [1, 2, 3]
    assert {row: state for row, (state, _) in (await states(store)).items()} == {
        1: "sent", 2: "sent", 3: "ready", 4: "ready",
    }  # fmt: skip

    await room.pass_time(5)  # with a new token
    assert channel.delivered == [1, 2, 4, 3]


async def crash(sender: Sender, running: asyncio.Task[None]) -> None:
    """The process is gone: nothing is settled, no answer of the platform is read."""
    tasks = [running, *(one.task for one in sender._open.values())]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@pytest.mark.parametrize("killed_at", [1, 2, 15, 37, 80, 119])
async def test_a_crash_repeats_no_prompt_and_only_the_answers_in_flight(
    store: Store, channel: ScriptedChannel, time: VirtualTime, killed_at: int
) -> None:
    people = [f"p{n}" for n in range(60)]
    rows = [message(n, person) for n, person in enumerate(people)]
    await write(store, *rows, *(prompt(100 + n, person) for n, person in enumerate(people)))
    over = asyncio.Event()

    async def until_killed(_delivery: Delivery) -> None:
        if len(channel.tries) >= killed_at:  # applied, but the answer never comes
            over.set()
            await asyncio.Event().wait()

    channel.script = until_killed
    sender = Room(store, channel, time).sender()
    running = asyncio.create_task(sender.run())
    await over.wait()
    await crash(sender, running)
    before = channel.rows()
    channel.script = None
    await Room(store, channel, time).pass_time(60)

    after = channel.rows()[len(before) :]
    repeated = [row for row in before if row in after]
    assert len(repeated) <= AT_ONCE
    assert all(row < 100 for row in repeated)
    assert len(after) == len(set(after))
    assert {row for row in [*before, *after] if row < 100} == set(range(60))
    given_up = {row for row, (state, _) in (await states(store)).items() if state == "unknown"}
    assert {row for row in [*before, *after] if row >= 100} | given_up == set(range(100, 160))
    assert len(given_up) <= AT_ONCE
    assert await store.waiting_sends(CHANNEL, ACCOUNT) == 0


@pytest.mark.parametrize("step", [-365 * DAY, -DAY, -HOUR, HOUR, DAY, 365 * DAY])
async def test_a_step_of_the_clock_repeats_nothing_and_stops_nothing(
    store: Store, channel: ScriptedChannel, time: VirtualTime, step: int
) -> None:
    lives = NOW + 400 * DAY
    channel.faults = {2: [RetryLaterError(5)]}
    await write(store, message(1, expires=lives), message(2, "ben", expires=lives), prompt(3, "cem", expires=lives))

    def jump() -> None:
        time.shift = step

    time.after(6, jump)
    time.after(7, lambda: write(store, prompt(4, expires=lives), message(5, "ben", expires=lives), now=time.now()))
    await Room(store, channel, time, rate=25).pass_time(20)

    assert sorted(channel.delivered) == [1, 2, 3, 4, 5]
    assert len(channel.tries) == 6
    assert all(channel.times(n)[0] < 9 for n in (4, 5))


async def test_a_store_that_is_away_is_waited_for_and_nothing_is_sent_twice(
    sqlite_url: str, channel: ScriptedChannel, time: VirtualTime
) -> None:
    store = await Store.open(sqlite_url)
    await store.node("test", NOW)
    path = Path(sqlite_url.removeprefix("sqlite+aiosqlite:///").partition("?")[0])
    other = sqlite3.connect(path, timeout=0, isolation_level=None)
    room = Room(store, channel, time)
    rows = [*(message(n, f"p{n}") for n in range(10)), *(prompt(n, f"p{n}") for n in range(10, 20)), message(20, "p0")]
    await write(store, *rows)

    async def lock_the_store(delivery: Delivery) -> None:
        if delivery.message.id == 0:  # the receipts of what is open cannot be written for a while
            while not other.in_transaction:  # the sender may be looking for more at this moment
                with suppress(sqlite3.OperationalError):
                    other.execute("BEGIN IMMEDIATE")
                await asyncio.sleep(0)
            time.after(10, lambda: other.execute("ROLLBACK"))

    channel.script = lock_the_store
    await room.pass_time(60)
    other.close()

    assert sorted(channel.rows()) == list(range(21))
    assert {state for state, _ in (await states(store)).values()} == {"sent"}
    assert 2 <= room.metrics.values()["sender_store_away"] <= 8
    await store.aclose()


async def test_prompts_of_a_dead_process_are_given_up_and_hold_nobody_back(
    store: Store, channel: ScriptedChannel, time: VirtualTime
) -> None:
    await write(store, prompt(1), prompt(2), message(3, "ben"))
    await store.claim_sends(CHANNEL, ACCOUNT, NOW, 16)  # marked, then the process died

    await Room(store, channel, time).pass_time(5)

    assert (await states(store))[1] == ("unknown", "restart")
    assert channel.delivered == [3, 2]


@pytest.mark.parametrize("remote", ["nul\0", "half \ud800"])
async def test_an_id_that_no_database_takes_holds_nobody_up(
    store: Store, channel: ScriptedChannel, time: VirtualTime, remote: str
) -> None:
    channel.remotes = {1: remote}
    await write(store, message(1, "anna"), message(2, "ben"), message(3, "anna"))

    await Room(store, channel, time).pass_time(5)

    assert sorted(channel.delivered) == [1, 2, 3]
    assert {state for state, _ in (await states(store)).values()} == {"sent"}
