"""Keys: nothing leaves that its reader cannot read, and nobody's broken keys or messages harm anybody else."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.channels.channel import Delivery, NotSentError, RetryLaterError
from bot.channels.matrix.position import load
from bot.channels.matrix.wire import Wire
from bot.dialogue.events import TextReceived
from tests.channel.matrix.member import PATIENCE, MatrixMember
from tests.channel.matrix.parts import Coach, Seat, delivery, in_a_room
from tests.channel.telegram_parts import Inbox
from tests.servers.proxy import Proxy, proxy_to
from tests.servers.synapse import Synapse

GARBLED = ("garbage!!", "AwgA", "", None, 3)
OLM = {"algorithm": "m.olm.v1.curve25519-aes-sha2", "sender_key": "abc"}
UNWELL = {"errcode": "M_UNKNOWN", "error": "Internal server error"}


def has_text(words: str) -> Any:
    def found(inbox: Inbox) -> bool:
        return any(isinstance(event, TextReceived) and event.text == words for event in inbox.events)

    return found


@asynccontextmanager
async def behind_a_proxy(seat: Seat) -> AsyncIterator[tuple[Coach, Proxy]]:
    async with proxy_to(seat.synapse.url) as proxy:
        seat.homeserver = proxy.url
        async with seat.taken() as coach:
            yield coach, proxy


@pytest.mark.parametrize("what", ["keys/claim", "keys/query", "sendToDevice"])
async def test_a_message_waits_until_its_reader_can_have_the_key(seat: Seat, ada: MatrixMember, what: str) -> None:
    await in_a_room(seat, ada)
    async with behind_a_proxy(seat) as (coach, proxy):
        fault = proxy.fails(what, status=502, body=UNWELL, times=2)
        message = delivery(seat, ada, "lesbar")
        while not await _left(coach, message):
            pass
        await ada.sees("lesbar")

    assert fault.seen == 2
    assert len(ada.showing("lesbar")) == 1
    assert not ada.showing("undecryptable")


@pytest.mark.parametrize(("what", "told"), [("keys/query", "device_keys"), ("keys/claim", "one_time_keys")])
async def test_a_message_waits_where_the_readers_own_homeserver_cannot_be_reached(
    seat: Seat, ada: MatrixMember, what: str, told: str
) -> None:
    """Then ours answers with success, and says beside it whom it could not ask."""
    await in_a_room(seat, ada)
    async with behind_a_proxy(seat) as (coach, proxy):
        coach.channel._sending.keys.clock = _Seconds()
        unreached = {told: {}, "failures": {"localhost": {"errcode": "M_UNKNOWN", "error": "Timed out"}}}
        fault = proxy.fails(what, status=200, body=unreached, times=1000)
        message = delivery(seat, ada, "lesbar")
        for _ in range(2):
            assert not await _left(coach, message)
        assert not ada.coachs
        fault.times = 0
        assert await _left(coach, message)
        await ada.sees("lesbar")
    assert not ada.showing("undecryptable")


async def test_whoever_has_no_device_at_all_is_not_waited_for(seat: Seat, ada: MatrixMember) -> None:
    """As after logging out everywhere: their homeserver has answered, and the next device may have a backup of keys."""
    await in_a_room(seat, ada)
    await Wire(ada.client).post("logout/all", {})
    async with seat.taken() as coach:
        assert await _left(coach, delivery(seat, ada, "für später"))


async def test_a_homeserver_that_refuses_the_list_of_members_loses_no_message(seat: Seat, ada: MatrixMember) -> None:
    await in_a_room(seat, ada)
    async with behind_a_proxy(seat) as (coach, proxy):
        proxy.fails("joined_members", status=502, body=UNWELL, times=100)
        await coach.channel.send(delivery(seat, ada, "trotzdem"))
        await ada.sees("trotzdem")


async def test_a_device_that_has_just_come_reads_the_next_message(
    seat: Seat, ada: MatrixMember, synapse: Synapse
) -> None:
    await in_a_room(seat, ada)
    async with seat.taken() as coach:
        await coach.channel.send(delivery(seat, ada, "davor"))
        await ada.sees("davor")
        phone = await ada.another_device(synapse)
        try:
            await phone.says("vom Telefon")
            await seat.inbox.until(has_text("vom Telefon"))
            await coach.channel.send(delivery(seat, ada, "Antwort", number=2))
            await phone.sees("Antwort")
            await ada.sees("Antwort")
        finally:
            await phone.aclose()


async def test_a_device_without_keys_to_give_reads_on_as_soon_as_it_has_some(
    seat: Seat, ada: MatrixMember, synapse: Synapse
) -> None:
    await in_a_room(seat, ada)
    phone = await ada.another_device(synapse)
    claim = {"one_time_keys": {ada.account.user: {phone.account.device: "signed_curve25519"}}}
    try:
        async with seat.taken() as coach:
            coach.channel._sending.keys.clock = _Seconds()
            while (await Wire(ada.client).post("keys/claim", claim))["one_time_keys"]:
                pass
            await coach.channel.send(delivery(seat, ada, "eins"))
            await ada.sees("eins")
            await phone.until(lambda member: len(member.coachs) == 1, "a message, readable or not")
            phone.client.olm.uploaded_key_count = 0
            await phone.client.keys_upload()
            await coach.channel.send(delivery(seat, ada, "zwei", number=2))
            await phone.sees("zwei")
    finally:
        await phone.aclose()


async def test_no_key_is_given_to_whoever_asks_for_one(seat: Seat, ada: MatrixMember, synapse: Synapse) -> None:
    """Neither to a member's later device, nor to a stranger, nor to one that somebody logged in to the coach's account.

    nio cannot tell whether a device is signed by its owner; clients get old keys from their owner's other devices.
    """
    await in_a_room(seat, ada)
    eve = await MatrixMember.at(synapse, "eve")
    async with behind_a_proxy(seat) as (coach, proxy):
        await coach.channel.send(delivery(seat, ada, "nur für dich"))
        shown = await ada.sees("nur für dich")
        (sealed,) = await ada.contents_on_the_server([shown.event])
        later = await ada.another_device(synapse)
        intruder = await MatrixMember.of(synapse, await synapse.another_device(seat.account))
        heard = proxy.count("sendToDevice")
        try:
            wanted = {"algorithm": "m.megolm.v1.aes-sha2", "room_id": ada.room}
            wanted |= {name: sealed[name] for name in ("sender_key", "session_id")}
            for asking in (ada, later, eve, intruder):
                request = {"action": "request", "request_id": "1", "requesting_device_id": asking.account.device}
                content = {**request, "body": wanted}
                await asking.sends_to_device(coach.channel.account, coach.channel.device, "m.room_key_request", content)
            await ada.says("danach")
            await seat.inbox.until(has_text("danach"))
            olm = coach.channel._client.olm
            assert not olm.outgoing_to_device_messages
            assert not olm.key_request_from_untrusted
            assert not olm.key_requests_waiting_for_session
            assert proxy.count("sendToDevice") == heard
            await coach.channel.send(delivery(seat, ada, "und weiter", number=2))  # all devices have the key of this
            await later.sees("und weiter")
            assert intruder.showing("nur für dich") == []
        finally:
            for member in (later, intruder, eve):
                await member.aclose()


async def test_nobody_is_asked_for_a_key(seat: Seat, ada: MatrixMember) -> None:
    """Members' clients give none, and each word that waits would ask anew."""
    await in_a_room(seat, ada)
    async with behind_a_proxy(seat) as (coach, proxy):
        await coach.channel.send(delivery(seat, ada, "davor"))
        await ada.sees("davor")
        keys = await ada.keeps_the_key_back()
        for number in range(3):
            await ada.says(f"number {number}")
        await seat.inbox.until(lambda inbox: len(load(inbox.positions["sync"]).unread) == 3)
        await ada.hands_over(keys)
        await seat.inbox.until(has_text("number 2"))
        assert not proxy.count("room_key_request")


async def test_a_strangers_garbled_key_messages_deafen_nobody(seat: Seat, ada: MatrixMember, synapse: Synapse) -> None:
    await in_a_room(seat, ada)
    eve = await MatrixMember.at(synapse, "eve")
    try:
        async with seat.taken() as coach:
            own = coach.channel._client.olm.account.identity_keys["curve25519"]
            for kind in (0, 1):
                for body in GARBLED:
                    content = {**OLM, "ciphertext": {own: {"type": kind, "body": body}}}
                    await eve.sends_to_device(coach.channel.account, coach.channel.device, "m.room.encrypted", content)
            await ada.says("hörst du mich?")
            await seat.inbox.until(has_text("hörst du mich?"))
            await coach.channel.send(delivery(seat, ada, "ja"))
            await ada.sees("ja")
    finally:
        await eve.aclose()


async def test_a_strangers_broken_device_keeps_nobody_elses_from_the_coach(
    seat: Seat, ada: MatrixMember, synapse: Synapse
) -> None:
    await in_a_room(seat, ada)
    eve = await MatrixMember.at(synapse, "eve")
    broken = {
        "user_id": eve.account.user,
        "device_id": (device := (await synapse.another_device(eve.account))).device,
        "algorithms": ["m.olm.v1.curve25519-aes-sha2", "m.megolm.v1.aes-sha2"],
        "keys": {f"ed25519:{device.device}": "no key", f"curve25519:{device.device}": "none either"},
        "signatures": {eve.account.user: {f"ed25519:{device.device}": "no signature"}},
    }
    await eve.falls_silent()  # her own client would not survive it
    eve.client.access_token = device.token
    await Wire(eve.client).post("keys/upload", {"device_keys": broken})
    try:
        async with seat.taken() as coach:
            await eve.invite(coach.channel.account)
            await seat.inbox.until(lambda inbox: len(inbox.arrivals) == 2)
            phone = await ada.another_device(synapse)
            await coach.channel.send(delivery(seat, ada, "weiter"))
            await phone.sees("weiter")
            await phone.aclose()
    finally:
        await eve.aclose()


async def test_whoever_has_one_broken_device_reads_on_with_the_others(
    seat: Seat, ada: MatrixMember, synapse: Synapse
) -> None:
    await in_a_room(seat, ada)
    phone = await ada.another_device(synapse)
    own = ada.account.user
    told = await Wire(ada.client).post("keys/query", {"device_keys": {own: []}})
    told["device_keys"][own] |= {
        "NAMELESS": {"algorithms": [], "device_id": "NAMELESS", "keys": {}},
        "GARBLED": {
            **told["device_keys"][own][phone.account.device],
            "device_id": "GARBLED",
            "keys": {"ed25519:GARBLED": "no key", "curve25519:GARBLED": "none either"},
            "signatures": {own: {"ed25519:GARBLED": "no signature"}},
        },
        "EMPTY": None,
    }
    try:
        async with proxy_to(synapse.url) as proxy:
            seat.homeserver = proxy.url
            proxy.fails("POST .*keys/query", status=200, body=told, times=1000)
            async with seat.taken() as coach:
                await coach.channel.send(delivery(seat, ada, "weiter"))
                await phone.sees("weiter")
                await ada.sees("weiter")
    finally:
        await phone.aclose()


async def _left(coach: Coach, message: Delivery) -> bool:
    """Whether it has left; what may not be is that it can never leave, or that the one it is for is out of reach."""
    try:
        await coach.channel.send(message)
    except RetryLaterError:
        return False
    return True


class _Seconds:
    """Every look at the clock is two minutes later."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 120
        return self.now


async def test_keys_whose_upload_got_no_answer_are_known_after_a_restart(seat: Seat, ada: MatrixMember) -> None:
    async with proxy_to(seat.synapse.url) as proxy:
        seat.homeserver = proxy.url
        proxy.fails("POST .*keys/upload", lost=True)
        with pytest.raises(NotSentError):
            async with seat.taken():
                pass
        async with seat.taken() as coach:
            await ada.invite(seat.account.user)
            await ada.coach_is_in(seat.account.user)
            await ada.says("lesbar")
            await seat.inbox.until(has_text("lesbar"))
            await coach.channel.send(delivery(seat, ada, "auch lesbar"))
            await ada.sees("auch lesbar")


async def test_a_number_that_is_taken_at_the_homeserver_stops_no_later_keys(seat: Seat, ada: MatrixMember) -> None:
    """As when keys were uploaded by a process that ended before it kept them."""
    await in_a_room(seat, ada)
    async with seat.taken() as coach:
        wire, whole = Wire(coach.channel._client), coach.channel._client.olm.account.max_one_time_keys
        taken = {f"signed_curve25519:{_number(whole)}": {"key": "another", "signatures": {}}}
        await wire.post("keys/upload", {"one_time_keys": taken})
        claim = {"one_time_keys": {coach.channel.account: {coach.channel.device: "signed_curve25519"}}}
        for _ in range(5):
            await Wire(ada.client).post("keys/claim", claim)
        async with asyncio.timeout(PATIENCE):
            while (await wire.post("keys/upload", {}))["one_time_key_counts"]["signed_curve25519"] < whole:
                await ada.says("weiter")


async def test_whoever_took_a_key_that_is_used_up_is_given_another(
    seat: Seat, ada: MatrixMember, synapse: Synapse
) -> None:
    await in_a_room(seat, ada)
    phone, tablet = await ada.another_device(synapse), await ada.another_device(synapse)
    async with seat.taken() as coach:
        olm, account = coach.channel._client.olm, coach.channel.account
        claim = {"one_time_keys": {account: {coach.channel.device: "signed_curve25519"}}}
        (given,) = (await Wire(ada.client).post("keys/claim", claim))["one_time_keys"][account].values()
        (key,) = given.values()
        try:
            for device in (phone, tablet):
                device.client.olm.create_session(key["key"], olm.account.identity_keys["curve25519"])
            while tablet.account.device not in olm.device_store[ada.account.user]:
                await ada.says("warte")
            await phone.says("vom Telefon")
            await seat.inbox.until(has_text("vom Telefon"))
            await tablet.says("ungelesen")
            await tablet.until(lambda member: len(_sessions(member, olm)) > 1, "another key")
            tablet.client.invalidate_outbound_session(tablet.room)
            await tablet.says("vom Tablet")
            await seat.inbox.until(has_text("vom Tablet"))
        finally:
            await phone.aclose()
            await tablet.aclose()


async def test_a_device_that_comes_while_an_older_answer_is_under_way_is_asked_for_again(
    seat: Seat, ada: MatrixMember, synapse: Synapse, monkeypatch: pytest.MonkeyPatch
) -> None:
    await in_a_room(seat, ada)
    told, goes_on, post = asyncio.Event(), asyncio.Event(), Wire.post

    async def slow(wire: Wire, path: str, body: Any) -> dict[str, Any]:
        answer = await post(wire, path, body)
        if path == "keys/query":
            told.set()
            await goes_on.wait()
        return answer

    async with seat.taken() as coach:
        await coach.channel.send(delivery(seat, ada, "davor"))
        monkeypatch.setattr(Wire, "post", slow)
        phone = await ada.another_device(synapse)
        await asyncio.wait_for(told.wait(), PATIENCE)
        tablet = await ada.another_device(synapse)
        try:
            await ada.says("so lange")
            await seat.inbox.until(has_text("so lange"))
            goes_on.set()
            async with asyncio.timeout(PATIENCE):
                while tablet.account.device not in coach.channel._client.olm.device_store[ada.account.user]:
                    await ada.says("weiter")
        finally:
            await phone.aclose()
            await tablet.aclose()


def _number(place: int) -> str:
    return b64encode(place.to_bytes(8)).decode().rstrip("=")


def _sessions(member: MatrixMember, olm: Any) -> list[Any]:
    found: list[Any] = member.client.olm.session_store[olm.account.identity_keys["curve25519"]]
    return found
