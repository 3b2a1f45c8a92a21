"""Whatever somebody wrote on Matrix in own words: no command and no prompt of a month brings it to Telegram."""

from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.dialogue.commands import NAMES, Command
from bot.dialogue.events import LinkNews
from bot.dialogue.facts_places import United
from bot.dialogue.messages import Attachment
from bot.dialogue.moment import Moment
from bot.dialogue.reporting import report_of
from bot.dialogue.turn import Draft, Turn
from tests.dialogue.room import Room

DAYS = 30
WRITTEN: dict[str, Any] = {"name": "Zwetschge", "own": "Cellofagott spielen", "concern": "Kontrabassreise"}
HELPED = "Kirschkernkissen"
SECRETS = ("Zwetschge", "Cellofagott", "Kontrabassreise", HELPED)
LEFT_OUT = {Command.ERASE, Command.UNLINK, Command.STOP, Command.PAUSE}  # these end the month


def written_on_matrix(seed: int) -> Room:
    """A member of some weeks, who wrote in all places where own words are taken, then linked Telegram."""
    room = Room(language="de", channel="matrix")
    room.first_day()
    known = room.member.known
    room.member = replace(room.member, known=replace(known, about=replace(known.about, **WRITTEN), helped=HELPED))
    room.says("/bericht")
    room.says(WRITTEN["concern"])
    if seed % 2:
        room.lives(days=1)  # a prompt with the name stands open when Telegram joins
    room.channel, room.elsewhere = "telegram", ("matrix",)
    room.happens(LinkNews(what="linked", there="telegram", united=United(channel="telegram")))
    return room


def check(turn: Turn | None) -> None:
    for message in () if turn is None else turn.messages:
        shown = repr(message)
        assert not [secret for secret in SECRETS if secret in shown], shown
        assert message.file is not Attachment.EXPORT


@pytest.mark.parametrize("seed", range(4))
def test_a_month_on_telegram_never_says_a_word_that_was_written_on_matrix(seed: int) -> None:
    chance = Random(seed)
    room = written_on_matrix(seed)
    check(room.last)
    names = sorted({min(n for n, c in NAMES.items() if c is command) for command in set(NAMES.values()) - LEFT_OUT})
    said = set()
    for _ in range(DAYS):
        for turn in room.lives_until(room.now + timedelta(hours=chance.randint(18, 30))):
            check(turn)
        for name in chance.sample(names, 4):
            said.add(name)
            check(room.says(f"/{name}"))
            for _ in range(3):
                shown = [room.visible[row] for row in room.order[-3:]]
                offered = [button for message in shown for line in message.buttons for button in line]
                answers = [
                    button for button in offered if button.answers and button.data.startswith(tuple("0123456789"))
                ]
                if answers:
                    check(room.taps(chance.choice(answers).label))
    assert len(said) > len(names) / 2


@pytest.mark.parametrize("channel", ["telegram", "matrix"])
def test_a_day_speaks_in_the_members_own_words_only_where_it_may(channel: str) -> None:
    room = written_on_matrix(0)
    if channel == "matrix":
        room.channel, room.elsewhere = "matrix", ()
    greeted = 0
    for _ in range(DAYS):
        room.until_due("prompt")
        turns = [room.says("3")]
        if room.is_offered("go"):
            turns.append(room.taps("go"))
        room.trains()
        turns += [room.says("2"), *room.lives(hours=14)]
        said = [message.text for turn in turns for message in turn.messages]
        greeted += any(secret in text for secret in SECRETS for text in said)
    assert (greeted > 0) == (channel == "matrix")


def test_the_report_of_somebody_with_both_places_leaves_the_words_out() -> None:
    room = written_on_matrix(0)
    moment = Moment(room.now, ZoneInfo("Europe/Berlin"))
    made = {
        places: report_of(
            Draft(member=room.member, moment=moment, kit=room.kit, channel=places[0], elsewhere=places[1:], next_id=0)
        )
        for places in (("telegram", "matrix"), ("matrix",))
    }
    assert [secret for secret in SECRETS if secret in made["telegram", "matrix"]] == []
    assert [secret for secret in SECRETS[:3] if secret not in made["matrix",]] == []


def test_what_is_written_on_telegram_itself_stands_on_the_report() -> None:
    room = written_on_matrix(0)
    room.says("/bericht")
    room.says("Wieder im Garten arbeiten")
    draft = Draft(
        member=room.member, moment=Moment(room.now, ZoneInfo("Europe/Berlin")), kit=room.kit,
        channel="telegram", elsewhere=("matrix",), next_id=0,
    )  # fmt: skip
    assert "Wieder im Garten arbeiten" in report_of(draft)


def test_the_whole_file_is_offered_in_the_other_place_and_given_there() -> None:
    room = written_on_matrix(0)
    room.says("/export")
    assert room.last is not None
    assert "an deinem anderen Ort" in room.texts[0]
    room.channel, room.elsewhere = "matrix", ("telegram",)
    room.says("/export")
    assert any(message.file is Attachment.EXPORT for message in room.last.messages)
