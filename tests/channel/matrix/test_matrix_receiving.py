"""What arrives from Matrix, each trap of its sync once: gaps, missing keys, a store away, all kinds of rooms."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import quote

import pytest

from bot.channels.channel import TokenRefusedError, UnreachableError
from bot.channels.matrix.channel import InvitePolicy, Patience
from bot.channels.matrix.wire import Wire, WireError
from bot.dialogue.events import ButtonTapped, MediaReceived, ReachChanged, TextReceived, Unreadable
from tests.channel.matrix.member import MatrixMember
from tests.channel.matrix.parts import BESIDE, CROWDED, PLAIN, Coach, Seat, delivery, in_a_room
from tests.channel.telegram_parts import Inbox
from tests.servers.proxy import proxy_to
from tests.servers.synapse import TIMELINE, Synapse

AWHILE = TIMELINE + 15  # more than a sync tells
UNKNOWN = {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "AwgA", "sender_key": "a", "device_id": "B"}


def texts(inbox: Inbox) -> list[str]:
    return [event.text for event in inbox.events if isinstance(event, TextReceived)]


def has_text(words: str) -> Callable[[Inbox], bool]:
    return lambda inbox: words in texts(inbox)


def has_media(what: Unreadable) -> Callable[[Inbox], bool]:
    return lambda inbox: MediaReceived(what=what) in inbox.events


def has_reach(*, reachable: bool) -> Callable[[Inbox], bool]:
    return lambda inbox: ReachChanged(reachable=reachable) in inbox.events


async def test_an_invitation_is_accepted_and_greeted_once(seat: Seat, ada: MatrixMember) -> None:
    await in_a_room(seat, ada)
    async with seat.taken() as coach:
        await ada.says("hallo")
        await seat.inbox.until(has_text("hallo"))

        assert texts(seat.inbox) == ["/start", "hallo"]
        first = seat.inbox.arrivals[0].address
        assert (first.person, first.room, first.private) == (ada.account.user, ada.room, True)
        assert coach.homes.moves == []


async def test_what_a_sync_leaves_out_is_fetched_in_order_and_once(seat: Seat, ada: MatrixMember) -> None:
    await in_a_room(seat, ada)
    said = [f"number {number}" for number in range(AWHILE)]
    for words in said:
        await ada.says(words)

    async with seat.taken():
        await seat.inbox.until(has_text(said[-1]))

        assert texts(seat.inbox) == ["/start", *said]


async def test_an_answer_is_kept_while_the_store_is_away(seat: Seat, ada: MatrixMember) -> None:
    await in_a_room(seat, ada)
    async with seat.taken():
        await ada.says("vorher")
        await seat.inbox.until(has_text("vorher"))
        seat.inbox.away = True
        before = seat.inbox.tries
        await ada.says("trotzdem")
        await seat.inbox.until(lambda inbox: inbox.tries >= before + 2)
        seat.inbox.away = False
        await seat.inbox.until(has_text("trotzdem"))

        assert texts(seat.inbox).count("trotzdem") == 1


async def test_a_message_without_its_key_is_remembered_and_read_when_the_key_comes(
    seat: Seat, ada: MatrixMember
) -> None:
    await in_a_room(seat, ada)
    keys = await ada.keeps_the_key_back()
    async with seat.taken():
        await ada.says("mit Verspätung")
        await seat.inbox.until(lambda inbox: "mit" not in str(texts(inbox)) and '"unread": [["' in str(inbox.positions))
    async with seat.taken():  # a restart forgets nothing
        await ada.hands_over(keys)
        await seat.inbox.until(has_text("mit Verspätung"))
        await seat.inbox.until(lambda inbox: '"unread": []' in inbox.positions["sync"])


async def test_whoever_cannot_be_read_is_told_once(seat: Seat, ada: MatrixMember) -> None:
    await in_a_room(seat, ada)
    async with seat.taken(patience=Patience(tell_s=0.2)):
        for session in ("one", "two"):
            await ada.sends_raw("m.room.encrypted", {**UNKNOWN, "session_id": session})
        await seat.inbox.until(has_media(Unreadable.UNDECRYPTED))
        await ada.says("danach")
        await seat.inbox.until(has_text("danach"))

        told = [event for event in seat.inbox.events if isinstance(event, MediaReceived)]
        assert told == [MediaReceived(what=Unreadable.UNDECRYPTED)]


async def test_used_up_one_time_keys_are_made_anew(seat: Seat, ada: MatrixMember, synapse: Synapse) -> None:
    await in_a_room(seat, ada)
    async with seat.taken() as coach:
        claim = {"one_time_keys": {coach.channel.account: {coach.channel.device: "signed_curve25519"}}}
    while (await Wire(ada.client).post("keys/claim", claim))["one_time_keys"]:
        pass
    ben = await MatrixMember.at(synapse, "ben")
    try:
        async with seat.taken():
            await ben.invite(seat.account.user)
            await ben.coach_is_in(seat.account.user)
            await ben.says("neu hier")
            await seat.inbox.until(has_text("neu hier"))
    finally:
        await ben.aclose()


@pytest.mark.parametrize("listed", ["localhost", "{ada}", "example.org,{ada}"])
async def test_guests_on_the_list_are_followed(seat: Seat, ada: MatrixMember, listed: str) -> None:
    async with seat.taken(policy=InvitePolicy.parse(listed.format(ada=ada.account.user))):
        await ada.invite(seat.account.user)
        await ada.coach_is_in(seat.account.user)

        await seat.inbox.until(lambda inbox: texts(inbox) == ["/start"])


async def test_only_the_invited_guests_are_followed(seat: Seat, ada: MatrixMember) -> None:
    async with seat.taken(policy=InvitePolicy.parse("example.org,@ben:localhost")):
        await ada.invite(seat.account.user)
        await ada.until(lambda member: seat.account.user not in member.users, "the invitation is declined")

        assert texts(seat.inbox) == []


async def test_in_a_direct_room_without_encryption_the_coach_turns_it_on_and_says_nothing_before(
    seat: Seat, ada: MatrixMember
) -> None:
    async with seat.taken() as coach:
        await ada.invite(seat.account.user, encrypted=False, trusts=True)
        await seat.inbox.holds(1)
        assert seat.inbox.events == [TextReceived(text="/start")]
        await coach.channel.send(delivery(seat, ada, "nur verschlüsselt"))
        await ada.sees("nur verschlüsselt")
    assert await ada.kinds_on_the_server() == {"m.room.encrypted"}
    assert not ada.showing(PLAIN)


async def test_instead_of_a_room_that_it_may_not_encrypt_the_coach_opens_one(seat: Seat, ada: MatrixMember) -> None:
    async with proxy_to(seat.synapse.url) as proxy:
        seat.homeserver = proxy.url
        lost = proxy.fails("POST .*/createRoom", lost=True)
        async with seat.taken() as coach:
            coach.channel._receiving.errands.clock = _Minutes()
            await ada.invite(seat.account.user, encrypted=False)
            await ada.sees(BESIDE)
            assert lost.seen == 1
            await ada.until(lambda member: seat.account.user not in member.users, "the coach leaves")
            offered = await ada.is_asked_in()
            await seat.inbox.until(lambda inbox: offered in inbox.positions.get("sync", ""))
            assert seat.inbox.events == []
        async with seat.taken() as coach:  # she looks at it later
            await ada.goes(offered)
            await seat.inbox.until(has_text("/start"))
            assert coach.homes.moves == [(ada.account.user, offered)]
            await coach.channel.send(delivery(seat, ada, "hier geht es"))
            await ada.sees("hier geht es")
    assert texts(seat.inbox) == ["/start"]
    assert await ada.kinds_on_the_server() == {"m.room.encrypted"}
    assert proxy.count("POST .*/createRoom") == 1


async def test_whoever_declines_the_other_room_is_left_alone(seat: Seat, ada: MatrixMember) -> None:
    async with seat.taken() as coach:
        await ada.invite(seat.account.user, encrypted=False)
        offered = await ada.is_asked_in()
        await coach.known(offered)
        await ada.client.room_leave(offered)
        await coach.known(offered, still=False)
        assert seat.inbox.events == []


async def test_where_no_other_room_can_be_made_the_coach_says_so_and_leaves(seat: Seat, ada: MatrixMember) -> None:
    async with proxy_to(seat.synapse.url) as proxy:
        seat.homeserver = proxy.url
        proxy.fails("POST .*/createRoom", status=403, body={"errcode": "M_FORBIDDEN", "error": "no"}, times=9)
        async with seat.taken():
            await ada.invite(seat.account.user, encrypted=False)
            await ada.sees(PLAIN)
            await ada.until(lambda member: seat.account.user not in member.users, "the coach leaves")
            assert texts(seat.inbox) == []


class _Minutes:
    """Every look at the clock is a minute later."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 60
        return self.now


async def test_before_a_third_person_the_coach_falls_silent(seat: Seat, ada: MatrixMember, synapse: Synapse) -> None:
    await in_a_room(seat, ada)
    carol = await synapse.person("carol")
    async with seat.taken() as coach:
        await coach.channel.send(delivery(seat, ada, "unter uns"))
        await ada.client.room_invite(ada.room, carol.user)
        await ada.sees(CROWDED)
        await seat.inbox.until(has_reach(reachable=False))
        with pytest.raises(UnreachableError):
            await coach.channel.send(delivery(seat, ada, "Schmerz", number=2))

        await ada.client.room_kick(ada.room, carol.user)
        await seat.inbox.until(has_reach(reachable=True))
        await coach.channel.send(delivery(seat, ada, "wieder unter uns", number=3))
        await ada.sees("wieder unter uns")
    assert {arrival.address.person for arrival in seat.inbox.arrivals} == {ada.account.user}


async def test_a_member_moves_with_the_coach_into_a_new_room(seat: Seat, ada: MatrixMember) -> None:
    await in_a_room(seat, ada)
    old = ada.room
    async with seat.taken() as coach:
        await ada.invite(seat.account.user)
        await seat.inbox.until(lambda inbox: texts(inbox).count("/start") == 2)
        await ada.until(lambda member: seat.account.user not in member.client.rooms[old].users, "the old room is left")

        assert coach.homes.moves == [(ada.account.user, ada.room)]
        assert not any(isinstance(event, ReachChanged) for event in seat.inbox.events)
    async with seat.taken() as coach:
        await noted_as_private(coach, {ada.account.user: [ada.room]})


async def noted_as_private(coach: Coach, rooms: dict[str, list[str]]) -> None:
    """At the account itself, where its other clients look."""
    path = f"user/{quote(coach.channel.account)}/account_data/m.direct"
    found: object = None
    for _ in range(200):
        with suppress(WireError):  # nothing there yet
            found = await Wire(coach.channel._client).get(path)
        if found == rooms:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(found)


async def test_a_reaction_counts_only_where_nothing_about_health_is_asked(seat: Seat, ada: MatrixMember) -> None:
    await in_a_room(seat, ada)
    answers = [("Ja", "1.0.abcd.yes"), ("Nein", "1.0.abcd.no")]
    async with seat.taken() as coach:
        await coach.channel.send(delivery(seat, ada, "Fangen wir an", buttons=answers, reactions=True))
        await coach.channel.send(delivery(seat, ada, "Taubheit", number=2, buttons=answers))
        begin, health = await ada.sees("Fangen wir an"), await ada.sees("Taubheit")
        await ada.until(lambda _: len(begin.reactions) == 2, "two reactions to touch")
        assert begin.body.endswith("1. Ja\n2. Nein")
        assert not health.reactions
    async with seat.taken():  # after a restart the message itself says what was offered
        await ada.reacts(begin, "2\ufe0f\u20e3")
        await seat.inbox.until(lambda inbox: any(isinstance(event, ButtonTapped) for event in inbox.events))
        await ada.reacts(health, "1\ufe0f\u20e3")
        await seat.inbox.until(has_media(Unreadable.REACTION))

    (tap,) = [event for event in seat.inbox.events if isinstance(event, ButtonTapped)]
    assert (tap.data, tap.message) == ("1.0.abcd.no", begin.event)


async def test_a_refused_token_ends_the_receiving(seat: Seat, ada: MatrixMember) -> None:
    await in_a_room(seat, ada)
    async with seat.taken() as coach:
        await seat.inbox.until(lambda inbox: inbox.tries > 0)
        await _log_out(coach)
        with pytest.raises(TokenRefusedError):
            async with asyncio.timeout(10):
                await coach.task


async def _log_out(coach: Coach) -> None:
    await Wire(coach.channel._client).post("logout", {})
