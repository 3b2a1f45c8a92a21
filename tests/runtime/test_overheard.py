"""That what is said in groups is overheard: a text that is none of theirs is found, whoever writes it."""

import json

import pytest

from bot.dialogue.events import Address
from bot.dialogue.messages import Button, Kind, Message, Picture, Priority
from bot.dialogue.wire import encode
from bot.store.rows import NewSend
from bot.store.store import Store
from tests.overheard import overheard
from tests.store.given import ACCOUNT, NOW

BUTTON = ((Button(label="Schmerz 7", data="x"),),)
DRAWN = Picture(figure="chart-round", alt="Bild: Anna fehlt.", own=json.dumps({"title": "Anna fehlt"}))


def send(store: Store, message: Message, *, private: bool) -> NewSend:
    where = Address("telegram", ACCOUNT, "", "-100", private=private)
    return NewSend(
        id=store.ids.next(NOW), address=where, priority=int(Priority.GROUP), kind=Kind.TALK.value,
        body=encode(message), expires=NOW + 1,
    )  # fmt: skip


@pytest.mark.any_words
@pytest.mark.parametrize(
    "message",
    [
        Message(id=1, text="Anna hat heute Schmerzen."),
        Message(id=1, text="Anna is in a flare-up."),
        Message(id=1, text="Gemeinsam: 4 Tage, unser Ziel: 20", buttons=BUTTON),
        Message(id=1, text="Gemeinsam: 4 Tage, unser Ziel: 20", picture=DRAWN),
        Message(id=1, text="Dabei: Anna"),  # who never chose to be shown
    ],
)
async def test_what_no_group_may_read_is_found(store: Store, message: Message) -> None:
    async with store.turns(NOW) as batch:
        with pytest.raises(AssertionError, match="no group may read this"), overheard():
            await batch.send([send(store, message, private=False)])
        with overheard():
            await batch.send([send(store, message, private=True)])
