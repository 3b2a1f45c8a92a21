"""Rooms that come and go, homeservers that break down in between, and answers that get lost."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from bot.channels.channel import Delivery, NotSentError
from bot.channels.matrix.wire import Wire
from bot.dialogue.events import GroupChange, GroupChanged, ReachChanged, TextReceived
from tests.channel.matrix.member import MatrixMember
from tests.channel.matrix.parts import Coach, Seat, delivery, in_a_room
from tests.channel.matrix.running import matrix_settings
from tests.channel.matrix.test_matrix_bad_days import HELP
from tests.channel.matrix.test_matrix_receiving import has_reach, has_text, noted_as_private, texts
from tests.channel.running import ALL_ROLES, Clock, running
from tests.channel.telegram_parts import Inbox
from tests.servers.proxy import proxy_to
from tests.servers.synapse import TIMELINE, Account, Synapse

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


@pytest.mark.parametrize("then", ["put out", "put out and asked back", "alone", "not alone"])
async def test_what_is_said_while_the_coach_is_away_is_heard_as_it_was_said(
    seat: Seat, ada: MatrixMember, synapse: Synapse, then: str
) -> None:
    """Whatever happened to the room behind it."""
    await in_a_room(seat, ada)
    async with seat.taken() as coach:
        await noted_as_private(coach, {ada.account.user: [ada.room]})
    carol = await synapse.person("carol")
    await ada.client.room_invite(ada.room, carol.user)
    await ada.says("vor Carol")
    await ada.client.room_kick(ada.room, carol.user)
    for words in ("unter uns", *(f"Wort {number}" for number in range(TIMELINE)), "zuletzt"):
        await ada.says(words)
    match then:
        case "alone":
            await ada.client.room_leave(ada.room)
        case "not alone":
            await ada.client.room_invite(ada.room, carol.user)
        case _:
            await ada.client.room_kick(ada.room, seat.account.user)
            if then == "put out and asked back":
                await ada.client.room_invite(ada.room, seat.account.user)
    async with seat.taken():
        await seat.inbox.until(lambda inbox: len(set(texts(inbox))) == TIMELINE + 4)
        if then != "put out and asked back":
            await seat.inbox.until(lambda inbox: inbox.events[-1] == ReachChanged(reachable=False))
    said = {each.event.text: each.address for each in seat.inbox.arrivals if isinstance(each.event, TextReceived)}
    assert [words for words, where in said.items() if not where.private] == ["vor Carol"]
    assert {where.room for where in said.values()} == {ada.room}


async def test_a_group_that_puts_the_coach_out_while_it_is_away_is_left(
    seat: Seat, ada: MatrixMember, synapse: Synapse
) -> None:
    carol = await synapse.person("carol")
    async with seat.taken():
        await ada.invite(seat.account.user, encrypted=False, others=(carol.user,))
        await seat.inbox.until(has_change(GroupChange.ENTERED))
    await ada.says("nur unter uns")
    await ada.client.room_kick(ada.room, seat.account.user)
    async with seat.taken():
        await seat.inbox.until(has_change(GroupChange.LEFT))
    assert not any(arrival.address.private for arrival in seat.inbox.arrivals)


async def test_a_call_for_help_before_the_coach_was_put_out_is_answered_where_its_member_is_next(
    synapse: Synapse, coachs_account: Account, ada: MatrixMember, tmp_path: Path
) -> None:
    settings = matrix_settings(tmp_path, synapse, coachs_account)
    async with running(settings, ALL_ROLES):
        await ada.invite(coachs_account.user)
        await ada.sees("Darf ich mir deine Antworten merken")
        await ada.answers("ja", "1 von 4")
    await ada.says("ich will nicht mehr leben")
    await ada.client.room_kick(ada.room, coachs_account.user)
    async with running(settings, ALL_ROLES):
        await ada.invite(coachs_account.user)
        await ada.sees("du brauchst jetzt einen Menschen")


async def test_what_is_said_in_the_old_room_while_it_is_still_to_be_left_is_said_in_the_new_one(
    synapse: Synapse, coachs_account: Account, ada: MatrixMember, tmp_path: Path
) -> None:
    """And it is left after a restart too: nobody becomes two members by having moved."""
    clock = Clock()
    async with proxy_to(synapse.url) as proxy:
        settings = matrix_settings(tmp_path, synapse, coachs_account, matrix_homeserver=proxy.url)
        async with running(settings, ALL_ROLES, now=clock) as coach:
            await ada.invite(coachs_account.user)
            await ada.reacts(await ada.sees("Darf ich mir deine Antworten merken"), "1\ufe0f\u20e3")
            await ada.sees("1 von 4")
            old, hung = ada.room, proxy.hangs("POST .*/leave")
            new = await ada.invite(coachs_account.user)
            await hung.happened.wait()
            await ada.sees("1 von 4", 2)
            clock.advance(seconds=40)
            ada.room = old
            await ada.answers("nein", "2 von 4")
            assert (await coach.store.counts())["member"] == 1
        proxy.faults.clear()
        async with running(settings, ALL_ROLES, now=clock):
            await ada.until(lambda member: coachs_account.user not in member.users, "the old room is left")
            ada.room = new
            await ada.answers("!hilfe", HELP)


async def test_where_a_groups_others_have_gone_its_member_is_answered_at_home(
    synapse: Synapse, coachs_account: Account, ada: MatrixMember, tmp_path: Path
) -> None:
    """A group that has shrunk to one person makes nobody a second member."""
    carol = await synapse.person("carol")
    async with running(matrix_settings(tmp_path, synapse, coachs_account), ALL_ROLES) as coach:
        home = await ada.invite(coachs_account.user)
        await ada.sees("Darf ich mir deine Antworten merken")
        await ada.answers("ja", "1 von 4")
        group = await ada.invite(coachs_account.user, others=(carol.user,))
        await ada.coach_is_in(coachs_account.user)
        await ada.client.room_kick(group, carol.user)
        await ada.until(lambda member: carol.user not in member.users, "nobody else is there")
        await ada.answers("!hilfe", HELP)
        assert (await coach.store.counts())["member"] == 1
        assert await coach.store.rooms_of("matrix", coachs_account.user, ada.account.user) == [home]


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
