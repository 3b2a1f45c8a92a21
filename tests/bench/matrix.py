"""How many encrypted messages a second the Matrix channel sends, beside what the homeserver itself takes.

`python -m tests.bench.matrix`: one throwaway Synapse, ten rooms, both figures in one run and alternately, so that only
their ratio counts; the machine decides the rest. First messages of a room (keys handed out) are told apart. The
members' clients rest meanwhile. Beside it the processor time a message takes of the coach's own process.

`--rooms 200,2000`: instead, for so many people with an encrypted room of their own each: how long a coach in a process
of its own takes from its start until it can send, how large its first sync is, how much memory it holds, how long a
message takes through it and how much of its process's time. Making 2000 rooms takes about ten minutes.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import aiohttp

from bot.channels.matrix.receiving import FILTER
from bot.dialogue.events import TextReceived
from tests.channel.matrix.member import ENCRYPTED, MatrixMember
from tests.channel.matrix.parts import Coach, Seat, delivery
from tests.channel.telegram_parts import Inbox
from tests.crowd.bots import resident_mb
from tests.servers.synapse import Account, Synapse

ROOMS, ROUNDS, TURNS = 10, 3, 5
AT_ONCE = 8  # people who make an account and a room
MESSAGES = 20


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
                for member in members:
                    await member.falls_silent()
                ours, theirs, used = 0.0, 0.0, 0.0
                for turn in range(1, ROUNDS + 1):
                    began = time.process_time()
                    ours += await _through_the_coach(coach, seat, members, turn * 100, TURNS)
                    used += time.process_time() - began
                    theirs += await _past_the_coach(server, account, members, turn * 100, TURNS)
        sent = ROOMS * ROUNDS * TURNS
        sys.stdout.write(
            f"first messages {ROOMS / first:.0f}/s, encrypted {sent / ours:.0f}/s, "
            f"the homeserver alone, unencrypted {sent / theirs:.0f}/s: {theirs / ours:.0%} of its ceiling; "
            f"{used / sent * 1000:.1f} ms of the coach's processor time a message\n"
        )
    finally:
        for member in members:
            await member.aclose()
        server.remove()


@dataclass(frozen=True)
class Many:
    """What so many rooms cost. `own_s`: the coach's part of the way to `ready_s`; the rest is the homeserver's.

    `cpu_s`: for each message, the coach's side and the one member's who writes it.
    """

    ready_s: float
    own_s: float
    sync_mb: float
    held_mb: float
    joined_s: float
    heard_s: float
    cpu_s: float

    def __str__(self) -> str:
        return (
            f"ready after {self.ready_s:.1f} s, {self.own_s:.1f} s of it its own work; "
            f"first sync {self.sync_mb:.1f} MB, memory {self.held_mb:.0f} MB; "
            f"a new room in {self.joined_s * 1000:.0f} ms, a message in {self.heard_s * 1000:.0f} ms "
            f"and {self.cpu_s * 1000:.1f} ms of processor time\n"
        )


async def many_rooms(numbers: list[int]) -> None:
    server, made = Synapse(), 0
    try:
        await server.start()
        account = await server.person("coach")
        with tempfile.TemporaryDirectory() as folder:
            seat = Seat(server, account, Path(folder))
            for number in numbers:
                began = time.perf_counter()
                await _rooms(seat, made, number)
                sys.stdout.write(f"{number - made} rooms made in {time.perf_counter() - began:.0f} s\n")
                made = number
                with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as apart:
                    loop = asyncio.get_running_loop()
                    late = await server.person("late")
                    found = await loop.run_in_executor(apart, _measured, server.url, account, late, folder)
                sys.stdout.write(f"{number} rooms: {found}")
                sys.stdout.flush()
    finally:
        server.remove()


async def _rooms(seat: Seat, made: int, wanted: int) -> None:
    """One for each of so many new people; the coach joins them all."""
    waiting = asyncio.Semaphore(AT_ONCE)
    async with seat.taken() as coach, aiohttp.ClientSession(raise_for_status=True) as session:

        async def one() -> None:
            async with waiting:
                person = await seat.synapse.person("member")
                headers = {"Authorization": f"Bearer {person.token}"}
                room = {"is_direct": True, "invite": [seat.account.user], "initial_state": [ENCRYPTED]}
                url = f"{seat.synapse.url}/_matrix/client/v3/createRoom"
                async with session.post(url, json=room, headers=headers):
                    pass

        await asyncio.gather(*(one() for _ in range(wanted - made)))
        while len(coach.homes.moves) < wanted - made:  # noqa: ASYNC110  nobody tells when they are written
            await asyncio.sleep(0.5)


def _measured(url: str, account: Account, late: Account, folder: str) -> Many:
    """In a fresh process, whose memory is the coach's."""
    return asyncio.run(_measured_there(url, account, late, folder))


async def _measured_there(url: str, account: Account, late: Account, folder: str) -> Many:
    headers = {"Authorization": f"Bearer {account.token}"}
    query = {"filter": json.dumps(FILTER), "full_state": "true", "timeout": "0"}
    path = "/_matrix/client/v3/sync"
    async with aiohttp.ClientSession(url, headers=headers) as session, session.get(path, params=query) as answer:
        size = len(await answer.read())
    server = Synapse()  # never started: it stands for the one that runs
    server.url = url
    before, began, own = resident_mb(os.getpid()), time.perf_counter(), time.process_time()
    async with Seat(server, account, Path(folder)).taken() as coach:
        await coach.channel._sending.ready.wait()
        ready, held = time.perf_counter() - began, resident_mb(os.getpid()) - before
        own = time.process_time() - own
        await asyncio.sleep(5)  # keys are asked for, private rooms noted
        held = max(held, resident_mb(os.getpid()) - before)
        member = await MatrixMember.of(server, late)
        began = time.perf_counter()
        await member.invite(account.user)
        await coach.inbox.holds(1)
        joined = time.perf_counter() - began
        heard, used = [], time.process_time()
        for number in range(MESSAGES):
            began = time.perf_counter()
            await member.says(f"Nummer {number}")
            await coach.inbox.until(_has(TextReceived(text=f"Nummer {number}")))
            heard.append(time.perf_counter() - began)
        used = (time.process_time() - used) / MESSAGES
        await member.aclose()
    server.remove()
    return Many(ready, own, size / 1e6, held, joined, statistics.median(heard), used)


def _has(event: TextReceived) -> Callable[[Inbox], bool]:
    return lambda inbox: event in inbox.events


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
    parser.add_argument("--rooms", metavar="N,N", help="measure a coach with so many rooms")
    rooms = parser.parse_args().rooms
    asyncio.run(many_rooms([int(number) for number in rooms.split(",")]) if rooms else throughput())
