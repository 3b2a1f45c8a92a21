"""/neu: lists 1 to 3 and what to mind, again; it can only make things more careful."""

from tests.dialogue.room import Room


def after_a_day() -> Room:
    room = Room()
    room.first_day()
    room.passes(hours=30)
    room.says("/neu")
    return room


def test_something_new_is_asked_about_before_anything_else() -> None:
    room = after_a_day()
    for token in ("none", "none", "none", "+KN", "="):
        room.taps(token, after_s=40)

    assert room.member.known.tags == ("KN",)
    assert room.member.known.disposition == "caution"


def test_a_yes_locks() -> None:
    room = after_a_day()

    room.taps("some", after_s=40)

    assert room.member.known.lock is not None


def test_pregnancy_opens_its_warning_signs() -> None:
    room = after_a_day()
    for token in ("none", "none", "none", "+PG", "=", "yes"):
        room.taps(token, after_s=40)

    assert room.member.known.lock is not None
    assert room.member.known.lock.disposition == "emergency"
