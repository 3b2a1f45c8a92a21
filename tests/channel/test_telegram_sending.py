"""What leaves for Telegram, judged by an independent model; and what each refusal means for the sender."""

import asyncio
import io
import time
from collections.abc import AsyncIterator

import pytest
from PIL import Image
from telegram.error import TelegramError

from bot.channels.channel import (
    AmbiguousError,
    DeliveryError,
    EditGoneError,
    NotSentError,
    RefusedError,
    RetryLaterError,
    RoomMovedError,
    TokenRefusedError,
    UnreachableError,
)
from bot.channels.telegram.api import Api
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.errors import translated
from bot.channels.telegram.http import AiohttpRequest
from bot.dialogue.markup import escape
from bot.dialogue.messages import Button, Form, Message, Picture
from tests.botapi import TOKEN, BotApi, Person
from tests.channel.telegram_parts import Drawn, Shelf, channel_to, delivery, mp4, png

YES_NO = [[("Ja", "q1:yes"), ("Nein", "q1:no")], [("Zurück", "q1:back")]]
STILL = Picture(figure="bruecke")
OTHER = Picture(figure="beckenkippen")
BAD_REQUEST: dict[str, object] = {"kind": "server_error", "status": 400}
CLIP = Picture(figure="bruecke", form=Form.CLIP)


@pytest.fixture
def ada(double: BotApi) -> Person:
    return double.person(1001, started=True)


@pytest.fixture
def media() -> Shelf:
    return Shelf()


@pytest.fixture
def pictures() -> Drawn:
    return Drawn({"bruecke": png(), "beckenkippen": png(80, "navy")})


@pytest.fixture
async def channel(double: BotApi, pictures: Drawn, media: Shelf) -> AsyncIterator[TelegramChannel]:
    async with channel_to(double, pictures=pictures, media=media) as one:
        yield one


async def test_markup_buttons_and_silence(channel: TelegramChannel, double: BotApi, ada: Person) -> None:
    receipt = await channel.send(delivery(ada, "Guten **Morgen** und *los* 🙂", buttons=YES_NO, silent=True))

    message = ada.last
    assert receipt.remote == str(message.id)
    assert message.html == "Guten <b>Morgen</b> und <i>los</i> 🙂"
    assert [[button.text for button in row] for row in message.buttons] == [["Ja", "Nein"], ["Zurück"]]
    assert message.button("Nein").data == "q1:no"
    assert message.silent
    assert double.calls("sendMessage")[0].params["link_preview_options"] == {"is_disabled": True}


async def test_what_comes_unasked_shows_a_lock_screen_its_discreet_line_only(
    channel: TelegramChannel, ada: Person
) -> None:
    sent = await channel.send(delivery(ada, "Wie stark ist der **Schmerz**?", push="Dein Moment ist da."))

    assert ada.last.html == "Dein Moment ist da.\n<tg-spoiler>Wie stark ist der <b>Schmerz</b>?</tg-spoiler>"

    await channel.send(delivery(ada, "Schmerz: 3 ✓", edits=sent.remote, push="Dein Moment ist da."))
    assert ada.last.html == "Schmerz: 3 ✓"  # an edit notifies nobody


async def test_a_picture_that_comes_unasked_is_covered_too(
    channel: TelegramChannel, double: BotApi, ada: Person
) -> None:
    await channel.send(delivery(ada, "Brücke", picture=STILL, push="Dein Moment ist da."))

    assert double.calls("sendPhoto")[0].params["has_spoiler"] is True


async def test_a_members_words_come_out_as_typed(channel: TelegramChannel, ada: Person) -> None:
    typed = '<b>& "so" **fett** \u202eevil https://x.example </i> a < b'
    await channel.send(delivery(ada, f"Du schreibst: *{escape(typed)}*"))
    assert ada.last.text == f"Du schreibst: {typed}"
    assert [entity["type"] for entity in ada.last.entities] == ["italic"]


async def test_what_cannot_be_sent_is_replaced(channel: TelegramChannel, ada: Person) -> None:
    await channel.send(delivery(ada, "a\0b\ud83dc", buttons=[[("d\udc00e", "q")]]))
    assert (ada.last.text, ada.last.labels) == ("a\ufffdb\ufffdc", ["d\ufffde"])


async def test_a_text_over_the_limit_loses_its_end_only(channel: TelegramChannel, ada: Person) -> None:
    await channel.send(delivery(ada, "**x**" + "🙂" * 3000))
    text = ada.last.text
    assert text.startswith("x🙂")
    assert text.endswith("🙂…")
    assert 4090 < len(text.encode("utf-16-le")) // 2 <= 4096


async def test_styles_of_buttons(channel: TelegramChannel, ada: Person) -> None:
    plan = delivery(ada, "?")
    row = tuple(Button(label=style, data=style, style=style) for style in ("plain", "quiet", "primary", "danger"))
    await channel.send(type(plan)(address=plan.address, message=Message(id=2, text="?", buttons=(row,))))
    assert [button.style for button in ada.last.buttons[0]] == [None, None, "primary", "danger"]


async def test_a_text_is_edited_in_place(channel: TelegramChannel, ada: Person) -> None:
    sent = await channel.send(delivery(ada, "Wie stark?", buttons=YES_NO))
    changed = await channel.send(delivery(ada, "Wie stark? **3**", edits=sent.remote, only_edit=True))
    again = await channel.send(delivery(ada, "Wie stark? **3**", edits=sent.remote))  # "not modified" is fine

    assert sent == changed == again
    assert len(ada.messages) == 1
    assert (ada.last.text, ada.last.labels) == ("Wie stark? 3", [])
    assert [old.labels for old in ada.last.edits] == [["Ja", "Nein", "Zurück"]]


async def test_a_message_that_cannot_be_edited_is_told(channel: TelegramChannel, ada: Person) -> None:
    hers = await ada.send("Aua")
    for remote in ("999", "999m", "nonsense", str(hers.id)):
        with pytest.raises(EditGoneError):
            await channel.send(delivery(ada, "x", edits=remote))
    with pytest.raises(EditGoneError):
        await channel.send(delivery(ada, "x", only_edit=True))
    assert ada.messages == []


async def test_a_photo_is_uploaded_once(
    channel: TelegramChannel, double: BotApi, ada: Person, pictures: Drawn, media: Shelf
) -> None:
    people = [double.person(started=True) for _ in range(6)]
    await asyncio.gather(*(channel.send(delivery(p, "**Brücke**", picture=STILL, buttons=YES_NO)) for p in people))
    receipt = await channel.send(delivery(ada, "noch einmal", picture=STILL))

    assert double.world.files.uploads == 1
    assert [(p.last.text, p.last.photo and p.last.photo.data) for p in people] == [
        ("Brücke", pictures.files["bruecke"])
    ] * 6
    assert receipt.remote == f"{ada.last.id}m"
    assert list(media.known) == [("bruecke:1", "still")]


async def test_a_large_picture(channel: TelegramChannel, ada: Person, pictures: Drawn) -> None:
    out = io.BytesIO()
    Image.effect_noise((1400, 1400), 100).save(out, "PNG")
    pictures.files["bruecke"] = out.getvalue()
    assert len(out.getvalue()) > 1 << 20
    await channel.send(delivery(ada, "groß", picture=STILL))
    assert ada.last.photo is not None
    assert ada.last.photo.data == out.getvalue()


async def test_an_animation_with_its_measures(
    channel: TelegramChannel, double: BotApi, ada: Person, pictures: Drawn
) -> None:
    pictures.files["bruecke"] = mp4()
    await channel.send(delivery(ada, "So geht's", picture=CLIP))
    await channel.send(delivery(ada, "So geht's", picture=CLIP))

    film = ada.last.animation
    assert film is not None
    assert (film.width, film.height, film.seconds, double.world.files.uploads) == (64, 48, 1, 1)
    first, second = (call.params for call in double.calls("sendAnimation"))
    assert (first["width"], first["height"], first["duration"]) == (64, 48, 1)
    assert second["animation"] == film.file_id


async def test_a_refused_file_id_is_dropped_and_uploaded_anew(
    channel: TelegramChannel, double: BotApi, ada: Person, media: Shelf
) -> None:
    media.known["bruecke:1", "still"] = "AgACof-another-bot"
    sent = await channel.send(delivery(ada, "eins", picture=STILL))
    assert media.known["bruecke:1", "still"] != "AgACof-another-bot"

    media.known["beckenkippen:1", "still"] = "AgACof-another-bot"
    await channel.send(delivery(ada, "zwei", picture=OTHER, edits=sent.remote))
    assert (ada.last.text, ada.last.photo and ada.last.photo.width) == ("zwei", 80)
    assert (len(ada.messages), double.world.files.uploads) == (1, 2)


async def test_pictures_and_captions_are_edited_in_place(channel: TelegramChannel, double: BotApi, ada: Person) -> None:
    sent = await channel.send(delivery(ada, "eins", picture=STILL, buttons=YES_NO))
    await channel.send(delivery(ada, "*zwei*", edits=sent.remote))
    await channel.send(delivery(ada, "drei", picture=OTHER, edits=sent.remote, buttons=YES_NO))

    shown = [(m.text, m.photo.width if m.photo else 0, len(m.labels)) for m in (*ada.last.edits, ada.last)]
    assert shown == [("eins", 64, 3), ("zwei", 64, 0), ("drei", 80, 3)]
    with pytest.raises(EditGoneError):  # no room in a caption: it is sent anew, as a text
        await channel.send(delivery(ada, "x" * 1025, edits=sent.remote))
    text = await channel.send(delivery(ada, "vier"))
    assert (await channel.send(delivery(ada, "fünf", picture=STILL, edits=text.remote))).remote == f"{text.remote}m"
    assert (ada.last.text, ada.last.photo and ada.last.photo.width) == ("fünf", 64)
    assert double.world.files.uploads == 2


@pytest.mark.parametrize("picture", [STILL, CLIP], ids=["still", "film"])
async def test_the_words_leave_within_a_second_and_a_bit_though_their_picture_is_being_drawn(
    channel: TelegramChannel, ada: Person, pictures: Drawn, picture: Picture
) -> None:
    pictures.drawing = asyncio.Event()
    pictures.files["bruecke"] = mp4() if picture is CLIP else png()
    began = time.monotonic()
    sent = await channel.send(delivery(ada, "So geht's", picture=picture, buttons=YES_NO))
    assert time.monotonic() - began < 1.5
    assert (ada.last.text, ada.last.media, sent.unfinished) == ("So geht's", None, True)

    pictures.drawing.set()
    whole = await channel.send(delivery(ada, "So geht's", picture=picture, buttons=YES_NO, edits=sent.remote))
    assert (ada.last.media is not None, len(ada.messages), whole.unfinished) == (True, 1, False)
    assert whole.remote == f"{sent.remote}m"


async def test_many_who_wait_for_one_picture_wait_together(
    channel: TelegramChannel, double: BotApi, pictures: Drawn
) -> None:
    pictures.drawing = asyncio.Event()
    people = [double.person(started=True) for _ in range(6)]
    began = time.monotonic()
    await asyncio.gather(*(channel.send(delivery(p, "Brücke", picture=STILL)) for p in people))
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("broken", ["too long", "cannot be drawn", "refused"])
async def test_the_words_leave_without_an_impossible_picture(
    channel: TelegramChannel, ada: Person, pictures: Drawn, media: Shelf, broken: str
) -> None:
    picture = Picture(figure="missing" if broken == "cannot be drawn" else "bruecke")
    pictures.files["bruecke"] = b"no picture" if broken == "refused" else png()
    words = "x" * (1025 if broken == "too long" else 20)
    receipt = await channel.send(delivery(ada, words, picture=picture, buttons=YES_NO))
    assert (ada.last.text, ada.last.media, len(ada.last.labels)) == (words, None, 3)
    assert receipt.remote == str(ada.last.id)
    assert media.known == {}


async def test_pictures_leave_while_the_store_is_away(channel: TelegramChannel, ada: Person, media: Shelf) -> None:
    media.away = True
    await channel.send(delivery(ada, "eins", picture=STILL))
    assert ada.last.photo is not None


async def test_plain_text_when_the_markup_is_not_understood(
    channel: TelegramChannel, double: BotApi, ada: Person
) -> None:
    double.fault("server_error", "sendMessage", status=400, description="Bad Request: can't parse entities: at byte 3")
    await channel.send(delivery(ada, "**a** & <b>"))
    assert (ada.last.text, ada.last.entities) == ("a & <b>", ())


@pytest.mark.parametrize(
    ("order", "error", "applied"),
    [
        ({"kind": "too_many", "retry_after": 7}, RetryLaterError, False),
        ({"kind": "server_error", "status": 502}, RetryLaterError, False),
        ({"kind": "server_error", "status": 429}, RetryLaterError, False),
        ({"kind": "forbidden"}, UnreachableError, False),
        ({"kind": "drop"}, AmbiguousError, False),
        ({"kind": "answer_lost"}, AmbiguousError, True),
        (BAD_REQUEST | {"description": "Bad Request: have no rights to send a message"}, UnreachableError, False),
        (BAD_REQUEST | {"description": "Bad Request: BUTTON_DATA_INVALID"}, RefusedError, False),
    ],
)
async def test_what_a_failure_means(
    channel: TelegramChannel,
    double: BotApi,
    ada: Person,
    order: dict[str, object],
    error: type[DeliveryError],
    *,
    applied: bool,
) -> None:
    double.fault(**{"method": "sendMessage"} | order)  # type: ignore[arg-type]  # a table row
    with pytest.raises(error) as caught:
        await channel.send(delivery(ada, "hallo"))
    assert bool(ada.messages) is applied
    if order["kind"] == "too_many":
        assert getattr(caught.value, "after_s", 0) == 7


async def test_refusals_name_a_class_and_never_a_text(channel: TelegramChannel, ada: Person) -> None:
    for text, buttons, reason in (
        ("", (), "BadRequest:empty"),
        ("x", [[("y", "ä" * 33)]], "BadRequest:button"),
    ):
        with pytest.raises(RefusedError) as caught:
            await channel.send(delivery(ada, text, buttons=buttons))
        assert caught.value.reason == reason


async def test_people_and_rooms_that_are_gone(channel: TelegramChannel, double: BotApi, ada: Person) -> None:
    stranger, group = double.person(), double.group([ada])
    with pytest.raises(UnreachableError):  # chat not found
        await channel.send(delivery(stranger, "hallo"))
    await ada.block()
    with pytest.raises(UnreachableError):
        await channel.send(delivery(ada, "hallo"))
    await ada.unblock()
    await ada.deactivate()
    with pytest.raises(UnreachableError):
        await channel.send(delivery(ada, "hallo"))
    new = await group.upgrade()
    with pytest.raises(RoomMovedError) as moved:
        await channel.send(delivery(group, "hallo"))
    assert moved.value.new_room == str(new.id)


async def test_a_request_that_never_left(ada: Person, double: BotApi, channel: TelegramChannel) -> None:
    await double.stop()
    with pytest.raises(NotSentError):
        await channel.send(delivery(ada, "hallo"))


async def test_no_answer_in_time_is_ambiguous(ada: Person, double: BotApi) -> None:
    request = AiohttpRequest()
    double.fault("slow", "sendMessage", seconds=0.5)
    with pytest.raises(TelegramError) as caught:
        await Api(f"{double.url}/bot{TOKEN}", request).call(
            "sendMessage", {"chat_id": ada.id, "text": "x"}, read_s=0.01
        )
    assert isinstance(translated(caught.value), AmbiguousError)
    assert (await ada.next_message()).text == "x"
    await request.shutdown()


async def test_a_revoked_token(channel: TelegramChannel, double: BotApi, ada: Person) -> None:
    double.revoke()
    with pytest.raises(TokenRefusedError):
        await channel.send(delivery(ada, "hallo"))
    with pytest.raises(TokenRefusedError):
        async with channel_to(double):
            pass


async def test_a_start_code_on_a_line_of_its_own_is_a_link(channel: TelegramChannel, ada: Person) -> None:
    words = "Mitmachen:\n/start g_JKLMN23456\n\nGruppe:\n/start r_ABCDE23456\nSchreib /start g_X nicht ab."
    await channel.send(delivery(ada, words))

    name = channel.username
    assert ada.messages[-1].text.split("\n") == [
        "Mitmachen:",
        f"https://t.me/{name}?start=g_JKLMN23456",
        "",
        "Gruppe:",
        f"https://t.me/{name}?startgroup=r_ABCDE23456",
        "Schreib /start g_X nicht ab.",
    ]
