"""The Bot API double between the bot and the network: polling, webhooks, faults, poison, and as its own process."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import aiohttp
import pytest
from aiohttp import web
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest, Conflict, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut

from tests.botapi import TOKEN, BotApi, Limits, Rate
from tests.botapi.remote import RemoteBotApi

SECRET = "s3cret-of-the-hook"
Answer = Callable[[web.Request], Awaitable[web.Response]]


@pytest.fixture(autouse=True)
def durations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # retry_after as a timedelta, without a warning


@pytest.fixture
async def double() -> AsyncIterator[BotApi]:
    async with await BotApi.start(retry_pause=0.01) as running:
        yield running


@pytest.fixture
async def bot(double: BotApi) -> AsyncIterator[Bot]:
    async with client(double.url) as one:
        yield one


def client(url: str) -> Bot:
    return Bot(TOKEN, base_url=f"{url}/bot", base_file_url=f"{url}/file/bot")


async def chunks(chat_id: int, text: str) -> AsyncIterator[bytes]:
    yield f"chat_id={chat_id}&te".encode()
    yield f"xt={text}".encode()


@asynccontextmanager
async def hook(answer: Answer) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/hook", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    await runner.cleanup()


async def test_an_update_stays_until_its_offset_is_passed(double: BotApi, bot: Bot) -> None:
    ada = double.person()
    for number in range(101):
        await ada.send(f"Nummer {number}")

    first = await bot.get_updates(timeout=0)
    again = await bot.get_updates(timeout=0)
    assert len(first) == 100
    assert [u.update_id for u in again] == [u.update_id for u in first]
    rest = await bot.get_updates(offset=first[-1].update_id + 1, timeout=0)
    assert [u.message.text for u in rest if u.message] == ["Nummer 100"]
    assert double.pending == 1
    await bot.get_updates(offset=rest[-1].update_id + 1, timeout=0)
    assert double.pending == 0


async def test_a_long_poll_wakes_with_the_first_update(double: BotApi, bot: Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=60))
    await double.polled()
    await double.person().send("hallo")
    assert [u.message.text for u in await poll if u.message] == ["hallo"]


async def test_a_second_poller_ends_the_first(double: BotApi, bot: Bot) -> None:
    async with client(double.url) as second:
        poll = asyncio.create_task(bot.get_updates(timeout=60))
        await double.polled()
        assert await second.get_updates(timeout=1) == ()
        with pytest.raises(Conflict, match="terminated by other getUpdates"):
            await poll


async def test_allowed_updates_stick(double: BotApi, bot: Bot) -> None:
    ada = double.person()
    await bot.get_updates(timeout=0, allowed_updates=["message"])
    await ada.send("hallo")
    await ada.block()
    await ada.unblock()
    assert len(await bot.get_updates(timeout=0)) == 1
    await bot.get_updates(timeout=0, allowed_updates=[])
    await ada.block()
    assert len(await bot.get_updates(timeout=0)) == 2


async def test_a_webhook_is_asked_again_until_it_accepts(double: BotApi, bot: Bot) -> None:
    texts: list[str] = []
    tries: list[int] = []

    async def answer(request: web.Request) -> web.Response:
        assert request.headers["X-Telegram-Bot-Api-Secret-Token"] == SECRET
        tries.append(1)
        if len(tries) < 3:
            return web.Response(status=503)
        texts.append((await request.json())["message"]["text"])
        return web.Response()

    ada = double.person()
    await ada.send("vorher")
    async with hook(answer) as url:
        await bot.set_webhook(url, secret_token=SECRET, max_connections=3)
        await ada.send("nachher")
        await double.drained()
        info = await bot.get_webhook_info()
        with pytest.raises(Conflict, match="webhook is active"):
            await bot.get_updates(timeout=0)
        assert [delivery.status for delivery in double.deliveries] == [503, 503, 200, 200]
        await bot.delete_webhook()

    assert texts == ["vorher", "nachher"]
    assert info.url.endswith("/hook")
    assert info.last_error_message == "Wrong response from the webhook: 503 Service Unavailable"
    with pytest.raises(BadRequest, match=r"(?i)https url must be provided"):
        await bot.set_webhook("http://coach.example/hook")


async def test_webhook_uses_several_connections(double: BotApi, bot: Bot) -> None:
    inside: list[int] = []
    all_in = asyncio.Event()

    async def answer(request: web.Request) -> web.Response:
        inside.append((await request.json())["message"]["from"]["id"])
        if len(inside) == 3:
            all_in.set()
        await all_in.wait()
        return web.Response()

    async with hook(answer) as url:
        await bot.set_webhook(url, max_connections=3)
        people = [double.person() for _ in range(3)]
        for person in people:
            await person.send("hallo")
        await double.drained()
    assert sorted(inside) == sorted(person.id for person in people)


@pytest.mark.parametrize(
    ("order", "error", "applied"),
    [
        ({"kind": "too_many", "retry_after": 7}, RetryAfter, False),
        ({"kind": "forbidden"}, Forbidden, False),
        ({"kind": "server_error", "status": 502}, NetworkError, False),
        ({"kind": "drop"}, NetworkError, False),
        ({"kind": "answer_lost"}, NetworkError, True),
    ],
)
async def test_faults(
    double: BotApi, bot: Bot, order: dict[str, object], error: type[TelegramError], *, applied: bool
) -> None:
    ada, bob = double.person(started=True), double.person(started=True)
    fault = double.fault(**{"method": "sendMessage", "chat": ada, "nth": 2} | order)  # type: ignore[arg-type] # a table row
    await bot.send_message(ada.id, "eins")
    with pytest.raises(error):
        await bot.send_message(ada.id, "zwei")
    await bot.send_message(bob.id, "drei")
    await bot.send_message(ada.id, "vier")

    assert ada.texts == (["eins", "zwei", "vier"] if applied else ["eins", "vier"])
    assert (bob.texts, fault.hits) == (["drei"], 1)
    assert [r.applied for r in double.calls("sendMessage")] == [True, applied, True, True]


async def test_a_slow_answer_is_applied_though_the_client_gave_up(double: BotApi, bot: Bot) -> None:
    ada = double.person(started=True)
    double.fault("slow", "sendMessage", seconds=0.2)
    with pytest.raises(TimedOut):
        await bot.send_message(ada.id, "hallo", read_timeout=0.01)
    assert (await ada.next_message()).text == "hallo"


async def test_a_fault_lasts_until_it_is_healed(double: BotApi, bot: Bot) -> None:
    ada = double.person(started=True)
    double.fault("too_many", times=None)
    for _ in range(3):
        with pytest.raises(RetryAfter):
            await bot.send_message(ada.id, "hallo")
    double.heal()
    await bot.send_message(ada.id, "hallo")
    assert ada.texts == ["hallo"]


async def test_the_platforms_pace() -> None:
    limits = Limits(private=Rate(0.001, 3), group=Rate(0.001, 1))
    async with await BotApi.start(limits=limits) as double, client(double.url) as bot:
        ada, bob = double.person(started=True), double.person(started=True)
        group = double.group([ada])
        sent = [await bot.send_message(ada.id, text) for text in ("eins", "zwei")]
        await bot.edit_message_text("drei", ada.id, sent[1].message_id)
        with pytest.raises(RetryAfter) as refused:
            await bot.send_message(ada.id, "vier")
        await bot.send_message(bob.id, "eins")
        await bot.send_message(group.id, "eins")
        with pytest.raises(RetryAfter):
            await bot.send_message(group.id, "zwei")

    assert refused.value.retry_after == timedelta(seconds=1000)
    assert (ada.texts, bob.texts, group.texts) == (["eins", "drei"], ["eins"], ["eins"])


async def test_poison_goes_out_as_it_is(double: BotApi) -> None:
    ids = [double.poison(kind) for kind in ("missing_field", "unknown_type", "nul", "surrogate")]
    async with aiohttp.ClientSession() as http, http.post(f"{double.url}/bot{TOKEN}/getUpdates") as answer:
        body = await answer.read()
    found = json.loads(body)["result"]
    assert [update["update_id"] for update in found] == ids
    assert "date" not in found[0]["message"]
    assert "telepathy" in found[1]
    assert [update["message"]["text"] for update in found[2:]] == ["ha\x00llo", "ha\ud83dllo"]


async def test_waiting_tells_what_was_there_instead(double: BotApi, bot: Bot) -> None:
    ada = double.person(started=True)
    await bot.send_message(ada.id, "Guten Morgen")
    with pytest.raises(AssertionError, match="Guten Morgen"):
        await ada.sees("Gute Nacht", timeout=0.01)
    assert (await ada.sees("Morgen")).id == (await ada.next_message()).id


async def test_the_fast_mode_speaks_the_same_protocol() -> None:
    async with await BotApi.start(verdicts=False) as double, client(double.url) as bot:
        ada = double.person(started=True)
        poll = asyncio.create_task(bot.get_updates(timeout=60))
        await double.polled()
        data = b"\r\n--\r\n any bytes \x00\xff" * 1000
        sent = await bot.send_photo(ada.id, data, caption="<b>Brücke</b>", parse_mode="HTML")
        fetched = await (await bot.get_file(sent.photo[-1].file_id)).download_as_bytearray()
        with pytest.raises(BadRequest, match=r"(?i)chat not found"):
            await bot.send_message(999, "hallo")
        double.fault("drop", "sendMessage")
        with pytest.raises(NetworkError):
            await bot.send_message(ada.id, "hallo")
        await ada.send("hallo")
        assert [u.message.text for u in await poll if u.message] == ["hallo"]

        async with aiohttp.ClientSession() as http:
            for text in ("eins", "zwei"):  # a body in chunks, two requests on one connection
                async with http.post(f"{double.url}/bot{TOKEN}/sendMessage", data=chunks(ada.id, text)) as answer:
                    assert (await answer.json())["ok"]

    assert bytes(fetched) == data
    assert (ada.texts, double.requests) == (["Brücke", "eins", "zwei"], [])
    assert (double.counts["sendMessage", 400], double.counts["sendMessage", 0]) == (1, 1)


@pytest.mark.parametrize("fast", [True, False])
async def test_as_a_process_it_is_driven_over_http(*, fast: bool) -> None:
    keys = InlineKeyboardMarkup([[InlineKeyboardButton("Ja", callback_data="q:yes")]])
    async with RemoteBotApi.spawn(fast=fast) as double, client(double.url) as bot:
        await double.inject([(number, "/start") for number in range(1, 31)])
        heard = await bot.get_updates(timeout=5, allowed_updates=Update.ALL_TYPES)
        for update in heard:
            assert update.message is not None
            await bot.send_message(
                update.message.chat_id, "<b>Hallo</b> &amp; los", parse_mode="HTML", reply_markup=keys
            )
        assert (await double.wait(30, timeout=10))["sent"] == 30

        replies = await double.replies()
        assert {number: [reply.text for reply in found] for number, found in replies.items()} == {
            number: ["Hallo & los"] for number in range(1, 31)
        }
        await double.tap([(1, replies[1][0].id, "Ja")])
        await double.block([2])
        await double.fault("too_many", "sendMessage", chat=3, retry_after=5)
        offset = heard[-1].update_id + 1
        taps = await bot.get_updates(offset=offset, timeout=5)
        assert taps[0].callback_query is not None
        assert taps[0].callback_query.data == "q:yes"
        with pytest.raises(Forbidden):
            await bot.send_message(2, "hallo")
        with pytest.raises(RetryAfter):
            await bot.send_message(3, "hallo")
        counts = await double.counts()
        assert ["sendMessage", 403, 1] in counts["calls"]
        assert ["sendMessage", 429, 1] in counts["calls"]
        assert ["sendMessage", 200, 30] in counts["calls"]
