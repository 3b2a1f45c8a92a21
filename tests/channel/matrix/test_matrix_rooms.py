"""Rooms that come and go, homeservers that break down in between, and answers that get lost."""

from collections.abc import Callable
from urllib.parse import quote

from bot.channels.channel import Delivery, NotSentError
from bot.channels.matrix.wire import Wire
from bot.dialogue.events import GroupChange, GroupChanged
from tests.channel.matrix.member import MatrixMember
from tests.channel.matrix.parts import Coach, Seat, delivery, in_a_room
from tests.channel.matrix.test_matrix_receiving import has_reach, has_text, texts
from tests.channel.telegram_parts import Inbox
from tests.servers.proxy import proxy_to
from tests.servers.synapse import Synapse

UNWELL = {"errcode": "M_UNKNOWN", "error": "Bad gateway"}


async def test_a_coach_that_is_put_out_and_asked_back_hears_nothing_twice(seat: Seat, ada: MatrixMember) -> None:
    await in_a_room(seat, ada)
    async with seat.taken():
        await ada.says("vorher")
        await seat.inbox.until(has_text("vorher"))
        await ada.client.room_kick(ada.room, seat.account.user)
        await seat.inbox.until(has_reach(reachable=False))
        await ada.says("ohne den Coach")
        await ada.client.room_invite(ada.room, seat.account.user)
        await seat.inbox.until(lambda inbox: texts(inbox).count("/start") == 2)
        await ada.coach_is_in(seat.account.user)
        await ada.says("nachher")
        await seat.inbox.until(has_text("nachher"))

    assert texts(seat.inbox) == ["/start", "vorher", "/start", "nachher"]


async def test_a_room_that_is_upgraded_is_followed(seat: Seat, ada: MatrixMember) -> None:
    await in_a_room(seat, ada)
    async with seat.taken() as coach:
        answer = await Wire(ada.client).post(f"rooms/{quote(ada.room)}/upgrade", {"new_version": "11"})
        ada.room = answer["replacement_room"]
        await ada.client.room_invite(ada.room, seat.account.user)
        await ada.coach_is_in(seat.account.user)
        await seat.inbox.until(lambda inbox: texts(inbox).count("/start") == 2)
        assert coach.homes.moves == [(ada.account.user, ada.room)]
        await coach.channel.send(delivery(seat, ada, "hier geht es weiter"))
        await ada.sees("hier geht es weiter")


async def test_a_room_that_cannot_be_joined_keeps_nobody_else_waiting(
    seat: Seat, ada: MatrixMember, synapse: Synapse
) -> None:
    eve = await MatrixMember.at(synapse, "eve")
    try:
        async with proxy_to(synapse.url) as proxy:
            seat.homeserver = proxy.url
            broken = await eve.invite(seat.account.user)
            refused = proxy.fails(f"POST .*join/({broken}|{quote(broken, safe='')})", status=502, body=UNWELL, times=50)
            async with seat.taken():
                await refused.happened.wait()
                await ada.invite(seat.account.user)
                await ada.coach_is_in(seat.account.user)
                await seat.inbox.until(has_text("/start"))
    finally:
        await eve.aclose()


async def test_an_answer_that_is_lost_on_the_way_shows_the_message_once(seat: Seat, ada: MatrixMember) -> None:
    await in_a_room(seat, ada)
    async with proxy_to(seat.synapse.url) as proxy:
        seat.homeserver = proxy.url
        async with seat.taken() as coach:
            lost = proxy.fails(r"PUT .*/send/m\.room", lost=True, times=3)
            while not await _answered(coach, delivery(seat, ada, "einmal")):
                pass
            await coach.channel.send(delivery(seat, ada, "Ende", number=2))
            await ada.sees("Ende")
    assert lost.seen == 3
    assert len(ada.showing("einmal")) == 1


async def _answered(coach: Coach, message: Delivery) -> bool:
    try:
        await coach.channel.send(message)
    except NotSentError:
        return False
    return True


async def test_a_homeserver_that_breaks_down_is_asked_again_not_a_thousand_times(seat: Seat, ada: MatrixMember) -> None:
    await in_a_room(seat, ada)
    async with proxy_to(seat.synapse.url) as proxy:
        seat.homeserver = proxy.url
        limited = {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 100}
        down = proxy.fails("GET .*/sync", status=502, body=UNWELL, times=2)
        slow = proxy.fails("GET .*/sync", status=429, body=limited, times=1)
        async with seat.taken():
            await ada.says("da bin ich")
            await seat.inbox.until(has_text("da bin ich"))
            assert (down.seen, slow.seen) == (2, 1)
            assert proxy.count("GET .*/sync") < 20
            assert proxy.count("POST .*/login") == 0  # it goes on as the device that it is


async def test_a_group_is_stayed_in_and_a_space_is_left(seat: Seat, ada: MatrixMember, synapse: Synapse) -> None:
    carol = await synapse.person("carol")
    async with seat.taken():
        await ada.invite(seat.account.user, encrypted=False, others=(carol.user,))  # sums are no secret
        await ada.coach_is_in(seat.account.user)
        await seat.inbox.until(has_change(GroupChange.ENTERED))
        group, ada.room = ada.room, ""
        space = await ada.client.room_create(space=True, invite=[seat.account.user, carol.user])
        ada.room = str(space.room_id)
        await ada.until(lambda member: member.users.get(seat.account.user) is not None, "the coach is asked in")
        await ada.until(lambda member: seat.account.user not in member.users, "the coach leaves the space")
        await ada.client.room_kick(group, seat.account.user)
        await seat.inbox.until(has_change(GroupChange.LEFT))

    events = [arrival.event for arrival in seat.inbox.arrivals]
    assert events == [GroupChanged(what=GroupChange.ENTERED), GroupChanged(what=GroupChange.LEFT)]
    assert {arrival.address.room for arrival in seat.inbox.arrivals} == {group}
    assert not any(arrival.address.private for arrival in seat.inbox.arrivals)


def has_change(what: GroupChange) -> Callable[[Inbox], bool]:
    return lambda inbox: GroupChanged(what=what) in inbox.events
