"""What arrives from Telegram, by polling and by webhook, on good days and bad ones."""

import asyncio
import io
import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from starlette.applications import Starlette

from bot.channels.channel import DeliveryError, TokenRefusedError
from bot.channels.telegram.channel import TelegramChannel, Webhook
from bot.channels.telegram.receiving import LONG_POLL_S
from bot.channels.telegram.updates import ALLOWED
from bot.dialogue.events import (
    ButtonTapped,
    DamagedReceived,
    MediaReceived,
    ReachChanged,
    RoomMoved,
    TextReceived,
    Unreadable,
)
from bot.runtime.http import Front
from bot.runtime.telegram import webhook_of
from bot.settings import read_settings
from tests.botapi import TOKEN, BotApi, Person
from tests.botapi.faults import Kind
from tests.channel.telegram_parts import PATIENCE, Inbox, channel_to, delivery, png, receiving

FAILING: tuple[Kind, ...] = ("drop", "server_error", "forbidden")
SECRET = "a-secret-of-ours"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
async def double() -> AsyncIterator[BotApi]:
    async with await BotApi.start(retry_pause=0.01) as api:
        yield api


@pytest.fixture
def ada(double: BotApi) -> Person:
    return double.person(1001, started=True)


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
async def polled(double: BotApi) -> AsyncIterator[TelegramChannel]:
    async with channel_to(double) as channel:
        yield channel


async def _listening(port: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.01)
            else:
                writer.close()
                return


@asynccontextmanager
async def hooked(double: BotApi) -> AsyncIterator[tuple[TelegramChannel, str]]:
    """A channel with its webhook served."""
    front = Front("127.0.0.1", 0)
    url = f"http://127.0.0.1:{front.port}/telegram"
    async with channel_to(double, webhook=Webhook(url=url, secret=SECRET)) as channel:
        served = asyncio.create_task(front.serve(Starlette(routes=channel.routes())))
        try:
            await _listening(front.port)
            yield channel, url
        finally:
            await front.stop()
            await served
            front.close()


@pytest.fixture(params=["polling", "webhook"])
async def channel(request: pytest.FixtureRequest, double: BotApi) -> AsyncIterator[TelegramChannel]:
    if request.param == "webhook":
        async with hooked(double) as (channel, _):
            yield channel
        return
    async with channel_to(double) as channel:
        yield channel


async def test_everything_a_person_does(channel: TelegramChannel, double: BotApi, ada: Person, inbox: Inbox) -> None:
    async with receiving(channel, inbox):
        hers = await ada.send("hallo")
        await inbox.holds(1)
        await channel.send(delivery(ada, "?", buttons=[[("Ja", "q:yes")]]))
        tap = await ada.tap(ada.last, "Ja")
        assert await tap.answered() is None
        await ada.edit(hers, "hallo, taub im Schritt")
        await ada.send_photo(png(), caption="Befund")
        await ada.send_sticker()
        await ada.send_location()
        await ada.block()
        await ada.unblock()
        found = await inbox.holds(9)
        await double.drained()

    assert found == [
        TextReceived(text="hallo", language="de"),
        ButtonTapped(data="q:yes", message=str(ada.last.id), language="de"),
        TextReceived(text="hallo, taub im Schritt", edited=True, language="de"),
        TextReceived(text="Befund", edited=True, caption=True, language="de"),
        MediaReceived(what=Unreadable.PHOTO, language="de"),
        MediaReceived(what=Unreadable.STICKER, language="de"),
        MediaReceived(what=Unreadable.LOCATION, language="de"),
        ReachChanged(reachable=False),
        ReachChanged(reachable=True),
    ]
    assert len({arrival.source for arrival in inbox.arrivals}) == 9


async def test_poison_holds_nobody_up(
    channel: TelegramChannel, double: BotApi, ada: Person, inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    async with receiving(channel, inbox):
        for kind in ("missing_field", "unknown_type", "nul", "surrogate"):
            double.poison(kind, ada)
        await ada.send("danach")
        await double.drained()
    texts = [event.text for event in inbox.events if isinstance(event, TextReceived)]
    assert sorted(texts, reverse=True) == ["ha\ufffdllo", "ha\ufffdllo", "danach"]
    kinds = [str(getattr(record, "kind", None)) for record in caplog.records if "set aside" in record.message]
    assert sorted(kinds) == ["message", "telepathy"]
    noted = [event.kind for event in inbox.events if isinstance(event, DamagedReceived)]
    assert sorted(noted) == ["message", "telepathy"]  # the store sets them aside, for the doctor


async def test_groups_are_not_private_and_move(
    channel: TelegramChannel, double: BotApi, ada: Person, inbox: Inbox
) -> None:
    group = double.group([ada])
    async with receiving(channel, inbox):
        await ada.send("/heute", chat=group)
        await inbox.holds(1)
        new = await group.upgrade()
        await inbox.holds(2)
    assert [arrival.address.private for arrival in inbox.arrivals] == [False, False]
    assert inbox.events[1] == RoomMoved(new_room=str(new.id))


async def test_nothing_is_confirmed_while_the_store_is_away(
    channel: TelegramChannel, double: BotApi, ada: Person, inbox: Inbox
) -> None:
    inbox.away = True
    async with receiving(channel, inbox):
        await ada.send("eins")
        await ada.send("zwei")
        await inbox.until(lambda it: it.tries >= 2)
        assert (double.pending, inbox.arrivals) == (2, [])
        inbox.away = False
        found = await inbox.holds(2)
        await double.drained()
    assert [event.text for event in found if isinstance(event, TextReceived)] == ["eins", "zwei"]


async def test_the_offset_is_saved_with_the_arrivals_and_used_after(
    double: BotApi, ada: Person, inbox: Inbox, polled: TelegramChannel
) -> None:
    await ada.send("vorher")
    async with receiving(polled, inbox):
        await inbox.holds(1)
        await double.drained()
    saved = int(inbox.positions["offset"])
    assert inbox.arrivals[0].source == f"u{saved - 1}"

    async with channel_to(double) as again, receiving(again, inbox):
        await ada.send("nachher")
        await inbox.holds(2)
    asked = [poll.params for poll in double.polls]
    assert "offset" not in asked[0]
    assert saved in [poll["offset"] for poll in asked[1:]]
    assert all(poll["allowed_updates"] == list(ALLOWED) for poll in asked)
    assert all(25 <= poll["timeout"] == LONG_POLL_S <= 50 for poll in asked)


async def test_a_backlog_arrives_whole_and_in_order(double: BotApi, inbox: Inbox, polled: TelegramChannel) -> None:
    double.inject([(n % 7 + 1, f"Nummer {n}") for n in range(250)])
    async with receiving(polled, inbox):
        await inbox.holds(250)
        await double.drained()
    assert [e.text for e in inbox.events if isinstance(e, TextReceived)] == [f"Nummer {n}" for n in range(250)]


async def test_a_second_poller_is_waited_out(
    double: BotApi, ada: Person, inbox: Inbox, polled: TelegramChannel, caplog: pytest.LogCaptureFixture
) -> None:
    async with receiving(polled, inbox), aiohttp.ClientSession() as http:
        await double.polled()
        async with http.post(f"{double.url}/bot{TOKEN}/getUpdates", json={"timeout": 0}) as answer:
            assert answer.status == 200
        await double.polled()
        await ada.send("hallo")
        await inbox.holds(1)
    assert "telegram-conflict" in [getattr(record, "action", "") for record in caplog.records]


@pytest.mark.parametrize("fault", ["drop", "answer_lost", "server_error", "too_many"])
async def test_polling_goes_on_after_trouble(
    double: BotApi, ada: Person, inbox: Inbox, polled: TelegramChannel, fault: Kind
) -> None:
    double.fault(fault, "getUpdates")
    await ada.send("hallo")
    async with receiving(polled, inbox):
        assert await inbox.holds(1) == [TextReceived(text="hallo", language="de")]


async def test_a_token_revoked_while_polling_ends_it(
    double: BotApi, ada: Person, inbox: Inbox, polled: TelegramChannel
) -> None:
    async with receiving(polled, inbox) as task:
        await double.polled()
        double.revoke()
        await ada.send("hallo")
        with pytest.raises(TokenRefusedError, match=r"^Telegram no longer accepts the token$"):
            await asyncio.wait_for(task, 10)
    assert inbox.events == [TextReceived(text="hallo", language="de")]


async def test_a_tap_is_answered_although_the_store_is_away(
    double: BotApi, ada: Person, inbox: Inbox, polled: TelegramChannel
) -> None:
    await polled.send(delivery(ada, "?", buttons=[[("Ja", "q:yes")]]))
    tap = await ada.tap(ada.last, "Ja")
    old = await ada.forge(ada.last, "q:forged")
    old.expire()
    inbox.away = True
    async with receiving(polled, inbox):
        await tap.answered()
        await inbox.until(lambda it: it.tries >= 2)
        inbox.away = False
        await inbox.holds(2)
    assert len(double.calls("answerCallbackQuery")) == 2  # once each, though both were fetched again


async def test_polling_takes_over_from_a_webhook_and_back(double: BotApi, ada: Person, inbox: Inbox) -> None:
    async with hooked(double) as (channel, url), receiving(channel, inbox):
        await ada.send("eins")
        await inbox.holds(1)
        assert double.world.webhook is not None
        assert double.world.webhook.url == url
    async with channel_to(double) as channel, receiving(channel, inbox):
        await ada.send("zwei")
        await inbox.holds(2)
        assert double.world.webhook is None


async def test_a_webhook_address_without_a_path_is_one_where_telegram_is_heard(
    double: BotApi, ada: Person, inbox: Inbox
) -> None:
    """As deploy/README.md gives it; at "/" stands the web chat, which refuses whoever is not its page."""
    front = Front("127.0.0.1", 0)
    given = {"telegram_token": TOKEN, "telegram_api_url": double.url, "telegram_webhook_secret": SECRET}
    named = {"operator_name": "Praxis Probe", "operator_contact": "probe@example.org", "_env_file": None}
    hook = webhook_of(read_settings({}, **given, **named, telegram_webhook_url=f"http://127.0.0.1:{front.port}/"))
    assert hook is not None
    async with channel_to(double, webhook=hook) as channel, receiving(channel, inbox):
        (route,) = channel.routes()
        served = asyncio.create_task(front.serve(Starlette(routes=[route])))
        await ada.send("hallo")
        await inbox.holds(1)
        await front.stop()
        await served
        front.close()

    assert hook.url == f"http://127.0.0.1:{front.port}/telegram"


async def test_who_may_post_to_the_webhook(double: BotApi, inbox: Inbox) -> None:
    update = {
        "update_id": 5,
        "message": {"message_id": 1, "date": 1, "text": "x", "chat": {"id": 9, "type": "private"}},
    }
    async with hooked(double) as (channel, url), aiohttp.ClientSession() as http:

        async def post(body: object = update, **headers: str) -> int:
            given = {"json": body} if isinstance(body, dict) else {"data": body}
            async with http.post(url, headers=headers, **given) as answer:
                return answer.status

        right = {HEADER: SECRET}
        assert await post(**right) == 503  # not receiving yet
        async with receiving(channel, inbox):
            assert await post() == 403
            assert await post(**{HEADER: SECRET + "x"}) == 403
            assert await post(**{HEADER: "ä"}) == 403
            assert await post(io.BytesIO(b"x" * ((1 << 20) + 1)), **right) == 413
            assert await post(b"no json", **right) == 200
            assert await post(b"[" * 100_000, **right) == 200
            assert await post(b"[1, 2]", **right) == 200
            assert inbox.arrivals == []
            assert await post(**right) == 200
            assert await post(**right) == 200  # again: a source counts once
            inbox.away = True
            assert await post(**right) == 503
    assert len(inbox.arrivals) == 1


async def test_nothing_secret_is_logged_at_any_level(
    channel: TelegramChannel, double: BotApi, ada: Person, inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answer = delivery(ada, "deine Antwort", buttons=[[("Ja", "q:yes")]])
    async with channel_to(double) as opened:
        assert TOKEN not in f"{opened!r}{opened._sending!r}{opened._receiving!r}{opened._taps!r}{channel.routes()!r}"
    async with receiving(channel, inbox):
        await ada.send("mein Geheimnis")
        double.poison("missing_field", ada)
        await inbox.holds(1)
        await channel.send(answer)
        tap = await ada.tap(ada.last, "Ja")
        await tap.answered()
        for fault in FAILING:
            double.fault(fault, "sendMessage")
            with pytest.raises(DeliveryError):
                await channel.send(answer)
        double.revoke()
        with pytest.raises(TokenRefusedError) as refused:
            await channel.send(answer)
        logging.getLogger("telegram.Bot").error("at %s", f"{double.url}/bot{TOKEN}/getMe", exc_info=refused.value)
    seen = "\n".join(caplog.text.splitlines() + [repr(vars(record)) for record in caplog.records])
    assert "at http" in seen
    assert not re.search(r"0123456789|Geheimnis|Antwort|Ada", seen)
