"""Moving together in an encrypted Matrix room: the card, reactions as taps, another day, an upgrade, who may end it."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

import pytest

from bot.channels.matrix.wire import Wire
from bot.dialogue.moment import from_micros
from bot.dialogue.rounds import DAY_SIGNS
from bot.runtime.departed import Departed
from bot.runtime.lifecycle import Coach
from tests.channel.matrix.member import MatrixMember, Shown
from tests.channel.matrix.running import matrix_settings
from tests.channel.rounds_parts import hurried, sketched, started
from tests.channel.running import Clock, running
from tests.group_words import wrong_lines
from tests.servers.synapse import Account, Synapse

CARD = "Woche 1 von 2"


def sign(clock: Clock) -> str:
    """Today's."""
    return DAY_SIGNS[from_micros(clock()).weekday()]


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.until(1, 12)
    return clock


@pytest.fixture
async def coach(synapse: Synapse, coachs_account: Account, tmp_path: Path, clock: Clock) -> AsyncIterator[Coach]:
    async with running(matrix_settings(tmp_path, synapse, coachs_account), now=clock) as it:
        yield hurried(await sketched(it))


@pytest.fixture
async def folks(synapse: Synapse, ada: MatrixMember) -> AsyncIterator[list[MatrixMember]]:
    """Four people in one room; Ada made it."""
    others = [await MatrixMember.at(synapse, name) for name in ("ben", "carol", "dave")]
    made = await ada.client.room_create(
        name="Verein", invite=[each.account.user for each in others], initial_state=[ENCRYPTION]
    )
    ada.room = str(made.room_id)
    for each in others:
        await each.client.join(ada.room)
        each.room = ada.room
    yield [ada, *others]
    for each in others:
        await each.aclose()


ENCRYPTION = {"type": "m.room.encryption", "state_key": "", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}


async def pinned(member: MatrixMember) -> list[str]:
    path = f"rooms/{quote(member.room, safe='')}/state/m.room.pinned_events"
    found: list[str] = (await Wire(member.client).get(path))["pinned"]
    return found


async def shows(member: MatrixMember, card: Shown, words: str) -> None:
    await member.until(lambda _: words in card.body, words)


@pytest.mark.slow  # test_mixed_round.py lives two weeks of one in every run
async def test_a_round_in_a_room(coach: Coach, synapse: Synapse, clock: Clock, folks: list[MatrixMember]) -> None:
    ada, ben, carol, dave = folks
    account = coach.opened.channels[-1].account
    await ada.client.room_put_state(ada.room, "m.room.power_levels", await levels(ada, account))
    made = await started(coach, clock)
    await ada.client.room_invite(ada.room, account)
    said = await ada.sees("Ich bin für eine Bewegungsrunde hier")
    assert "hebe nichts davon auf" in said.body
    await ben.says(f"!start r_{made.room_code}")
    card = await ada.sees(CARD)
    assert "Wer hier reagiert, macht mit, und alle sehen es" in card.body
    await ada.until(lambda _: [key for _, key in card.reactions] == [sign(clock)], "the day's sign, to be touched")

    theirs = [await each.sees(CARD) for each in folks]
    for each, shown in zip(folks, theirs, strict=True):
        await each.reacts(shown, sign(clock))
    clock.advance(seconds=5)
    await shows(ada, card, "Heute bewegt: 4")
    assert await pinned(ada) == [card.event]

    reaction = await dave.sends(
        "m.reaction", {"m.relates_to": {"rel_type": "m.annotation", "event_id": card.event, "key": "👋"}}
    )
    assert reaction  # a sign that is none of the card's says nothing
    await dave.reacts(theirs[3], "↩")
    clock.advance(seconds=5)
    await shows(ada, card, "Ab vier Leuten")  # three are no sum, though a fourth was there for a moment

    clock.advance(days=1)
    await ada.until(lambda _: card.reactions[-1][1] == sign(clock), "the next day's sign")
    await dave.sends("m.reaction", relation(card, sign(clock)))
    clock.advance(seconds=5)
    await shows(ada, card, "Heute bewegt: 1\nGemeinsam: 4 Tage")
    again = await ben.sends("m.reaction", relation(card, sign(clock)))
    clock.advance(seconds=5)
    await shows(ada, card, "Heute bewegt: 2")
    await ben.client.room_redact(ben.room, again)
    clock.advance(seconds=5)
    await shows(ada, card, "Heute bewegt: 1\nGemeinsam: 4 Tage")

    await carol.says("!stopp")
    await ada.sees("Das machen wir besser privat")

    eve = await MatrixMember.at(synapse, "eve")  # in private, without a question, and nobody sees her reaction
    try:
        await eve.invite(account)
        await eve.sees("Darf ich mir deine Antworten merken")
        invited = await eve.answers(f"!start g_{made.code}", "lädt dich ein")
        await eve.reacts(invited, "👋")
        await eve.reacts(await eve.sees(CARD), sign(clock))
        clock.advance(seconds=5)
        await shows(ada, card, "Heute bewegt: 2")
        await eve.reacts(await eve.sees(CARD), "🚪")
        await eve.sees("auf keiner Liste")
        clock.advance(seconds=5)
    finally:
        await eve.aclose()

    new = (await Wire(ada.client).post(f"rooms/{quote(ada.room)}/upgrade", {"new_version": "11"}))["replacement_room"]
    for each in (ben, carol):
        await ada.client.room_invite(new, each.account.user)
        await each.client.join(new)
        each.room = new
    await ada.client.room_invite(new, account)
    ada.room = new
    moved = await ada.sees("Gemeinsam: 5 Tage", 2)
    await ben.reacts(await ben.sees("Gemeinsam: 5 Tage", 2), sign(clock))
    clock.advance(seconds=5)
    await shows(ada, moved, "Heute bewegt: 3")
    await ada.says("!stopp")
    over = await ada.sees("ist zu Ende")
    assert "gemeinsam" in over.body
    assert "7 Tage" in over.body
    departed = Departed(store=coach.store, now=clock, matrix=coach.opened.matrix)
    clock.advance(days=6)
    await departed.sweep()
    assert account in ada.users
    clock.advance(days=1, seconds=5)
    await departed.sweep()
    await ada.until(lambda _: account not in ada.users, "the coach leaves")
    assert wrong_lines(message.body for each in folks for message in each.coachs if message.sender == account) == []


def relation(card: Shown, key: str) -> dict[str, object]:
    return {"m.relates_to": {"rel_type": "m.annotation", "event_id": card.event, "key": key}}


async def levels(member: MatrixMember, coach: str) -> dict[str, object]:
    """The coach may pin, nothing else."""
    path = f"rooms/{quote(member.room, safe='')}/state/m.room.power_levels"
    found = await Wire(member.client).get(path)
    return {
        **found,
        "events": {**found.get("events", {}), "m.room.pinned_events": 10},
        "users": {**found["users"], coach: 10},
    }
