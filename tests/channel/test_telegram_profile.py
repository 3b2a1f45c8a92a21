"""What Telegram shows of the bot, per language; and the filter that keeps tokens out of logs."""

import logging

import pytest

from bot.channels.telegram.channel import Profile
from bot.channels.telegram.redact import Redacting
from tests.botapi import TOKEN, BotApi
from tests.channel.telegram_parts import channel_to

PROFILES = [
    Profile(language="de", commands=(("heute", "Was heute ansteht"),), description="Lang", short="Kurz"),
    Profile(language="", commands=(("today", "What is due today"),), description="Long", short="Short"),
]


async def test_commands_and_descriptions_per_language() -> None:
    async with await BotApi.start() as double, channel_to(double) as channel:
        await channel.introduce(PROFILES)
        assert double.commands("all_private_chats", "de") == [{"command": "heute", "description": "Was heute ansteht"}]
        assert double.commands("all_private_chats") == [{"command": "today", "description": "What is due today"}]
        assert [double.profile("description", language) for language in ("de", "")] == ["Lang", "Long"]
        assert [double.profile("short_description", language) for language in ("de", "")] == ["Kurz", "Short"]
        assert (channel.name, channel.account) == ("telegram", TOKEN.partition(":")[0])


async def test_a_failure_is_logged_and_the_rest_is_still_set(caplog: pytest.LogCaptureFixture) -> None:
    async with await BotApi.start() as double, channel_to(double) as channel:
        double.fault("too_many", "setMyCommands")
        double.fault("drop", "setMyDescription")
        await channel.introduce(PROFILES)
        assert double.commands("all_private_chats", "de") == []
        assert double.commands("all_private_chats") != []
        assert double.profile("short_description", "de") == "Kurz"
    assert sorted(getattr(record, "what", "") for record in caplog.records) == ["commands", "description"]


@pytest.mark.parametrize("reads_all", [False, True])
async def test_a_bot_that_reads_whole_groups_is_told_of(caplog: pytest.LogCaptureFixture, *, reads_all: bool) -> None:
    async with await BotApi.start() as double:
        double.world.bot["can_read_all_group_messages"] = reads_all
        async with channel_to(double):
            pass
    assert ["privacy mode" in record.getMessage() for record in caplog.records] == [True] * reads_all


def test_tokens_are_taken_out_of_message_arguments_and_traceback() -> None:
    other = "7654321:" + "Z" * 35
    with pytest.raises(ValueError, match="own") as caught:
        int(f"bot{other}/x and own")
    error = (caught.type, caught.value, caught.tb)
    record = logging.LogRecord("x", logging.ERROR, "f", 1, "%s %d own", (f"bot{TOKEN}/y", 5), error)
    assert Redacting("own").filter(record)
    seen = repr(vars(record)) + logging.Formatter().format(record)
    assert "bot<token>/y 5 <token>" in seen
    assert "ValueError" in seen  # and not what it says
    assert not any(secret in seen for secret in (TOKEN, other, "own"))
