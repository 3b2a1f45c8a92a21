"""The playlists that the clinical rules name (4.10), and how each is met: content/README.md tells it in words."""

from dataclasses import replace

import pytest

from bot.coach.disposition import Disposition
from bot.coach.profile import Activity, Profile
from bot.coach.programme import fitting_exercises
from bot.library.exercise import Equipment
from bot.library.library import Library
from bot.library.screening import AgeBand, Episode

NAMED = {
    "START-6": ("beckenkippen", "katze-kuh", "bruecke", "vierfuessler", "bauchatmung", "spaziergang"),
    "FLARE-4": ("bauchatmung", "stufenlagerung", "beckenkippen", "spaziergang"),
    "CORE-20": ("katze-kuh", "kaefer", "vierfuessler", "unterarmstuetz", "seitstuetz", "bruecke", "spaziergang"),
    "KRAFT-25": (
        "katze-kuh", "kniebeuge", "hueftbeuge", "kreuzheben", "bruecke", "rudern-band", "stuetz-wand", "seitstuetz",
    ),
    "SANFT-15": ("sitz-becken", "tai-chi-gewicht", "qigong-himmel", "pmr-kurz"),
    "BÜRO-2": ("aufstehen-recken", "sitz-becken", "sitz-drehung"),
    "OSTEO": (
        "rueckenstrecker", "einbein-stand", "kniebeuge", "hueftbeuge", "rudern-band", "spaziergang", "qigong-himmel",
    ),
    "SCHWANGER": (
        "katze-kuh", "sitz-becken", "stuetz-wand", "kniebeuge", "rudern-band", "seitneigung", "bauchatmung",
        "spaziergang",
    ),
}  # fmt: skip
# Where the content keeps them, and who reads it: the programme, hard days, breaks at the desk. Walks have a quota.
KEPT_IN = {
    "START-6": ("start",),
    "FLARE-4": ("flare",),
    "CORE-20": ("start",),
    "KRAFT-25": ("start", "later"),
    "SANFT-15": ("later", "desk"),
    "BÜRO-2": ("desk",),
    "OSTEO": ("OP", "start"),
    "SCHWANGER": ("P20", "start", "desk"),
}
ABLE = Profile(
    age=AgeBand.FROM_18,
    episode=Episode.CHRONIC,
    pain_now=2,
    pain_average=2,
    fear=2,
    activity=Activity.ACTIVE,
    equipment=frozenset(Equipment),
    disposition=Disposition.GO,
    was_shown=True,
)


@pytest.mark.parametrize("name", NAMED)
def test_each_named_playlist_is_kept(library: Library, name: str) -> None:
    kept = {exercise for key in KEPT_IN[name] for exercise in library.thresholds.playlists[key]}

    assert set(NAMED[name]) <= kept


def test_the_first_six_and_the_hard_days_four_are_those_of_the_page(library: Library) -> None:
    playlists = library.thresholds.playlists

    assert set(playlists["start"][:6]) == set(NAMED["START-6"])
    assert set(playlists["flare"]) == set(NAMED["FLARE-4"])
    assert playlists["PG"] == playlists["P20"]


@pytest.mark.parametrize("name", ["FLARE-4", "SANFT-15", "BÜRO-2"])
def test_what_is_named_gentle_holds_no_load(library: Library, name: str) -> None:
    """So whoever is kept at light loads, by a hard day, a soft finding or much pain, has a programme of such alone."""
    loads = {library.exercises[exercise].load for exercise in NAMED[name]}

    assert loads <= {0, 1, "W"}


@pytest.mark.parametrize(("tag", "name"), [("OP", "OSTEO"), ("PG", "SCHWANGER"), ("P20", "SCHWANGER")])
def test_what_is_named_for_a_tag_is_allowed_with_it_and_joins_before_all_else(
    library: Library, tag: str, name: str
) -> None:
    minding = replace(ABLE, tags=frozenset({tag}))
    order = [item.exercise for item, _ in fitting_exercises(minding, library, 3, acute_settled=True)]
    own = library.thresholds.playlists[tag]

    assert all(library.exercises[each].allowed_levels(frozenset({tag})) for each in NAMED[name])
    assert tuple(order[: len(own)]) == own


def test_all_of_the_strength_list_may_join_in_its_time(library: Library) -> None:
    order = [item.exercise for item, _ in fitting_exercises(ABLE, library, 3, acute_settled=True)]

    assert set(NAMED["KRAFT-25"]) <= set(order)
    assert order.index("kreuzheben") > max(order.index(each) for each in NAMED["KRAFT-25"] if each != "kreuzheben")
