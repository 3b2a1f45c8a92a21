"""Walking beside the exercises: on the day's card, under /gehen, in the week; always within the quota."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.coach.rising import is_met
from bot.coach.walking import quota_of
from bot.dialogue.facts import Dated, Fact, ProfileAnswered, Screened, WalkLogged
from bot.dialogue.history import history_of, reached_of
from bot.dialogue.member import Veto
from bot.dialogue.memory import remember_all
from bot.dialogue.moment import Moment
from bot.dialogue.planning import choosing_now, walking_now
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


@pytest.mark.parametrize(
    ("language", "words", "ways"),
    [("de", "mit einer Treppe auf dem Weg", 2), ("en", "one flight of stairs on the way", 2), ("de", "Treppe", 1)],
)
def test_between_two_brisk_walks_the_days_card_names_a_flight_of_stairs(language: str, words: str, ways: int) -> None:
    """After an even number of told walks, the longest of them ten minutes and more; after an odd one it is a walk."""
    room = Room(language=language)
    room.first_day()
    facts: list[Fact] = [
        ProfileAnswered(field="episode", value="chronic"),
        ProfileAnswered(field="fear", value="2"),
        Screened(list=4, answers=(("rf_inflam", "no"), ("rf_walk", "no"), ("rf_long", "no"))),
    ]
    told = [Dated(fact=fact, at=room.now, day=room.now.date()) for fact in facts]
    for ago in (3, 5)[:ways]:
        earlier = room.now - timedelta(days=ago)
        told.append(Dated(fact=WalkLogged(minutes=12), at=earlier, day=earlier.date()))
    room.member = replace(room.member, known=remember_all(room.member.known, told))

    assert (words in offer_of(room)) is (ways == 2)


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


def test_a_day_without_exercises_has_its_walk() -> None:
    room = Room()
    room.first_day()
    trains(room)
    vetoes = tuple(Veto(exercise=name, day=room.now.date().isoformat()) for name in room.kit.library.exercises)
    room.member = replace(room.member, known=replace(room.member.known, vetoes=vetoes))
    room.passes(hours=24)
    room.says("/heute")

    assert "5 Min. gehen" in room.texts[0]
    assert any(button.data == "/walk" for row in room.visible[room.order[-1]].buttons for button in row)


def test_told_walks_are_a_condition_that_is_met() -> None:
    """Carrying a bag up the stairs wants walks of twenty minutes."""
    room = Room()
    room.first_day()
    now = Moment(room.now, ZoneInfo(room.member.zone))
    need = room.kit.library.exercises["koffer-tragen"].get_level(4).needs[0]

    def met() -> bool:
        known, day = room.member.known, now.day.toordinal()
        places = reached_of(known, day, room.kit.library)
        return is_met(need, places, history_of(known, room.kit.library), day, room.kit.library)

    assert not met()
    room.says("/gehen 19")
    assert not met()
    room.says("/gehen 1")
    assert met()
    assert choosing_now(room.member, now, room.kit).walked["spaziergang"].level == 3
