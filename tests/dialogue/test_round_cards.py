"""What a round's card says and never says: sums from enough people on, names without counts, nobody's absence."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.dialogue import rounds as words
from bot.dialogue.events import Tapped
from bot.dialogue.markup import plain
from bot.dialogue.rounds import read_round_tap
from bot.library.catalog import LANGUAGES
from tests.dialogue.room import the_kit
from tests.dialogue.test_rounds import MONDAY, PLAN, view


@pytest.mark.parametrize("language", LANGUAGES)
def test_few_people_are_told_no_number(language: str) -> None:
    text, buttons = words.card(view(people=3), the_kit().catalogs[language])

    assert "30" not in text
    assert "3" not in text
    assert len(buttons) == 2


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("showing", words.Showing)
def test_until_a_sum_is_told_a_groups_card_says_what_nobody_must_fear(language: str, showing: words.Showing) -> None:
    """The invitation of texts.md, before the round begins and while too few have moved; whoever is in has read it."""
    catalog = the_kit().catalogs[language]
    before = view(PLAN.begins - timedelta(days=1))

    said = [words.card(each, catalog, showing)[0] for each in (before, view(people=3), view())]

    promise = catalog.text("round/card-foot-invite")
    assert [promise in card for card in said] == [showing is not words.Showing.PRIVATE] * 2 + [False]
    assert (catalog.text("round/card-invite", {"goal": PLAN.goal}) in said[0]) == (promise in said[0])
    assert (catalog.text("round/card-rules") in said[1]) == (promise in said[1])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_card_tells_sums_and_names_without_counts(language: str) -> None:
    text, _ = words.card(view(names=("Kim", "Mo")), the_kit().catalogs[language])

    assert "Kim, Mo" in text
    assert "27" not in text  # never what is missing


MANY = tuple(f"{chr(65 + number // 26)}{chr(97 + number % 26)}-Name" for number in range(200))


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_many_names_a_dozen_stand_there_and_every_week_others(language: str) -> None:
    catalog = the_kit().catalogs[language]

    def shown(week: int, names: tuple[str, ...] = MANY) -> list[str]:
        card, _ = words.card(replace(view(names=names), week=week), catalog)
        (line,) = (line for line in card.split("\n") if any(name in line for name in names))
        assert line.endswith(catalog.text("round/card-names-more", {"names": ""}).rpartition(" ")[2]) == (
            len(names) > words.NAMES_SHOWN
        )
        assert not any(sign.isdigit() for sign in line)  # how many there are is nobody's business
        return [name for name in names if name in line]

    assert shown(1, MANY[:12]) == list(MANY[:12])
    weeks = [shown(week) for week in range(1, 13)]
    assert {len(names) for names in weeks} == {12}
    assert shown(3) == weeks[2]
    assert len({name for names in weeks for name in names}) > 60  # everybody's turn comes, by no merit


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("showing", words.Showing)
def test_the_longest_card_fits_everywhere(language: str, showing: words.Showing) -> None:
    longest = tuple(f"{name}{'W' * 20}"[:20] for name in MANY)
    for each in (view(names=longest), view(people=3, names=longest)):
        card, _ = words.card(each, the_kit().catalogs[language], showing, own=True)
        assert len(card) < 1024


def test_a_name_is_only_a_name() -> None:
    card, _ = words.card(view(names=("*Kim*", "M\\o")), the_kit().catalogs["en"])
    assert "*Kim*, M\\o" in plain(card)


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_a_private_card_says_that_its_person_moved(language: str) -> None:
    catalog = the_kit().catalogs[language]
    for showing in words.Showing:
        card, _ = words.card(view(), catalog, showing, own=True)
        assert (catalog.text("round/card-own") in card) == (showing is words.Showing.PRIVATE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_day_on_which_nobody_moved_yet_has_no_line(language: str) -> None:
    catalog, names = the_kit().catalogs[language], ("Kim", "Mo", "Ada", "Ben")
    today = catalog.text("round/card-today", {"today": "3"})
    moved, quiet = (words.card(view(taps=taps, names=names), catalog)[0].split("\n") for taps in (3, 0))

    assert today in moved
    assert len(quiet) == len(moved) - 1  # beside four names it would say that none of the four did


@pytest.mark.parametrize("language", LANGUAGES)
def test_before_the_beginning_one_can_join_and_after_the_end_there_is_nothing_to_tap(language: str) -> None:
    catalog = the_kit().catalogs[language]
    before = words.card(view(MONDAY - timedelta(days=1)), catalog)[1]

    taps = [read_round_tap(button.data) for row in before for button in row]
    assert [tap and tap.what for tap in taps] == [Tapped.JOIN, Tapped.LEAVE]
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
