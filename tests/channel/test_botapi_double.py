"""The Bot API double as python-telegram-bot sees it: what is sent, edited and refused."""

import io
from collections.abc import AsyncIterator

import av
import pytest
from PIL import Image
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    ReplyParameters,
    Update,
)
from telegram.error import BadRequest, ChatMigrated, EndPointNotFound, Forbidden, InvalidToken

from tests.botapi import TOKEN, BotApi, Person

KEYS = InlineKeyboardMarkup(
    [[InlineKeyboardButton("Ja", callback_data="q1:yes"), InlineKeyboardButton("Nein", callback_data="q1:no")]]
)


def png(side: int = 64, colour: str = "teal") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (side, side), colour).save(out, "PNG")
    return out.getvalue()


def mp4() -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as film:
        stream = film.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for _ in range(10):
            film.mux(stream.encode(av.VideoFrame(64, 48, "yuv420p")))
        film.mux(stream.encode())
    return out.getvalue()


@pytest.fixture
async def double() -> AsyncIterator[BotApi]:
    async with await BotApi.start() as running:
        yield running


@pytest.fixture
async def bot(double: BotApi) -> AsyncIterator[Bot]:
    async with Bot(TOKEN, base_url=f"{double.url}/bot", base_file_url=f"{double.url}/file/bot") as client:
        yield client


@pytest.fixture
async def ada(double: BotApi) -> Person:
    person = double.person(1001, language="de")
    await person.send("/start")
    return person


async def updates(bot: Bot, offset: int | None = None) -> tuple[Update, ...]:
    return await bot.get_updates(offset=offset, timeout=5, allowed_updates=Update.ALL_TYPES)


async def test_html_is_seen_as_text_with_entities(bot: Bot, ada: Person) -> None:
    sent = await bot.send_message(
        ada.id, "Guten <b>Morgen</b> &amp; <i>los</i> 🙂", parse_mode="HTML", reply_markup=KEYS
    )

    message = ada.last
    assert (message.id, message.text) == (sent.message_id, "Guten Morgen & los 🙂")
    assert sent.text == message.text
    assert [(e["type"], e["offset"], e["length"]) for e in message.entities] == [("bold", 6, 6), ("italic", 15, 3)]
    assert message.html == "Guten <b>Morgen</b> &amp; <i>los</i> 🙂"
    assert [[b.text for b in row] for row in message.buttons] == [["Ja", "Nein"]]
    assert message.button("Nein").data == "q1:no"


@pytest.mark.parametrize(
    ("text", "mode", "reason"),
    [
        ("", None, "message text is empty"),
        ("   ", None, "message text is empty"),
        ("<b></b>", "HTML", "message text is empty"),
        ("x" * 4097, None, "message is too long"),
        ("<b>offen", "HTML", "can't parse entities"),
        ("a < b", "HTML", "can't parse entities"),
        ("Punkt.", "MarkdownV2", "can't parse entities"),
    ],
)
async def test_texts_the_platform_refuses(bot: Bot, ada: Person, text: str, mode: str | None, reason: str) -> None:
    with pytest.raises(BadRequest, match=f"(?i){reason}"):
        await bot.send_message(ada.id, text, parse_mode=mode)
    assert ada.messages == []


async def test_length_counts_after_the_markup_is_parsed(bot: Bot, ada: Person) -> None:
    await bot.send_message(ada.id, "<b>" + "x" * 4096 + "</b>", parse_mode="HTML")
    assert len(ada.last.text) == 4096


async def test_unknown_parameter_and_wrong_type_are_refused(bot: Bot, ada: Person) -> None:
    with pytest.raises(BadRequest, match=r"(?i)unexpected parameter 'colour'"):
        await bot.send_message(ada.id, "hallo", api_kwargs={"colour": "red"})
    with pytest.raises(BadRequest, match=r"(?i)disable_notification"):
        await bot.send_message(ada.id, "hallo", api_kwargs={"disable_notification": "perhaps"})
    with pytest.raises(BadRequest, match=r"(?i)button_data_invalid"):
        await bot.send_message(
            ada.id, "hallo", reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("x", callback_data="ä" * 33)]])
        )
    with pytest.raises(EndPointNotFound):
        await bot.do_api_request("sendTelepathy")


async def test_photo_is_opened_and_sent_again_by_its_id(double: BotApi, bot: Bot, ada: Person) -> None:
    data = png()
    first = await bot.send_photo(ada.id, data, caption="<b>Brücke</b>", parse_mode="HTML", reply_markup=KEYS)
    await bot.send_photo(ada.id, first.photo[-1].file_id)

    one, two = ada.messages
    assert one.photo is not None
    assert two.photo is not None
    assert (one.text, one.photo.width, one.photo.data) == ("Brücke", 64, data)
    assert two.photo.file_id == one.photo.file_id
    assert double.world.files.uploads == 1
    fetched = await (await bot.get_file(first.photo[-1].file_id)).download_as_bytearray()
    assert bytes(fetched) == data


async def test_pictures_the_platform_refuses(bot: Bot, ada: Person) -> None:
    with pytest.raises(BadRequest, match=r"(?i)image_process_failed"):
        await bot.send_photo(ada.id, b"no picture")
    with pytest.raises(BadRequest, match=r"(?i)wrong file identifier"):
        await bot.send_photo(ada.id, "AgACforeign")
    with pytest.raises(BadRequest, match=r"(?i)video_content_type_invalid"):
        await bot.send_animation(ada.id, b"no film", filename="x.mp4")
    with pytest.raises(BadRequest, match=r"(?i)caption is too long"):
        await bot.send_photo(ada.id, png(), caption="x" * 1025)
    with pytest.raises(BadRequest, match=r"(?i)file must be non-empty"):
        await bot.send_photo(ada.id, b"")
    photo = (await bot.send_photo(ada.id, png())).photo[-1].file_id
    with pytest.raises(BadRequest, match=r"(?i)can't use file of type photo as animation"):
        await bot.send_animation(ada.id, photo)


async def test_animation_is_opened(bot: Bot, ada: Person) -> None:
    sent = await bot.send_animation(ada.id, mp4(), filename="bruecke.mp4", caption="Brücke")

    film = ada.last.animation
    assert film is not None
    assert (film.width, film.height, film.seconds) == (64, 48, 1)
    assert sent.animation is not None
    assert sent.animation.file_id == film.file_id


async def test_edits_keep_the_history_and_drop_the_keyboard(bot: Bot, ada: Person) -> None:
    sent = await bot.send_message(ada.id, "Wie stark?", reply_markup=KEYS)
    await bot.edit_message_text("Wie stark ist es?", ada.id, sent.message_id)

    message = ada.last
    assert (message.text, message.buttons) == ("Wie stark ist es?", ())
    assert [(old.text, old.labels) for old in message.edits] == [("Wie stark?", ["Ja", "Nein"])]
    with pytest.raises(BadRequest, match=r"(?i)not modified"):
        await bot.edit_message_text("Wie stark ist es?", ada.id, sent.message_id)
    with pytest.raises(BadRequest, match=r"(?i)message to edit not found"):
        await bot.edit_message_text("x", ada.id, 999)
    with pytest.raises(BadRequest, match=r"(?i)no caption"):
        await bot.edit_message_caption(ada.id, sent.message_id, caption="x")


async def test_media_and_captions_are_edited(bot: Bot, ada: Person) -> None:
    sent = await bot.send_photo(ada.id, png(), caption="eins")
    await bot.edit_message_caption(ada.id, sent.message_id, caption="zwei", reply_markup=KEYS)
    await bot.edit_message_media(InputMediaPhoto(png(80), caption="drei"), ada.id, sent.message_id)
    await bot.edit_message_reply_markup(ada.id, sent.message_id, reply_markup=KEYS)

    message = ada.last
    assert [m.text for m in (*message.edits, message)] == ["eins", "zwei", "drei", "drei"]
    assert [m.photo.width for m in (*message.edits, message) if m.photo] == [64, 64, 80, 80]
    assert message.labels == ["Ja", "Nein"]
    with pytest.raises(BadRequest, match=r"(?i)no text in the message"):
        await bot.edit_message_text("x", ada.id, sent.message_id)


async def test_tap_is_answered_once(bot: Bot, ada: Person) -> None:
    await bot.send_message(ada.id, "Gut geschlafen?", reply_markup=KEYS)
    tap = await ada.tap(ada.last, "Ja")
    query = (await updates(bot))[-1].callback_query

    assert query is not None
    assert (query.data, query.from_user.id) == ("q1:yes", ada.id)
    assert await bot.answer_callback_query(query.id, "Danke")
    assert await tap.answered() == "Danke"
    with pytest.raises(BadRequest, match=r"(?i)query is too old"):
        await bot.answer_callback_query(query.id)


async def test_old_screens_and_forged_data_reach_the_bot(bot: Bot, ada: Person) -> None:
    sent = await bot.send_message(ada.id, "Gut geschlafen?", reply_markup=KEYS)
    old = ada.last
    await bot.edit_message_text("Danke", ada.id, sent.message_id)
    await ada.tap(old, "Nein")
    await bot.delete_message(ada.id, sent.message_id)
    tap = await ada.forge(old, "q1:admin")
    tap.expire()

    queries = [u.callback_query for u in await updates(bot) if u.callback_query]
    assert [q.data for q in queries] == ["q1:no", "q1:admin"]
    assert queries[1].message is not None
    assert not queries[1].message.is_accessible
    with pytest.raises(BadRequest, match=r"(?i)query is too old"):
        await bot.answer_callback_query(queries[1].id)
    with pytest.raises(BadRequest, match=r"(?i)message to delete not found"):
        await bot.delete_message(ada.id, sent.message_id)


async def test_replies_pins_actions_and_reactions(bot: Bot, ada: Person) -> None:
    hers = await ada.send("Aua")
    sent = await bot.send_message(ada.id, "Oh", reply_parameters=ReplyParameters(hers.id), disable_notification=True)
    await bot.pin_chat_message(ada.id, sent.message_id)
    await bot.send_chat_action(ada.id, "typing")
    await bot.set_message_reaction(ada.id, hers.id, "👍")

    assert (ada.last.reply_to, ada.last.silent) == (hers.id, True)
    assert (ada.pinned, ada.actions, ada.reaction(hers)) == ([sent.message_id], ["typing"], ["👍"])
    with pytest.raises(BadRequest, match=r"(?i)to be replied not found"):
        await bot.send_message(ada.id, "Oh", reply_parameters=ReplyParameters(999))
    with pytest.raises(BadRequest, match=r"(?i)reaction_invalid"):
        await bot.set_message_reaction(ada.id, hers.id, "🦴")


async def test_commands_and_descriptions_per_scope_and_language(double: BotApi, bot: Bot) -> None:
    scope = BotCommandScopeAllPrivateChats()
    await bot.set_my_commands([BotCommand("heute", "Übungen von heute")], scope, language_code="de")
    await bot.set_my_commands([BotCommand("today", "Today's exercises")])
    await bot.set_my_description("Begleitet dich", language_code="de")
    await bot.set_my_short_description("Rücken")

    assert double.commands("all_private_chats", "de") == [{"command": "heute", "description": "Übungen von heute"}]
    assert [one.command for one in await bot.get_my_commands()] == ["today"]
    assert double.profile("description", "de") == "Begleitet dich"
    assert (await bot.get_my_short_description()).short_description == "Rücken"
    with pytest.raises(BadRequest, match=r"(?i)bot_command_invalid"):
        await bot.set_my_commands([BotCommand("Übung", "x")])


async def test_who_may_be_written_to(double: BotApi, bot: Bot, ada: Person) -> None:
    stranger = double.person(1002)
    with pytest.raises(BadRequest, match=r"(?i)chat not found"):
        await bot.send_message(stranger.id, "hallo")
    await ada.block()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(ada.id, "hallo")
    await ada.unblock()
    await bot.send_message(ada.id, "hallo")

    changes = [u.my_chat_member for u in await updates(bot) if u.my_chat_member]
    assert [change.new_chat_member.status for change in changes] == ["kicked", "member"]


async def test_group_upgrade_names_the_new_chat(double: BotApi, bot: Bot, ada: Person) -> None:
    group = double.group([ada])
    await group.invite_bot()
    new = await group.upgrade()

    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(group.id, "hallo")
    assert moved.value.new_chat_id == new.id
    await bot.send_message(new.id, "hallo")
    assert new.texts == ["hallo"]
    heard = [u.message for u in await updates(bot) if u.message]
    assert [(m.migrate_to_chat_id, m.migrate_from_chat_id) for m in heard[-2:]] == [(new.id, None), (None, group.id)]
    await new.kick_bot()
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await bot.send_message(new.id, "hallo")


async def test_privacy_mode_hides_small_talk(double: BotApi, bot: Bot, ada: Person) -> None:
    group = double.group([ada])
    await ada.send("Hallo zusammen", chat=group)
    await ada.send("/heute", chat=group)
    posted = await bot.send_message(group.id, "Wer war heute aktiv?", reply_markup=KEYS)
    await ada.send("ich", chat=group, reply_to=group.last)
    await ada.tap(group.last, "Ja")

    heard = await updates(bot)
    in_group = [u.effective_message for u in heard if u.effective_chat and u.effective_chat.id == group.id]
    assert [m.text for m in in_group if m] == ["/heute", "ich", "Wer war heute aktiv?"]
    assert group.last.id == posted.message_id


async def test_all_kinds_of_messages_are_valid_updates(bot: Bot, ada: Person) -> None:
    start = await updates(bot)  # asks for all kinds, reactions too, which are not sent by default
    await ada.send_photo(png(), "mein Rücken")
    await ada.send_voice()
    await ada.send_sticker()
    await ada.send_location()
    await ada.send_contact()
    await ada.send_document(b"%PDF", "befund.pdf")
    text = await ada.send("Es geht")
    await ada.edit(text, "Es geht nicht")
    await ada.react(text, "👍")

    heard = await updates(bot, start[-1].update_id + 1)
    messages = [u.message for u in heard if u.message]
    assert [bool(x) for m in messages for x in (m.photo, m.voice, m.sticker, m.location, m.contact, m.document)] == [
        row == column for row in range(7) for column in range(6)
    ]
    assert heard[-2].edited_message is not None
    assert heard[-2].edited_message.text == "Es geht nicht"
    assert heard[-1].message_reaction is not None


async def test_wrong_and_revoked_tokens(double: BotApi, bot: Bot, ada: Person) -> None:
    wrong = Bot("123456:another-token", base_url=f"{double.url}/bot")
    with pytest.raises(InvalidToken):
        await wrong.initialize()
    await wrong.shutdown()
    double.revoke()
    with pytest.raises(InvalidToken):
        await bot.send_message(ada.id, "hallo")
    assert TOKEN not in repr(double) + repr(double.requests)


async def test_a_second_client_understands_every_answer(double: BotApi, ada: Person) -> None:
    import aiogram  # here, since it takes seconds that every process of the suite would pay
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer

    api = TelegramAPIServer.from_base(double.url)
    async with aiogram.Bot(TOKEN, session=AiohttpSession(api=api)) as other:
        keys = aiogram.types.InlineKeyboardMarkup(
            inline_keyboard=[[aiogram.types.InlineKeyboardButton(text="Ja", callback_data="yes")]]
        )
        sent = await other.send_message(ada.id, "<b>Hallo</b>", parse_mode="HTML", reply_markup=keys)
        await other.edit_message_text("<i>Los</i>", chat_id=ada.id, message_id=sent.message_id, parse_mode="HTML")
        photo = await other.send_photo(ada.id, aiogram.types.BufferedInputFile(png(), "a.png"), caption="Brücke")
        film = await other.send_animation(ada.id, aiogram.types.BufferedInputFile(mp4(), "a.mp4"))
        me, chat = await other.me(), await other.get_chat(ada.id)

    assert photo.photo is not None
    assert film.animation is not None
    assert (me.id, chat.id, photo.photo[-1].width, film.animation.width) == (123456, ada.id, 64, 64)
    assert ada.texts == ["Los", "Brücke", ""]
