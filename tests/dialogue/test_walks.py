"""Walking beside the exercises: on the day's card, under /gehen, in the week; always within the quota."""

from zoneinfo import ZoneInfo

import pytest

from bot.coach.walking import quota_of
from bot.dialogue.facts import WalkLogged
from bot.dialogue.moment import Moment
from bot.dialogue.planning import walking_now
from tests.dialogue.living import trains
from tests.dialogue.room import Room


def offer_of(room: Room) -> str:
    room.until_due("prompt")
    while not room.is_offered("go"):
        room.taps("3")
    return "\n".join(room.texts)


@pytest.mark.parametrize("channel", ["telegram", "matrix", "web", "console"])
@pytest.mark.parametrize(("language", "words"), [("de", "5 Min. gehen"), ("en", "walk 5 min")])
def test_the_days_card_offers_a_walk_on_every_channel(channel: str, language: str, words: str) -> None:
    room = Room(channel=channel, language=language)
    room.first_day()

    assert words in offer_of(room)
    assert any(button.data == "/walk" for row in room.visible[room.order[-1]].buttons for button in row)


def test_a_walk_that_was_told_counts_in_the_week_and_tomorrow_has_none() -> None:
    room = Room()
    room.first_day()
    offer_of(room)
    room.says("/gehen 12")

    assert "12 von" in room.texts[0]
    assert room.known_facts(WalkLogged) == [WalkLogged(minutes=12)]
    assert "Min. gehen" not in offer_of(room)
    assert "Min. gehen" in offer_of(room)


def test_walk_without_a_number_says_what_suits_today() -> None:
    room = Room()
    room.first_day()
    room.until_due("prompt")
    room.says("/gehen")

    assert "Heute passen 5 Min." in room.texts[0]
    assert "0 von 20 Min." in room.texts[0]


def test_a_hard_day_halves_it() -> None:
    room = Room()
    room.first_day()
    trains(room)
    walked = Moment(room.now, ZoneInfo(room.member.zone))
    before = walking_now(room.member, walked, room.kit)
    room.says("/schub")

    after = walking_now(room.member, Moment(room.now, ZoneInfo(room.member.zone)), room.kit)
    assert (before.percent, after.percent) == (100, 50)
    assert quota_of(before) == 20
