"""How many encrypted messages a second the Matrix channel sends, beside what the homeserver itself takes.

`python -m tests.bench.matrix`: one throwaway Synapse, ten rooms, both figures in one run and alternately, so that only
their ratio counts; the machine decides the rest. First messages of a room (keys handed out) are told apart.

`--rooms 1000`: instead, how long a coach with so many encrypted rooms takes from its start until it can send, how much
memory they hold, and how long one message takes through them.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import aiohttp

from bot.dialogue.events import TextReceived
from tests.channel.matrix.member import MatrixMember
from tests.channel.matrix.parts import Coach, Seat, delivery
from tests.channel.telegram_parts import Inbox
from tests.crowd.bots import resident_mb
from tests.servers.synapse import Account, Synapse

ROOMS, ROUNDS, TURNS = 10, 3, 5
MOST_AHEAD = 20  # invitations that may wait


async def throughput() -> None:
    server = Synapse()
    members: list[MatrixMember] = []
    try:
        await server.start()
        account = await server.person("coach")
        with tempfile.TemporaryDirectory() as folder:
            seat = Seat(server, account, Path(folder))
            async with seat.taken() as coach:
                for _ in range(ROOMS):
                    members.append(await MatrixMember.at(server, "member"))
                    await members[-1].invite(account.user)
                    await members[-1].coach_is_in(account.user)
                    await seat.inbox.holds(len(members))
                first = await _through_the_coach(coach, seat, members, 0, 1)
                ours, theirs = 0.0, 0.0
                for turn in range(1, ROUNDS + 1):
                    ours += await _through_the_coach(coach, seat, members, turn * 100, TURNS)
                    theirs += await _past_the_coach(server, account, members, turn * 100, TURNS)
        sent = ROOMS * ROUNDS * TURNS
        sys.stdout.write(
            f"first messages {ROOMS / first:.0f}/s, encrypted {sent / ours:.0f}/s, "
            f"the homeserver alone, unencrypted {sent / theirs:.0f}/s: {theirs / ours:.0%} of its ceiling\n"
        )
    finally:
        for member in members:
            await member.aclose()
        server.remove()


def _so_many(arrivals: int) -> Callable[[Inbox], bool]:
    return lambda inbox: len(inbox.arrivals) >= arrivals


async def many_rooms(count: int) -> None:
    server = Synapse()
    try:
        await server.start()
        account = await server.person("coach")
        with tempfile.TemporaryDirectory() as folder:
            seat = Seat(server, account, Path(folder))
            member = await MatrixMember.at(server, "member")
            async with seat.taken() as coach:
                for number in range(1, count + 1):
                    await member.invite(account.user)
                    await coach.inbox.until(_so_many(number - MOST_AHEAD))
                await coach.inbox.until(_so_many(count))
            before, began = resident_mb(os.getpid()), time.perf_counter()
            async with seat.taken() as coach:
                await coach.channel._sending.ready.wait()
                ready, held = time.perf_counter() - began, resident_mb(os.getpid()) - before
                began = time.perf_counter()
                await member.says("Ende")
                await coach.inbox.until(lambda inbox: inbox.events[-1] == TextReceived(text="Ende"))
                heard = time.perf_counter() - began
            await member.aclose()
        sys.stdout.write(
            f"{count} rooms: ready after {ready:.1f} s, {held:.0f} MB; a message in {heard * 1000:.0f} ms\n"
        )
    finally:
        server.remove()


async def _through_the_coach(coach: Coach, seat: Seat, members: list[MatrixMember], start: int, turns: int) -> float:
    """Seconds for so many messages in each room."""

    async def one(room: int, member: MatrixMember) -> None:
        for turn in range(turns):
            number = (start + turn + 1) * ROOMS + room
            await coach.channel.send(delivery(seat, member, "Guten Morgen", number=number))

    began = time.perf_counter()
    await asyncio.gather(*(one(room, member) for room, member in enumerate(members)))
    return time.perf_counter() - began


async def _past_the_coach(
    server: Synapse, account: Account, members: list[MatrixMember], start: int, turns: int
) -> float:
    """The same as plain requests: nothing encrypted, nothing looked at."""
    headers = {"Authorization": f"Bearer {account.token}"}
    async with aiohttp.ClientSession(headers=headers, raise_for_status=True) as session:

        async def one(member: MatrixMember) -> None:
            path = f"{server.url}/_matrix/client/v3/rooms/{quote(member.room)}/send/m.room.message"
            for turn in range(turns):
                body = {"msgtype": "m.text", "body": "Guten Morgen"}
                async with session.put(f"{path}/plain-{start + turn}", json=body):
                    pass

        began = time.perf_counter()
        await asyncio.gather(*(one(member) for member in members))
        return time.perf_counter() - began


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench.matrix", description=__doc__)
    parser.add_argument("--rooms", type=int, help="measure a coach with so many rooms")
    rooms = parser.parse_args().rooms
    asyncio.run(many_rooms(rooms) if rooms else throughput())
