"""What a message waits for before it leaves, and what may not leave any more once it is ready. In virtual time."""

import asyncio
from dataclasses import dataclass, field

import pytest
from sqlalchemy import update

from bot.channels.channel import Delivery, PictureFile
from bot.dialogue.messages import Form, Kind, Message, Picture, Priority
from bot.dialogue.wire import encode
from bot.runtime.fulfilling import LatePictures
from bot.store.rows import NewSend
from bot.store.schema import member
from bot.store.store import Store
from tests.runtime.outside import Room, ScriptedChannel, VirtualTime, message, prompt, states, write
from tests.store.given import NOW, known, turn, wrote

FILM = Picture(figure="bruecke", form=Form.CLIP)


@dataclass
class DrawingRoom:
    """Draws for as long as it takes."""

    drawn: asyncio.Event = field(default_factory=asyncio.Event)

    def digest(self, picture: Picture) -> str:
        return picture.figure

    async def finish(self, late: LatePictures) -> None:
        self.drawn.set()
        await asyncio.gather(*late._following)  # a database takes real time, of which virtual time knows nothing

    async def picture(self, picture: Picture) -> PictureFile:
        await self.drawn.wait()
        return PictureFile(data=b"", mime="video/mp4", width=1, height=1, digest=self.digest(picture))


async def locks(store: Store, number: int) -> None:
    async with store.database.write() as connection:
        await connection.execute(update(member).where(member.c.id == number).values(lock="crisis"))


async def test_an_emergency_passes_what_hangs_in_its_room_and_nothing_else_does(
    store: Store, channel: ScriptedChannel, time: VirtualTime
) -> None:
    release = asyncio.Event()

    async def hang(delivery: Delivery) -> None:
        if delivery.message.id == 1:
            await release.wait()

    channel.script = hang
    await write(store, message(1), message(2))
    urgent = [message(n, priority=Priority.EMERGENCY, kind=Kind.EMERGENCY.value) for n in (3, 4)]
    time.after(2, lambda: write(store, *urgent))
    time.after(9, release.set)
    await Room(store, channel, time).pass_time(30)

    assert [channel.times(row)[0] < 4 for row in (3, 4, 2)] == [True, True, False]
    assert channel.rows() == [1, 3, 4, 2]


@pytest.mark.parametrize("row", [message(1, kind=Kind.EXERCISE.value), prompt(1), prompt(1, kind=Kind.TALK.value)])
async def test_what_a_lock_forbids_is_called_off_though_it_was_being_made_ready(
    store: Store, channel: ScriptedChannel, time: VirtualTime, row: NewSend
) -> None:
    number = await known(store, sends=(row, message(2, "anna")))
    ready, left = asyncio.Event(), []

    async def draw(delivery: Delivery) -> None:
        if delivery.message.id == 1:
            await ready.wait()
        await delivery.look_again()
        left.append(delivery.message.id)

    async def alarm() -> None:
        await locks(store, number)
        ready.set()

    channel.script = draw
    time.after(3, alarm)
    await Room(store, channel, time).pass_time(30)

    assert left == [2]
    assert (await states(store))[1] == ("dropped", "locked")


async def test_a_message_that_was_cancelled_while_it_was_made_ready_does_not_leave(
    store: Store, channel: ScriptedChannel, time: VirtualTime
) -> None:
    await known(store, sends=(message(1, kind=Kind.EXERCISE.value),))
    ready, left = asyncio.Event(), []

    async def draw(delivery: Delivery) -> None:
        await ready.wait()
        await delivery.look_again()
        left.append(delivery.message.id)

    async def cancel() -> None:
        await store.receive([wrote("anna", "Stopp", "2")], now=NOW)
        await turn(store, cancel_sends=(Kind.EXERCISE.value,))
        ready.set()

    channel.script = draw
    time.after(3, cancel)
    await Room(store, channel, time).pass_time(30)

    assert left == []
    assert (await states(store))[1] == ("dropped", "cancelled")


def with_film(number: int) -> NewSend:
    body = encode(Message(id=number, text="So geht's", picture=FILM))
    return message(number, body=body, kind=Kind.EXERCISE.value)


async def test_a_film_follows_its_message_and_later_edits_name_the_message_as_it_is_then(
    store: Store, channel: ScriptedChannel, time: VirtualTime
) -> None:
    await known(store, sends=(with_film(1),))
    pictures = DrawingRoom()
    shown: list[tuple[int, str | None, Picture | None]] = []

    async def see(delivery: Delivery) -> None:
        shown.append((delivery.message.id, delivery.edits, delivery.message.picture))
        if delivery.edits == "remote 1":
            channel.remotes[delivery.message.id] = "remote 1m"

    channel.script, channel.unfinished = see, {1}
    room = Room(store, channel, time)
    room.late = late = LatePictures(store, pictures, time.now, lambda: None)
    time.after(5, lambda: pictures.finish(late))
    time.after(10, lambda: write(store, message(store.ids.next(time.now()), replaces=1)))
    await room.pass_time(30)

    assert [(edits, picture) for _, edits, picture in shown] == [(None, FILM), ("remote 1", FILM), ("remote 1m", None)]
    (_, (film, _, _), _) = shown
    assert film > 1


@pytest.mark.parametrize("what", ["answered", "locked"])
async def test_a_film_does_not_follow_a_message_that_says_something_else_by_then(
    store: Store, channel: ScriptedChannel, time: VirtualTime, what: str
) -> None:
    number = await known(store, sends=(with_film(1),))
    pictures = DrawingRoom()
    channel.unfinished = {1}
    room = Room(store, channel, time)
    room.late = late = LatePictures(store, pictures, time.now, lambda: None)
    changed = locks(store, number) if what == "locked" else write(store, message(2, replaces=1))
    time.after(3, lambda: changed)
    time.after(6, lambda: pictures.finish(late))
    await room.pass_time(30)

    assert channel.rows() == ([1] if what == "locked" else [1, 2])
