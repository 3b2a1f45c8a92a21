"""/uebungen, "something else": what is allowed today can be seen and chosen, and nothing that is not."""

from dataclasses import replace

import pytest

from bot.dialogue.choosing import CHOSEN
from bot.dialogue.facts import ROTATE, START, Decided, ProfileAnswered, SessionStarted
from bot.dialogue.history import in_turn
from tests.dialogue.month import Month, easy
from tests.dialogue.room import Room


def roomy(question: str, tokens: set[str]) -> str | None:
    """To whom everything goes well, with a quarter of an hour."""
    told = {"soft-now": "now", "minutes": "15", "fear": "1"}
    return told.get(question) or easy(question, tokens)


def after(days: int, language: str = "de") -> Room:
    room = Room(language=language)
    room.first_day()
    return Month(room, answer=roomy).lives(days).room


def offered(room: Room) -> set[str]:
    """What stands behind the buttons of the last message."""
    assert room.last is not None
    return {
        button.data.removeprefix("/exercises ")
        for message in room.last.messages
        for row in message.buttons
        for button in row
        if button.data.startswith("/exercises ")
    }


def all_offered(room: Room) -> set[str]:
    room.says("/uebungen other")
    found: set[str] = set()
    for kind in offered(room):
        room.says(f"/uebungen {kind}")
        found |= offered(room)
    return found


@pytest.mark.parametrize(("language", "door", "kind"), [("de", "Etwas anderes", "Yoga, Tai-Chi und Co")])
def test_yoga_can_be_chosen_and_comes_next(language: str, door: str, kind: str) -> None:
    room = after(24, language)
    room.says("/uebungen")
    room.taps(door)
    room.taps(kind)
    assert "yoga-kurz" in offered(room)

    room.taps("Kurzer Yoga-Fluss" if "Kurzer Yoga-Fluss" in room.labels else "/exercises yoga-kurz")
    room.taps("Dazunehmen")
    made = [fact for fact in room.known_facts(Decided) if fact.rule == CHOSEN]
    assert [(fact.exercise, fact.change) for fact in made] == [("yoga-kurz", START)]
    assert "yoga-kurz" in in_turn(room.member.known)
    assert len(in_turn(room.member.known)) == room.kit.library.thresholds.planning.pool
    assert room.known_facts(Decided)[-1].change == ROTATE

    Month(room, answer=roomy).lives(1)
    assert "yoga-kurz" in {name for name, _, _ in room.known_facts(SessionStarted)[-1].items}


def test_nothing_is_offered_that_what_is_to_be_minded_forbids() -> None:
    room = after(24)
    known = room.member.known
    for tag in ("SH", "KN", "OP", "DS"):
        room.member = replace(room.member, known=replace(known, tags=(tag,)))
        tags = room.kit.library.with_implied(frozenset({tag}))
        found = all_offered(room)
        assert found
        assert all(room.kit.library.exercises[name].allowed_levels(tags) for name in found)


def test_who_may_only_do_gentle_things_is_offered_nothing_heavier() -> None:
    room = after(24)
    room.member = replace(room.member, known=replace(room.member.known, disposition="doctor_soft"))

    assert {room.kit.library.exercises[name].load for name in all_offered(room)} <= {0, 1}


def test_on_a_hard_day_nothing_new_is_offered_and_none_can_be_taken() -> None:
    room = after(24)
    room.says("/schmerz 7")
    while room.is_offered("none"):
        room.taps("none")

    room.says("/uebungen other")
    assert "Heute passt nichts Neues" in " ".join(room.texts)
    before = in_turn(room.member.known)
    room.says("/uebungen +yoga-kurz")
    assert in_turn(room.member.known) == before


def test_what_is_liked_is_chosen_in_the_settings_and_stands_there() -> None:
    room = after(9)
    room.says("/einstellungen")
    room.taps("Was ich gern mache")
    marked = set(room.member.known.about.likes or ())
    room.taps("+mind-body")
    room.taps("=")

    assert room.known_facts(ProfileAnswered)[-1].field == "likes"
    assert set(room.member.known.about.likes or ()) == marked | {"mind-body"}
    room.says("/einstellungen")
    assert "Yoga, Tai-Chi und Co" in " ".join(room.texts)
