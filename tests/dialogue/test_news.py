"""/neu: lists 1 to 3 and what came on top; it can only make things more careful."""

import pytest

from bot.dialogue.facts import TagsGiven
from bot.dialogue.history import profile_of
from tests.dialogue.room import Room, the_kit

ASKED = tuple(tag.id for tag in the_kit().library.tags.values() if tag.asked)


def after_a_day(*tags: str) -> Room:
    room = Room()
    room.first_day()
    if tags:
        room.says("/neu")
        for token in ("none", "none", "none", *(f"+{tag}" for tag in tags), "="):
            room.taps(token, after_s=40)
        while room.is_offered("unsure"):
            room.taps("no", after_s=40)
    room.passes(hours=30)
    return room


def news(room: Room, *tokens: str) -> None:
    room.says("/neu")
    for token in ("none", "none", "none", *tokens):
        room.taps(token, after_s=40)


def minded(room: Room) -> frozenset[str]:
    return profile_of(room.member.known, room.kit.library, room.now.date()).tags


def test_something_new_is_asked_about_before_anything_else() -> None:
    room = after_a_day()
    news(room, "+KN", "=")

    assert room.member.known.tags == ("KN",)
    assert room.member.known.disposition == "caution"


@pytest.mark.parametrize("tag", ASKED)
def test_nothing_new_takes_nothing_away(tag: str) -> None:
    room = after_a_day(tag)
    before = minded(room)
    assert tag in before

    news(room, "=")
    while room.is_offered("unsure"):
        room.taps("no", after_s=40)

    assert minded(room) == before


def test_what_is_minded_is_not_offered_again_and_what_is_new_comes_on_top() -> None:
    room = after_a_day("OP", "KN")
    news(room)
    assert not room.is_offered("+OP")

    room.taps("+SH")
    room.taps("=", after_s=40)

    assert minded(room) >= {"OP", "KN", "SH"}


def test_the_lists_say_their_place_among_three() -> None:
    room = after_a_day()
    room.says("/neu")

    for place in range(1, 4):
        assert f"{place} von 3" in room.visible[room.order[-1]].text
        room.taps("none", after_s=40)


def test_what_a_line_once_gave_stays_too() -> None:
    room = after_a_day()
    room.says("/neu")
    for token in ("none", "none", "some", "+rf_leg1", "=", "same", "yes", "=", "="):
        if room.is_offered(token):
            room.taps(token, after_s=40)
    assert "SC" in minded(room)
    room.passes(hours=30)

    news(room, "=")

    assert "SC" in minded(room)


def test_a_yes_locks() -> None:
    room = after_a_day()
    room.says("/neu")

    room.taps("some", after_s=40)

    assert room.member.known.lock is not None


def test_pregnancy_opens_its_warning_signs() -> None:
    room = after_a_day()
    news(room, "+PG", "=", "yes")

    assert room.member.known.lock is not None
    assert room.member.known.lock.disposition == "emergency"


def test_pregnancy_grows_and_not_sure_is_week_twenty() -> None:
    room = after_a_day()
    news(room, "+PG", "=", "no", "no", "unsure")

    assert minded(room) >= {"PG", "P20"}


@pytest.mark.parametrize(("answer", "disposition"), [("yes", "doctor_first"), ("unsure", "caution"), ("no", "caution")])
def test_a_complication_or_a_ban_in_pregnancy_is_for_a_practice_first(answer: str, disposition: str) -> None:
    room = after_a_day()
    news(room, "+PG", "=", "no", answer)

    lock = room.member.known.lock
    assert (lock.disposition if lock is not None else room.member.known.disposition) == disposition
    assert (lock is not None) == (answer == "yes")


def test_only_the_settings_take_something_out_and_ask_once_more() -> None:
    room = after_a_day("OP", "KN")
    room.says("/einstellungen")
    room.taps("mind")
    marked = [label for label in room.labels if label.startswith("✓")]
    assert marked == ["✓ Osteoporose", "✓ Knie"]

    room.taps("+KN")
    room.taps("=")
    assert minded(room) >= {"OP", "KN"}
    room.taps("keep")
    assert minded(room) >= {"OP", "KN"}

    room.says("/einstellungen")
    for token in ("mind", "+KN", "=", "out"):
        room.taps(token)

    assert "KN" not in minded(room)
    assert "OP" in minded(room)
    assert room.known_facts(TagsGiven)[-1] == TagsGiven(tags=("OP",))
