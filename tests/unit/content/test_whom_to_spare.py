"""Which tag leaves which levels of an exercise, as the clinical table says it."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.library.library import Library
from tests.shipped import kitted

CONTENT = Path(__file__).parents[3] / "content"
# Left out whole.
NEVER: tuple[int, ...] = ()
SPARED: Mapping[str, Mapping[str, tuple[int, ...]]] = {
    "hueftbeuge": {"BAL": NEVER},
    # Controlled blood pressure (HT) keeps the forms that press and hold least: our own decision.
    "kreuzheben": {**dict.fromkeys(("AF", "OP", "CS", "DS", "PG", "P20", "HE", "BP", "CA"), NEVER), "HT": (1, 2)},
    "rudern-band": {"SH": NEVER},
    "brust-tuer": {"SH": NEVER},
    "ausfallschritt": {"KN": NEVER, "KR": NEVER, "BAL": NEVER, "PG": (1, 2), "P20": (1, 2)},
    # Its second form kneels on the floor, its last one lifts an arm.
    "hueftbeuger": {"KN": NEVER, "KR": NEVER, "BAL": NEVER, "FL": (1,), "SH": (1, 2)},
    "katze-kuh": {"WR": NEVER, "KN": NEVER, "KR": NEVER, "OP": (2,), "CS": (2,), "FL": NEVER},
    "vierfuessler": {"WR": NEVER, "KN": NEVER, "KR": NEVER, "SH": NEVER, "FL": NEVER},
    "unterarmstuetz": {**dict.fromkeys(("AF", "BP", "PG", "P20", "SH", "HE", "DS", "FL"), NEVER), "HT": (1, 2)},
    # Seated or with a hand on a chair remain; deeper knees come with the third form.
    "tai-chi-gewicht": dict.fromkeys(("BAL", "KN", "KR"), (1, 2)),
    "knie-zur-brust": dict.fromkeys(("OP", "CS", "P20", "HP", "SC", "FL"), NEVER),
    # The text would allow a hip replacement a little, the table does not: the table holds.
    "knie-pendel": {"OP": (1,), "CS": (1,), "P20": NEVER, "HP": NEVER, "DS": NEVER, "FL": NEVER},
    # Its highest form kneels on the floor.
    "pallof": {"SH": NEVER, "KN": (1, 2, 3), "KR": (1, 2, 3), "FL": (1, 2, 3)},
    # The table has no tag for a narrow canal, its text names it: heavy legs when walking.
    "rueckbeuge-stand": dict.fromkeys(("DZ", "BAL", "PG", "P20", "ST"), NEVER),
    "paeckchen": {**dict.fromkeys(("KN", "KR", "OP", "CS", "P20", "GL", "BP", "DZ", "FL"), NEVER), "HT": (1,)},
    # With a bag up the stairs only for whom stairs alone are open; in pregnancy two light bags.
    "koffer-tragen": {
        "AF": NEVER,
        "HE": NEVER,
        "PG": (1,),
        "P20": (1,),
        **dict.fromkeys(("KN", "KR", "BAL", "BP", "HT"), (1, 2, 3)),
    },
    "kaefer": dict.fromkeys(("P20", "DS", "HE", "FL"), NEVER),
    # Its highest form kneels on the floor.
    "stuetz-wand": {"WR": NEVER, "SH": NEVER, "KN": (1, 2, 3), "KR": (1, 2, 3), "FL": (1, 2, 3)},
    "exzentrik-hinsetzen": {"KN": NEVER, "KR": NEVER},
    "stufenlagerung": {"P20": NEVER, "FL": NEVER},
    "pmr-kurz": {},
    "qigong-himmel": {"SH": NEVER, "DZ": (1, 2)},
    # Lying down keeps the back long; on the chair somebody with thin bones might round it.
    "beinrueckseite": {"SC": NEVER, "P20": NEVER, "OP": (2, 3), "CS": (2, 3), "FL": (1,)},
    # "Gentle" with thin bones: the hand stays on the ribs.
    "offenes-buch": {"SH": NEVER, "FL": NEVER, "OP": (1,), "CS": (1,)},
    # Late in pregnancy the text would allow the seated form, the table does not.
    "gesaess-4": {**dict.fromkeys(("HP", "KN", "KR", "P20"), NEVER), "FL": (1,)},
    # The text treats both alike, so the ball is left out in pregnancy too.
    "faszienball": dict.fromkeys(("OP", "CS", "AC", "DS", "PG", "P20"), NEVER),
    "faszienrolle": dict.fromkeys(("OP", "CS", "AC", "PG", "P20", "DS", "FL"), NEVER),
    # Bridge and dead bug are parts of it, so it is left out after an operation as they are.
    "pilates-basis": {
        **dict.fromkeys(("AF", "P20", "HE", "FL", "DS"), NEVER),
        **dict.fromkeys(("OP", "CS", "BP"), (1,)),
        **dict.fromkeys(("HT", "CA"), (1, 2)),
    },
    # Skipped "per pose": who must not do one of them has the chair, unless that bends or pulls where it must not.
    "yoga-kurz": {
        **dict.fromkeys(("AF", "HP", "SC", "DS"), NEVER),
        **dict.fromkeys(
            ("OP", "CS", "PG", "P20", "FL", "KN", "KR", "WR", "SH", "DZ", "BAL", "GL", "BP", "ST", "CA"), (1,)
        ),
        "HT": (1, 2),
    },
    "federn": {"AF": NEVER, "DZ": NEVER, "OP": (1,), "CS": (1,)},
    "treppe": {"KN": NEVER, "KR": NEVER, "BAL": (1,), "BP": NEVER},
    # Good for thin bones. Its text names a narrow canal; three of its forms lift long arms.
    "rueckenstrecker": {**dict.fromkeys(("PG", "P20", "AF", "ST", "FL"), NEVER), "SH": (2,)},
    # Heavy legs as above; its last form is on the hands.
    "sphinx": {**dict.fromkeys(("PG", "P20", "SC", "DS", "ST", "FL"), NEVER), "WR": (1, 2)},
    "tiefe-spannung": {"P20": NEVER, "FL": NEVER},
    # CA is everybody whom the screening does not let go freely: no flexion under load (clinical rules 2.2).
    "curl-up": dict.fromkeys(("CA", "OP", "CS", "PG", "P20", "HE", "DS", "AF", "FL"), NEVER),
    "flott-gehen": {"BP": NEVER, "BAL": NEVER, "AF": NEVER},
}


@pytest.fixture(scope="module")
def library() -> Library:
    return kitted().kit.library


@pytest.mark.parametrize("name", SPARED)
def test_tags_leave_the_levels_of_the_table_and_no_other_tag_takes_any(library: Library, name: str) -> None:
    exercise = library.exercises[name]
    everything = tuple(level.level for level in exercise.levels)
    expected = {tag: SPARED[name].get(tag, everything) for tag in library.tags}

    assert {tag: exercise.allowed_levels(library.with_implied(frozenset({tag}))) for tag in library.tags} == expected


@pytest.mark.parametrize("name", SPARED)
def test_whoever_is_spared_is_offered_something_that_fits_them(library: Library, name: str) -> None:
    exercise = library.exercises[name]
    for rule in exercise.skip:
        fitting = [other for other in exercise.alternatives if not other.tags or rule.tag in other.tags]
        for other in fitting:
            allowed = library.exercises[other.exercise].allowed_levels(frozenset({rule.tag}))
            assert other.level in allowed if other.level is not None else allowed, (rule.tag, other.exercise)
