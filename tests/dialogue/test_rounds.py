"""Moving together as a member meets it: set up, codes, counting, leaving; what a card says and never says."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.coach.challenge import Plan, score
from bot.dialogue import rounds as words
from bot.dialogue.rounds import RoundTap, RoundView, read_round_tap, tap_data
from bot.library.catalog import LANGUAGES
from tests.dialogue.room import the_kit

MONDAY = date(2026, 11, 23)
PLAN = Plan(begins=MONDAY, weeks=2, goal=30)


def view(today: date = MONDAY, *, people: int = 5, taps: int = 3, names: tuple[str, ...] = ()) -> RoundView:
    rules = the_kit().library.thresholds.challenge
    reached = score(PLAN, {MONDAY: taps}, people=people, covered=0, today=today, rules=rules)
    return RoundView(id=4711, name="team", plan=PLAN, score=reached, today=today, names=names)


@pytest.mark.parametrize(
    "data",
    [
        "",
        "g.",
        "g.zz",
        "g..261124",
        "g.!!.261124",
        "g.1.269999",
        "h.1.²61124",
        "g.0.261124",
        "x.1.261124",
        "g.1." + "9" * 40,
    ],
)
def test_forged_taps_are_nothing(data: str) -> None:
    assert read_round_tap(data) is None


def test_a_button_says_what_it_counts_for_in_64_bytes() -> None:
    number = (1 << 63) - 1
    for undo in (True, False):
        data = tap_data(number, MONDAY, undo=undo)

        assert read_round_tap(data) == RoundTap(number, MONDAY, undo)
        assert len(data.encode()) <= 64


@pytest.mark.parametrize("language", LANGUAGES)
def test_few_people_are_told_no_number(language: str) -> None:
    text, buttons = words.card(view(people=3), the_kit().catalogs[language])

    assert "30" not in text
    assert "3" not in text
    assert len(buttons) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_card_tells_sums_and_names_without_counts(language: str) -> None:
    text, _ = words.card(view(names=("Kim", "Mo")), the_kit().catalogs[language])

    assert "Kim, Mo" in text
    assert "27" not in text  # never what is missing


@pytest.mark.parametrize("language", LANGUAGES)
def test_before_and_after_there_is_nothing_to_tap(language: str) -> None:
    catalog = the_kit().catalogs[language]

    assert words.card(view(MONDAY - timedelta(days=1)), catalog)[1] == ()
    assert words.card(view(PLAN.last_day + timedelta(days=1)), catalog)[1] == ()


def test_the_week_turns_at_nine() -> None:
    night = datetime(2026, 11, 30, 4, 0, tzinfo=UTC)

    assert [words.posted_week(PLAN, night + timedelta(hours=h), "Europe/Berlin") for h in (0, 3, 4)] == [1, 1, 2]


def test_a_card_is_looked_at_again_at_three_and_at_nine() -> None:
    rules = the_kit().library.thresholds.challenge
    noon = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
    night = words.look_again(noon, "Europe/Berlin", rules)
    morning = words.look_again(night, "Europe/Berlin", rules)

    assert [night.astimezone(UTC).hour, morning.astimezone(UTC).hour] == [2, 8]
