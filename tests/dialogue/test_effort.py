"""What the coach costs a member: taps and words to the first exercise, taps a day. The promises of EXPERIENCE."""

from zoneinfo import ZoneInfo

import pytest

from bot.dialogue.facts import ExerciseDone
from bot.dialogue.flows.session import SESSION
from bot.dialogue.markup import plain
from bot.dialogue.messages import Kind, Priority
from bot.dialogue.moment import Moment
from bot.dialogue.planning import plan_session
from bot.library.wording import count_words
from tests.dialogue.living import GOES_WELL, portions, tokens, trains, waiting
from tests.dialogue.room import Room

TAPS, WORDS = 10, 560
ANSWERS = ("yes", "none", "none", "{age}", "{episode}", "none", "none", "=", "3", "go")


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("channel", ["web", "telegram", "matrix", "console"])
@pytest.mark.parametrize("age", ["18_44", "45_59", "60_64", "65_plus"])
@pytest.mark.parametrize("episode", ["acute", "subacute", "chronic", "recurrent", "none"])
def test_the_first_exercise_comes_within_ten_taps_and_560_words(
    language: str, channel: str, age: str, episode: str
) -> None:
    """For a healthy member of any age, with every safety list on the way and the exercise's own words counted."""
    room = Room(language=language, channel=channel)
    room.says("/start")
    read, taps = _words(room), 0
    lists = 0
    for token in ANSWERS:
        lists += token == "none"
        room.taps(token.format(age=age, episode=episode), after_s=40)
        taps += 1
        read += _words(room)

    assert Kind.EXERCISE in room.kinds
    assert lists == 4
    assert taps <= TAPS
    assert read <= WORDS


def _words(room: Room) -> int:
    turn = room.last
    return 0 if turn is None else sum(count_words(plain(m.text)) for m in turn.messages if not m.only_edit)


def done_today(room: Room) -> int:
    today = room.now.date()
    return sum(isinstance(dated.fact, ExerciseDone) and dated.day == today for dated in room.facts)


def test_a_day_costs_three_taps_more_than_its_exercises_within_the_hour() -> None:
    """Two weeks; only the offer of a new form is one tap more, and a rare one."""
    room = Room()
    room.first_day()
    for _ in range(14):
        offers = len(_rises(room))
        taps = trains(room)
        assert taps <= done_today(room) + 3 + len(_rises(room)) - offers
        assert list(portions(room)) is not None


def _rises(room: Room) -> list[str]:
    return [m.decided.exercise for m in room.member.known.decisions if m.decided.change == "level_up"]


def test_a_day_that_starts_later_costs_one_tap_more_and_no_more_than_two_pushes() -> None:
    room = Room()
    room.first_day()
    for _ in range(3):
        room.until_due("prompt")
        pushed = [m for m in room.last.messages if m.priority is Priority.PROMPT and not m.silent]  # type: ignore[union-attr]  # a turn was
        room.taps("3")
        room.passes(hours=3)
        taps = 1
        while room.member.open is not None and room.member.open.flow == SESSION.name:
            offered = tokens(room)
            room.taps(next((token for token in GOES_WELL if token in offered), "2"))
            taps += 1
        assert taps <= done_today(room) + 4
        assert len(pushed) <= 2
        assert list(portions(room)) is not None


def test_what_is_put_off_changes_nothing_in_the_plan() -> None:
    room = Room()
    room.first_day()
    for _ in range(8):
        trains(room)
        before = plan_session(room.member, _now(room), room.kit)
        while waiting(room) is not None:
            room.taps("~")
        assert plan_session(room.member, _now(room), room.kit) == before


def _now(room: Room) -> Moment:
    return Moment(room.now, ZoneInfo(room.member.zone))
