"""What ships: complete, explained, and its ids as others rely on them."""

from pathlib import Path

import pytest

from bot.library.library import Library
from tests.shipped import kitted

CONTENT = Path(__file__).parents[3] / "content"


@pytest.fixture(scope="module")
def library() -> Library:
    return kitted().kit.library


def test_every_number_of_the_rules_has_label_and_sources(library: Library) -> None:
    rules = library.thresholds

    assert rules.numbers().keys() == rules.origins.keys()


def test_text_and_picture_ids_follow_from_the_exercise(library: Library) -> None:
    texts = library.text_ids()

    assert {"exercise/bruecke/name", "exercise/bruecke/level-4/how", "exercise/bruecke/alt-1", "skip/floor"} <= texts
    assert {"screening/rf_saddle", "tag/KN", "muscle/glutes"} <= texts
    assert "bruecke/1" in library.picture_ids()


def test_what_no_clinician_has_signed_is_listed(library: Library) -> None:
    unsigned = library.unreviewed()

    assert {"exercise bruecke", "screening rf_saddle", "threshold lights.red_rise", "tag KN", "country DE"} <= set(
        unsigned
    )


@pytest.mark.parametrize(("code", "number"), [("DE", "112"), ("AT", "112"), ("CH", "144"), ("EU", "112")])
def test_every_country_names_its_emergency_number_and_a_crisis_line(library: Library, code: str, number: str) -> None:
    country = library.countries[code]

    assert country.emergency[0] == number
    assert country.crisis


def test_tags_take_levels_away(library: Library) -> None:
    bridge = library.exercises["bruecke"]

    assert bridge.allowed_levels(frozenset()) == (1, 2, 3, 4)
    assert bridge.allowed_levels(frozenset({"DS", "KN"})) == ()


def test_a_level_below_the_ladder_does_not_exist(library: Library) -> None:
    with pytest.raises(IndexError):
        library.exercises["bruecke"].get_level(0)
    with pytest.raises(KeyError):
        library.screening.get_item("rf_none")
    assert library.screening.get_item("rf_sex").list == 1
    assert len(library.screening.on_list(1)) == 5


def test_every_tag_spares_somebody_from_something(library: Library) -> None:
    skipped = {rule.tag for exercise in library.exercises.values() for rule in exercise.skip}

    idle = {tag.id for tag in library.tags.values() if not {tag.id, *tag.implies} & skipped}

    assert idle == set()
