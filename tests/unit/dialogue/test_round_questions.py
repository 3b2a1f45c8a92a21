"""What a round may be called, when it may begin, and how many days are a goal: what is typed and what is refused."""

from datetime import date

import pytest

from bot.dialogue.round_questions import FirstDay, Goal, Name, RoundNamed, WhichRound, name_text
from bot.dialogue.text import Text
from tests.dialogue.room import the_kit

WORDS = Text("round/ask-name")
NAMED = RoundNamed(id="n", text=WORDS)
TUESDAY = FirstDay(id="d", text=WORDS, today="2026-12-15", ahead=28)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("treppen", "Treppen"),
        ("team", "Team"),  # is not the id of one of ours
        ("Gemeinsam bewegt", "team"),
        ("moving together", "team"),
        ("2", "break"),
        ("Bu\u0308ro 3-B", "Büro 3-B"),  # composed
        ("  Team   Nord ", "Team Nord"),
        ("x", None),
        ("7", None),
        ("12", None),
        ("a" * 21, None),
        ("Los!", None),
        ("<b>Team</b>", None),
        ("*Team*", None),
        ("Team\u202e", "Team"),  # a sign nobody sees is no part of it
    ],
)
def test_a_round_is_named_in_letters_digits_spaces_and_hyphens(typed: str, name: str | None) -> None:
    found = NAMED.parse(typed, the_kit().words)
    assert found == name
    if found is not None:
        assert NAMED.load(NAMED.dump(found)) == found


def test_ours_are_read_in_every_language_and_typed_ones_as_they_are() -> None:
    assert name_text(Name.TEAM) == Text("round/name/team")
    assert name_text("Team") == "Team"


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("heute", "2026-12-15"),
        ("morgen", "2026-12-16"),
        ("Tomorrow!", "2026-12-16"),
        ("3", "2026-12-21"),
        ("am Montag", "2026-12-21"),
        ("next Tuesday", "2026-12-22"),
        ("20.12.", "2026-12-20"),
        ("20.12.2026", "2026-12-20"),
        ("ab 5. Januar", "2027-01-05"),
        ("Jan 5th", "2027-01-05"),
        ("12/20", "2026-12-20"),
        ("20/12", "2026-12-20"),
        ("1/5", "2027-01-05"),  # the first of May is too far away
        ("2026-12-31", "2026-12-31"),
        ("13.1.", None),  # more than four weeks
        ("14.12.", None),  # yesterday
        ("30.2.", None),
        ("20.12.2031", None),
        ("irgendwann", None),
        ("12", None),
        ("", None),
    ],
)
def test_a_round_begins_within_four_weeks(typed: str, day: str | None) -> None:
    found = TUESDAY.parse(typed, the_kit().words)
    assert (None if found is None else found.isoformat()) == day


def test_buttons_of_the_first_day_answer_and_forged_ones_do_not() -> None:
    tokens = [each.token for row in TUESDAY.rows() for each in row]
    assert tokens == ["2026-12-15", "2026-12-16", "2026-12-21"]
    assert [TUESDAY.accept(token) for token in tokens] == [date.fromisoformat(token) for token in tokens]
    assert [TUESDAY.accept(token) for token in ("2027-02-01", "2026-12-14", "x")] == [None, None, None]
    sunday = FirstDay(id="d", text=WORDS, today="2026-12-20", ahead=28)
    assert [each.token for row in sunday.rows() for each in row] == ["2026-12-20", "2026-12-21"]  # tomorrow is Monday


@pytest.mark.parametrize(
    ("typed", "goal"), [("60", 60), ("60 Tage", 60), ("1.200 active days", 1200), ("0", None), ("viele", None)]
)
def test_a_goal_is_a_number_of_days(typed: str, goal: int | None) -> None:
    asked = Goal(id="g", text=WORDS, offers=(21, 42), people=(5, 10), low=1, high=20_000)
    assert asked.parse(typed, the_kit().words) == goal


def test_one_of_several_rounds_is_chosen_by_name_or_place() -> None:
    asked = WhichRound(id="w", text=WORDS, rounds=((77, "team"), (78, "Treppen")), more=True)
    said = ("Treppen", "Moving together", "Gemeinsam bewegt", "2", "3", "neue runde", "4")
    found = [asked.parse(typed, the_kit().words) for typed in said]
    assert found == [78, 77, 77, 78, 0, 0, None]
    assert [asked.load(asked.dump(number)) for number in (77, 78, 0)] == [77, 78, 0]
    assert asked.accept("79") is None
