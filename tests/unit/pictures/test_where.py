"""The back with numbers: each on its own place of the body, in the order of the answers, and nobody looks round."""

import re

import pytest
from shapely.geometry import LineString, Point

from bot.dialogue.flows.portion_place import Spot
from bot.pictures.card import card_svg
from bot.pictures.poses import Region
from bot.pictures.regions import APART, RADIUS, Numbered, numbered
from bot.pictures.stage import Moment, room, set_stage
from bot.pictures.svg import badge
from bot.pictures.theme import PEOPLE
from tests.unit.pictures.conftest import posed, staged


def moment() -> Moment:
    return staged("where", 1).moments[0]


def places() -> dict[Spot, Numbered]:
    found = numbered(moment().figure, moment().phase.regions)
    return dict(zip(Spot, found, strict=True))


def regions() -> dict[Spot, Region]:
    return dict(zip(Spot, moment().phase.regions, strict=True))


def test_every_answer_has_its_number_in_the_same_order() -> None:
    assert [place.number for place in places().values()] == list(range(1, len(Spot) + 1))


@pytest.mark.parametrize("spot", list(Spot))
def test_a_place_lies_on_the_body_where_its_name_says(spot: Spot) -> None:
    figure, place = moment().figure, places()[spot]
    middle = place.patch.centroid

    assert figure.without_arms.contains(place.patch)
    # Seen from behind, the picture's left is the person's.
    if spot.endswith(("left", "right")):
        assert (middle.x < 0) == spot.endswith("left")
        assert regions()[spot].label == spot.rpartition("-")[2]
    part = figure.trunk if spot.startswith(("upper", "low", "seat")) else figure.legs[regions()[spot].side]
    assert part.contains(middle)


def test_places_do_not_cover_each_other_and_go_down_in_the_order_of_their_numbers() -> None:
    found = list(places().values())

    for i, one in enumerate(found):
        assert all(one.patch.intersection(other.patch).area < 1e-4 for other in found[i + 1 :])
    heights = [places()[spot].patch.centroid.y for spot in (Spot.UPPER, Spot.LOW_LEFT, Spot.SEAT_LEFT, Spot.THIGH_LEFT)]
    assert heights == sorted(heights, reverse=True)


def test_numbers_stand_apart_beside_the_body_and_their_lines_do_not_cross() -> None:
    found = list(places().values())
    lines = [LineString([place.start, place.badge]) for place in found]

    for i, one in enumerate(found):
        assert moment().figure.silhouette.distance(Point(*one.badge)) > RADIUS
        for j in range(i + 1, len(found)):
            assert not lines[i].crosses(lines[j])
            same = (one.badge[0] < 0) == (found[j].badge[0] < 0)
            assert not same or abs(one.badge[1] - found[j].badge[1]) > APART - 1e-9
    seen = room(staged("where", 1), moment())
    assert all(seen.contains(Point(*place.badge)) for place in found)


@pytest.mark.parametrize("who", sorted(PEOPLE))
def test_nobody_shows_a_face_and_everybody_shows_all_numbers(who: str) -> None:
    picture = card_svg(set_stage(*posed("where", 1), PEOPLE[who]))

    assert PEOPLE[who].eye not in picture.replace(PEOPLE[who].hair.dark, "")
    assert picture.count("<circle") == len(Spot)


def test_ten_is_written_with_two_digits_within_its_circle() -> None:
    one, ten = badge(1, 0, 0), badge(10, 0, 0)

    assert (one.count("<path"), ten.count("<path")) == (1, 2)
    shifts = [float(x) for x in re.findall(r"translate\((-?[0-9.]+) ", ten)]
    assert shifts == [-shifts[1], shifts[1]]
    assert 0 < shifts[1] < 12
