"""The lists again: every four weeks line by line, after long pauses, and whenever they were left open."""

from datetime import timedelta

import pytest

from bot.dialogue.conversation import follow
from bot.dialogue.facts import ListsDue, SessionStarted
from bot.dialogue.flows.lists import LISTS
from bot.dialogue.flows.session import SESSION, SessionStart
from bot.dialogue.history import profile_of
from bot.dialogue.member import FlowState, adapter_for
from bot.dialogue.messages import Kind
from bot.dialogue.rescreening import is_stale
from tests.dialogue.room import Room

LINES = 5  # of list 1


def flow_of(room: Room) -> str:
    return "" if room.member.open is None else room.member.open.flow


def waiting_in(room: Room) -> str:
    state = room.member.open
    waiting = None if state is None else follow(state).waiting
    return "" if waiting is None else waiting.question.id


def follow_start(state: FlowState) -> SessionStart:
    start: SessionStart = adapter_for(SessionStart).validate_json(state.start)
    return start


def away(days: int) -> Room:
    room = Room()
    room.first_day()
    room.lives(days=days)
    return room


def answers_all(room: Room) -> None:
    while flow_of(room) == LISTS.name:
        last = room.visible[room.order[-1]]
        tokens = {button.data.rpartition(".")[2] for row in last.buttons for button in row}
        room.taps(next(token for token in ("none", "no", "=") if token in tokens), after_s=60)


@pytest.mark.parametrize(("days", "lists"), [(13, 0), (14, 3), (20, 3), (27, 3)])
def test_a_long_pause_brings_the_short_lists_before_anything_else(days: int, lists: int) -> None:
    room = away(days)

    room.says("/heute")

    assert flow_of(room) == (LISTS.name if lists else SESSION.name)
    assert Kind.EXERCISE not in room.kinds
    for _ in range(lists):
        room.taps("none", after_s=60)
    assert flow_of(room) == SESSION.name


@pytest.mark.parametrize("days", [28, 60])
def test_after_four_weeks_list_one_is_asked_line_by_line_and_then_all_others(days: int) -> None:
    room = away(days)
    room.says("/heute")
    assert "Ist davon jetzt etwas neu?" in room.texts[-1]

    for _ in range(LINES):
        room.taps("no", after_s=20)
    for _ in range(3):
        room.taps("none", after_s=60)
    room.taps("=", after_s=60)  # nothing came on top

    assert flow_of(room) == SESSION.name
    assert room.member.known.screened_fully == room.now.date().isoformat()
    room.taps("go")
    room.taps("3")
    assert room.member.known.lock is None


def month_later(*tags: str) -> Room:
    """Onboarded with this to mind, and four weeks on up to the last list of the screen."""
    room = Room()
    room.says("/start")
    marks = tuple(f"+{tag}" for tag in tags)
    for token in ("yes", "none", "none", "60_64", "chronic", "none", "none", *marks, "="):
        room.taps(token, after_s=40)
    while room.is_offered("unsure"):
        room.taps("no", after_s=40)
    for token in ("3", "go"):
        room.taps(token)
    room.trains()
    room.taps("2")
    room.ends_day()
    room.lives(days=28)
    room.says("/heute")
    for token in (*["no"] * LINES, "none", "none", "none"):
        room.taps(token, after_s=60)
    return room


def minded(room: Room) -> frozenset[str]:
    return profile_of(room.member.known, room.kit.library, room.now.date()).tags


def test_every_four_weeks_what_came_on_top_is_asked_and_counts_in_the_very_next_session() -> None:
    room = month_later("KN")
    assert "dazugekommen" in room.texts[-1]
    offered = {tag for tag in room.kit.library.tags if room.is_offered(f"+{tag}")}
    assert offered >= {"PG", "P20", "OP", "CS", "AC", "DS"}  # pregnancy, bones, medicines, an operation
    assert "KN" not in offered

    for token in ("+OP", "+65_plus", "="):
        room.taps(token, after_s=60)

    assert minded(room) >= {"KN", "OP"}
    assert room.member.known.age == "65_plus"
    assert room.member.known.disposition == "caution"
    assert waiting_in(room) == "list-4"  # of 65 and older one line more is asked
    assert "ersten Mal" in room.texts[-1]
    room.taps("none", after_s=60)
    assert flow_of(room) == SESSION.name


def test_pregnancy_is_followed_every_four_weeks() -> None:
    room = month_later("PG")
    room.taps("=", after_s=60)
    assert waiting_in(room) == "line/rf_preg"
    room.taps("no", after_s=60)
    assert waiting_in(room) == "line/rf_preg_ban"
    room.taps("no", after_s=60)
    assert waiting_in(room) == "becomes/P20"
    room.taps("yes", after_s=60)

    assert minded(room) >= {"PG", "P20"}
    tags = room.kit.library.with_implied(minded(room))
    state = room.member.open
    assert state is not None
    for item in follow_start(state).planned:
        assert item.level in room.kit.library.exercises[item.exercise].allowed_levels(tags)


def test_warning_signs_in_pregnancy_lock_four_weeks_later_too() -> None:
    room = month_later("PG")
    for token in ("=", "yes"):
        room.taps(token, after_s=60)

    assert room.member.known.lock is not None
    assert room.member.known.lock.disposition == "emergency"


def test_what_to_mind_left_open_keeps_the_screen_due() -> None:
    room = month_later()
    room.lives(days=1)

    room.says("/heute")

    assert flow_of(room) == LISTS.name


def test_a_yes_to_a_single_line_locks() -> None:
    room = away(30)
    room.says("/heute")
    room.taps("no", after_s=20)

    for token in ("yes", "no", "no", "no", "new"):
        room.taps(token, after_s=20)

    lock = room.member.known.lock
    assert lock is not None
    assert lock.disposition == "emergency"
    assert room.member.alarm is not None


def test_lists_left_open_come_again_and_nothing_starts_before() -> None:
    room = away(15)
    room.says("/heute")
    room.taps("none", after_s=60)

    room.says("/heute")
    assert flow_of(room) == LISTS.name
    room.lives(days=1)
    room.says("/heute")

    assert flow_of(room) == LISTS.name
    assert room.known_facts(ListsDue)
    assert len(room.known_facts(SessionStarted)) == 1
    answers_all(room)
    assert flow_of(room) == SESSION.name


def test_one_minute_from_a_late_note_waits_for_the_lists_too() -> None:
    room = away(20)

    room.taps("show")

    assert flow_of(room) == LISTS.name


def test_lists_answered_long_ago_raise_nothing_and_say_so() -> None:
    room = Room()
    room.first_day()
    day, library = room.now.date(), room.kit.library

    assert not is_stale(room.member.known, day + timedelta(days=13), library)
    assert is_stale(room.member.known, day + timedelta(days=14), library)


def heavy_legs_after_four_weeks() -> Room:
    """A soft line is named after four weeks, and its follow-up is being asked."""
    room = Room()
    room.first_day()
    room.says("/heute", after_s=29 * 86_400)
    for token in ("no", "no", "no", "no", "no", "none", "none"):
        room.taps(token, after_s=60)
    room.says("3", after_s=60)
    assert room.member.known.disposition == "doctor_soft"
    return room


def test_what_a_practice_has_looked_at_already_keeps_no_loads_low() -> None:
    room = heavy_legs_after_four_weeks()

    room.taps("yes")
    room.lives(minutes=11)

    assert (room.member.known.disposition, room.member.known.soft_since) == ("caution", None)


def test_a_soft_line_whose_follow_up_stays_open_counts() -> None:
    room = heavy_legs_after_four_weeks()

    room.lives(minutes=11)
    room.taps("yes")

    assert room.member.known.disposition == "doctor_soft"
    assert room.member.known.soft_since is not None


def test_one_line_of_a_list_does_not_put_off_the_full_screen() -> None:
    room = Room()
    room.onboards(age="60_64")
    room.taps("go")
    room.trains()
    room.taps("2")
    room.ends_day()
    room.says("/neu", after_s=25 * 86_400)
    for token in ("none", "none", "none", "+65_plus", "=", "none"):
        room.taps(token, after_s=60)
    assert room.member.known.answers[-1] == ("rf_first65", "no")

    room.says("/heute", after_s=4 * 86_400)

    assert "Alle vier Wochen" in room.texts[-1]


def before_midnight() -> Room:
    """The lists of four weeks, ninety seconds before a day ends."""
    room = away(28)
    room.now = room.now.replace(hour=22, minute=50)
    room.says("/heute", after_s=0)
    room.now = room.now.replace(minute=58, second=30)
    return room


def test_lists_gone_through_over_midnight_count_once_and_for_the_new_day() -> None:
    room = before_midnight()
    for token in ("no", "no", "no", "no", "no", "none", "none", "none", "="):
        room.taps(token, after_s=40)

    assert flow_of(room) == SESSION.name
    assert not is_stale(room.member.known, room.now.date(), room.kit.library)


def test_a_yes_a_moment_before_midnight_is_asked_about_to_the_end() -> None:
    room = before_midnight()
    room.taps("yes", after_s=60)
    room.taps("no", after_s=60)

    assert "112" in room.texts[-1]
    for token in ("no", "no", "no", "new"):
        room.taps(token)
    assert room.member.known.lock is not None
    assert not room.member.known.lock.provisional


def test_lists_left_the_evening_before_are_asked_anew_in_the_morning() -> None:
    room = before_midnight()
    room.taps("no", after_s=60)
    room.passes(hours=8)
    room.says("/heute")

    assert waiting_in(room) == "line/rf_saddle"
