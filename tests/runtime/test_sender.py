"""The sender on a good day: order, priorities, edits, pace, and what it does while there is nothing to do."""

import asyncio

import pytest

from bot.channels.channel import Delivery
from bot.dialogue.messages import Kind, Priority
from bot.store.store import Store
from tests.runtime.outside import AT_ONCE, Room, ScriptedChannel, VirtualTime, message, prompt, states, write
from tests.store.given import ACCOUNT, CHANNEL, NOW, SECOND, at, known


async def test_each_address_gets_its_messages_in_order(
    store: Store, channel: ScriptedChannel, time: VirtualTime
) -> None:
    people = [f"p{n % 7}" for n in range(70)]
    await write(store, *(message(n, people[n]) for n in range(70)))

    await Room(store, channel, time).pass_time(5)

    for person in set(people):
        assert [one.row for one in channel.tries if one.room == person] == [n for n in range(70) if people[n] == person]
    assert {state for state, _ in (await states(store)).values()} == {"sent"}


async def test_emergencies_go_before_answers_before_prompts(
    store: Store, channel: ScriptedChannel, time: VirtualTime
) -> None:
    rows = [prompt(n, f"p{n}") for n in range(1, 31)]
    rows += [message(n, f"p{n}") for n in range(31, 61)]
    rows += [message(61, "p1", priority=Priority.EMERGENCY), message(62, "new", priority=Priority.EMERGENCY)]
    await write(store, *rows)

    await Room(store, channel, time, rate=25).pass_time(10)

    sent = channel.rows()
    assert sent[:2] == [61, 62]
    assert sent[2:32] == list(range(31, 61))
    assert sorted(sent[32:]) == list(range(1, 31))


async def test_an_edit_follows_what_it_edits_and_names_its_message(
    store: Store, channel: ScriptedChannel, time: VirtualTime
) -> None:
    await write(store, message(1), message(2, replaces=1), message(3, replaces=2), message(4, "ben", replaces=99))
    await write(store, message(5, "cem", replaces=98, only_edit=True))

    await Room(store, channel, time).pass_time(5)

    assert {one.row: one.edits for one in channel.tries} == {1: None, 2: "remote 1", 3: "remote 1", 4: None}
    assert (await states(store))[5] == ("dropped", "nothing to edit")


async def test_all_rooms_together_keep_the_rate(store: Store, channel: ScriptedChannel, time: VirtualTime) -> None:
    await write(store, *(prompt(n, f"p{n}") for n in range(150)))

    await Room(store, channel, time, rate=25).pass_time(60)

    assert len(channel.tries) == 150
    for one in channel.tries:
        within = [other for other in channel.tries if one.at <= other.at < one.at + 1]
        assert len(within) <= 25 + 17  # the first second has the burst
    assert channel.tries[-1].at >= (150 - 25) / 25


async def test_a_room_gets_three_at_once_and_then_one_a_second(
    store: Store, channel: ScriptedChannel, time: VirtualTime
) -> None:
    await write(store, *(message(n) for n in range(1, 7)), message(7, "ben"))

    await Room(store, channel, time, rate=25).pass_time(20)

    assert [one.row for one in channel.tries if one.at < 0.5] == [1, 7, 2, 3]
    assert [round(channel.times(n)[0]) for n in (4, 5, 6)] == [1, 2, 3]


async def test_an_emergency_does_not_wait_for_the_pace_of_its_room(
    store: Store, channel: ScriptedChannel, time: VirtualTime
) -> None:
    await write(store, *(message(n) for n in range(1, 7)))
    room = Room(store, channel, time, rate=25)
    time.after(0.5, lambda: write(store, message(9, priority=Priority.EMERGENCY)))

    await room.pass_time(20)

    assert channel.times(9)[0] < 1.0
    assert channel.rows().index(9) == 3
    assert channel.rows().count(9) == 1


@pytest.mark.any_words
async def test_a_group_is_paced_as_one_room_whoever_taps(
    store: Store, channel: ScriptedChannel, time: VirtualTime
) -> None:
    rows = [
        message(n, f"p{n}", address=at_group(f"p{n}"), priority=Priority.GROUP if n % 2 else Priority.ANSWER)
        for n in range(40)
    ]
    await write(store, *rows)

    await Room(store, channel, time, rate=25).pass_time(200)

    assert sorted(channel.rows()) == list(range(40))
    for one in channel.tries:
        assert len([other for other in channel.tries if one.at <= other.at < one.at + 60]) <= 24


def at_group(person: str) -> object:
    address = at(person, private=False)
    return type(address)(CHANNEL, ACCOUNT, person, "-100", False)


async def test_ten_thousand_prompts_do_not_stand_before_one_answer(
    store: Store, channel: ScriptedChannel, time: VirtualTime
) -> None:
    await write(store, *(prompt(n, f"p{n}") for n in range(10_000)))
    room = Room(store, channel, time, rate=25)
    wrote_at: list[tuple[float, int]] = []

    async def cry() -> None:
        wrote_at.append((time.seconds(), len(channel.tries)))
        await write(store, message(20_000, "p9999"), message(20_001, "p9998", priority=Priority.EMERGENCY))

    time.after(4, cry)
    await room.pass_time(6)

    moment, before = wrote_at[0]
    assert before > 90  # prompts had been flowing
    sent = channel.rows()
    assert sent.index(20_001) < sent.index(20_000) <= before + 2
    assert channel.times(20_000)[0] - moment < 1
    assert len(sent) < 25 * 6 + 25


async def test_prompts_that_hang_leave_room_for_answers_and_emergencies(
    store: Store, channel: ScriptedChannel, time: VirtualTime
) -> None:
    release = asyncio.Event()

    async def hang(delivery: Delivery) -> None:
        if delivery.message.id not in {60, 3000}:
            await release.wait()

    channel.script = hang
    await write(store, *(prompt(n, f"p{n}") for n in range(50)))
    room = Room(store, channel, time)
    time.after(2, lambda: write(store, message(60, "anna"), *(message(n, f"a{n}") for n in range(100, 150))))
    time.after(5, lambda: write(store, message(3000, "ben", priority=Priority.EMERGENCY)))
    time.after(8, release.set)
    await room.pass_time(30)

    assert channel.times(60)[0] < 5
    assert channel.times(3000)[0] < 8
    assert channel.most_open <= AT_ONCE
    assert sorted(channel.delivered) == [*range(50), 60, *range(100, 150), 3000]


async def test_with_nothing_to_send_it_rests(store: Store, channel: ScriptedChannel, time: VirtualTime) -> None:
    await write(store, message(1, not_before=NOW + 30 * SECOND))

    await Room(store, channel, time, rate=25).pass_time(60)

    assert time.waits < 70
    assert 30 <= channel.times(1)[0] <= 31


async def test_it_wakes_when_told(store: Store, channel: ScriptedChannel, time: VirtualTime) -> None:
    room = Room(store, channel, time)
    sender = room.sender()

    async def turn() -> None:
        await write(store, message(1))
        sender.wake()

    time.after(10.25, turn)
    time.after(20, sender.stop)
    await sender.run()

    assert channel.times(1) == [10.25]


async def test_a_graceful_end_writes_the_receipts_of_what_is_open(
    store: Store, channel: ScriptedChannel, time: VirtualTime
) -> None:
    release = asyncio.Event()

    async def slow(_delivery: Delivery) -> None:
        await release.wait()

    channel.script = slow
    await write(store, *(message(n, f"p{n}") for n in range(40)))
    sender = Room(store, channel, time).sender()
    running = asyncio.create_task(sender.run())
    await channel.full.wait()
    sender.stop()
    release.set()
    await running

    sent = [row for row, (state, _) in (await states(store)).items() if state == "sent"]
    assert sent == sorted(channel.delivered)
    assert len(channel.tries) <= AT_ONCE
    assert await store.waiting_sends(CHANNEL, ACCOUNT) == 40 - len(sent)


async def test_a_second_channel_is_not_held_up_by_the_first(store: Store, time: VirtualTime) -> None:
    first, second = ScriptedChannel(time), ScriptedChannel(time, name="matrix")
    stuck = asyncio.Event()

    async def hang(_delivery: Delivery) -> None:
        await stuck.wait()

    first.script = hang
    address = at("ben")
    elsewhere = type(address)("matrix", ACCOUNT, "ben", "ben")
    await write(store, *(message(n, f"p{n}") for n in range(40)), message(99, address=elsewhere))
    sender = Room(store, first, time).sender()
    running = asyncio.create_task(sender.run())
    await first.full.wait()

    await Room(store, second, time).pass_time(1)
    assert second.delivered == [99]
    stuck.set()
    sender.stop()
    await running


@pytest.mark.parametrize("kind", [Kind.EXERCISE, Kind.SESSION, Kind.PLAN, Kind.DESK_BREAK, Kind.CHALLENGE, Kind.CARD])
async def test_a_locked_member_gets_nothing_that_is_forbidden_though_the_sender_was_down_for_hours(
    store: Store, channel: ScriptedChannel, time: VirtualTime, kind: Kind
) -> None:
    rows = (
        message(1, kind=kind.value),
        prompt(2, kind=kind.value),
        message(3, kind=Kind.EMERGENCY.value, priority=Priority.EMERGENCY),
        message(4),
        message(5, replaces=1, kind=kind.value),
    )
    await known(store, sends=rows, lock="urgent")  # the rows came into the outbox past the lock's own cancelling
    time.shift = 5 * 3600 * SECOND

    await Room(store, channel, time).pass_time(5)

    assert channel.rows() == [3, 4]
    found = await states(store)
    assert {found[row] for row in (1, 2, 5)} == {("dropped", "locked")}


async def test_a_lock_that_this_code_cannot_read_forbids_all_that_can_be_forbidden(
    store: Store, channel: ScriptedChannel, time: VirtualTime
) -> None:
    await known(store, sends=(message(1, kind="exercise"), message(2), prompt(3, kind="card")), lock="of newer code")

    await Room(store, channel, time).pass_time(5)

    assert channel.rows() == [2]


@pytest.mark.parametrize("status", ["paused", "left"])
async def test_who_paused_or_left_gets_answers_and_safety_questions_but_no_prompts(
    store: Store, channel: ScriptedChannel, time: VirtualTime, status: str
) -> None:
    safety = prompt(3, kind=Kind.EMERGENCY.value)
    await known(store, sends=(message(1), prompt(2), safety), status=status)

    await Room(store, channel, time).pass_time(5)

    assert channel.rows() == [1, 3]
    assert (await states(store))[2] == ("dropped", status)


async def test_an_expired_prompt_does_not_leave(store: Store, channel: ScriptedChannel, time: VirtualTime) -> None:
    await write(store, prompt(1, expires=NOW + 7200 * SECOND), message(2, "ben"))
    time.shift = 3 * 3600 * SECOND

    await Room(store, channel, time).pass_time(5)

    assert channel.rows() == [2]
