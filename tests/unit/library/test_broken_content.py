"""Broken content is refused with file, field, line and reason, and everything that is wrong is told at once."""

import re
from pathlib import Path

import pytest

from bot.library.errors import ContentError, Problem
from bot.library.read import read_library

BRIDGE = "exercises/bruecke.yaml"


def problems(root: Path) -> tuple[Problem, ...]:
    with pytest.raises(ContentError) as caught:
        read_library(root)
    return caught.value.problems


def edit(root: Path, file: str, old: str, new: str) -> None:
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "old", "new", "field", "reason"),
    [
        (BRIDGE, "load: 3", "load: 4", "load", "0, 1, 2, 3 or 'W'"),
        (BRIDGE, "sets: 3", 'sets: "3"', "sets", "valid integer"),
        (BRIDGE, "sets: 3", "sets: true", "sets", "valid integer"),
        (BRIDGE, "sets: 3", "setz: 3", "setz", "not permitted"),
        (BRIDGE, "sets: 3\n", "", "sets", "required"),
        (BRIDGE, "id: bruecke", "id: brücke", "id", "pattern"),
        (BRIDGE, "id: bruecke", "id: anderes", "id", "file's name"),
        (BRIDGE, "[6, 8, 10, 12]", "[6, 8, 8, 12]", "band.2", "must rise"),
        (BRIDGE, "{level: 3, ", "{level: 4, ", "levels.2.level", "expected 3"),
        (BRIDGE, "tag: DS", "tag: XX", "skip.1.tag", "no tag 'XX'"),
        (BRIDGE, "tag: DS", "tag: P20", "skip.1.tag", "stands twice"),
        (
            BRIDGE,
            "reason: back-surgery",
            "reason: back-surgery, levels_allowed: [5]",
            "skip.1.levels_allowed",
            "level 5",
        ),
        (BRIDGE, "STAB]", "NOPE]", "sources", "no source 'NOPE'"),
        (BRIDGE, "exercise: beckenkippen", "exercise: weg", "alternatives.0.exercise", "no exercise 'weg'"),
        (BRIDGE, "beckenkippen, level: 1", "beckenkippen, level: 5", "alternatives.0.exercise", "no level 5"),
        (BRIDGE, "exercise: beckenkippen", "exercise: bruecke", "alternatives.0.exercise", "itself"),
        (BRIDGE, "reviewed: null", "reviewed: null\nreplaced_by: weg", "replaced_by", "no exercise 'weg'"),
        (BRIDGE, "bruecke/2}", "bruecke/2, needs: [{level: 2}]}", "levels.1.needs.0", "name an exercise"),
        (
            BRIDGE,
            "bruecke/2}",
            "bruecke/2, needs: [{exercise: x, level: 2}]}",
            "levels.1.needs.0.exercise",
            "no exercise",
        ),
        (
            BRIDGE,
            "bruecke/2}",
            "bruecke/2, needs: [{exercise: beckenkippen, hold_seconds: 8}]}",
            "levels.1.needs.0.hold_seconds",
            "not dosed in seconds",
        ),
        (BRIDGE, "picture: bruecke/3", "picture: beckenkippen/3", "levels.2.picture", "drawn is bruecke/3"),
        (BRIDGE, "bruecke/1}", "bruecke/1, equipment: [band]}", "levels.0", "the exercise's own"),
        ("screening.yaml", "id: rf_sex", "id: rf_saddle", "items.2.id", "twice"),
        ("screening.yaml", "unsure: urgent", "unsure: caution", "items.0.unsure", "at least urgent"),
        ("screening.yaml", "known: caution", "known: emergency", "items.0.known", "never an emergency"),
        ("screening.yaml", "known: caution", "known: go", "items.0.known", "at least caution"),
        ("screening.yaml", "yes: doctor_first", "yes: doctor_soft", "items.16.soft", "soft"),
        ("screening.yaml", "yes: doctor_first", "yes: go", "items.16.yes", "at least caution"),
        ("screening.yaml", "beside: [rf_saddle", "beside: [rf_sattel", "together.0", "no item 'rf_sattel'"),
        ("screening.yaml", "adds: [ST]", "adds: [XX]", "items.19.adds", "no tag"),
        ("screening.yaml", "ages: [65_plus]", "ages: [66_plus]", "items.24.asked.ages.0", "Input should be"),
        ("thresholds.yaml", "{value: 3, label: R", "{value: drei, label: R", "lights.red_rise", "valid number"),
        (
            "thresholds.yaml",
            "label: R, sources: [THOMEE",
            "label: X, sources: [THOMEE",
            "lights.red_rise.label",
            "Input",
        ),
        ("thresholds.yaml", "[THOMEE, SILBERNAGEL]", "[NOPE]", "lights.red_rise.sources", "no source"),
        (
            "thresholds.yaml",
            "  R_FLAG: {sources: [NVL",
            "  R_FLAG: {sources: [NOPE",
            "rules.R_FLAG.sources",
            "no source",
        ),
        ("tags.yaml", "id: KN", "id: HP", "tags.15.id", "twice"),
        ("tags.yaml", "implies: [KN]", "implies: [XX]", "tags.6.implies", "no tag"),
        ("countries.yaml", 'emergency: ["112"]', "emergency: [help]", "countries.DE.emergency.0", "pattern"),
        ("countries.yaml", "source: NVL", "source: NOPE", "countries.DE.doctor_on_call", "no source"),
        (
            "countries.yaml",
            'Giftnotruf Berlin, numbers: ["030 19240"]',
            "Giftnotruf",
            "countries.DE.poison",
            "number or a link",
        ),
        ("sources.yaml", 'doi: "10.3238', 'doi: "3238', "sources.NVL.doi", "pattern"),
        ("sources.yaml", ', doi: "10.1038/s41598-020-73954-9"', "", "sources.STAB", "needs its doi or a link"),
        ("thresholds.yaml", "label: R, sources: [THOMEE", "label: V, sources: [THOMEE", "lights.red_rise.label", "V"),
        (
            "thresholds.yaml",
            "R_HOLD: {sources: [D_DESIGN], label: D}",
            "R_HOLD: {sources: [ACSM], label: V}",
            "rules.R_HOLD.label",
            "V",
        ),
        (
            "thresholds.yaml",
            "start: [beckenkippen",
            "start: [beckenkipen",
            "playlists.start",
            "no exercise 'beckenkipen'",
        ),
        (
            "thresholds.yaml",
            "start: [beckenkippen",
            "start: [katze-kuh, beckenkippen",
            "playlists.start",
            "'katze-kuh' stands twice",
        ),
        ("thresholds.yaml", "  R_HOLD: {sources: [D_DESIGN], label: D}\n", "", "rules", "R_HOLD"),
        (
            "selftests.yaml",
            "label: R, sources: [SPRINGER]",
            "label: V, sources: [SPRINGER]",
            "tests.4.bands.0.label",
            "V",
        ),
    ],
)
def test_a_mistake_is_named(content: Path, file: str, old: str, new: str, field: str, reason: str) -> None:
    edit(content, file, old, new)

    found = [problem for problem in problems(content) if problem.file == file and problem.field == field]

    assert any(reason in problem.reason for problem in found)
    assert all(problem.line is not None for problem in found)


@pytest.mark.parametrize(
    ("file", "old", "new", "field", "reason"),
    [
        ("screening.yaml", "yes: emergency", "yes: urgent", "items.0.yes", "rf_saddle is at least emergency"),
        ("screening.yaml", "yes: emergency", "yes: caution", "items.0.yes", "on lists 1 to 3 at least urgent"),
        ("screening.yaml", "id: rf_saddle", "id: rf_sattel", "items", "rf_saddle is gone"),
        ("exercises/curl-up.yaml", "tag: OP", "tag: GL", "skip", "OP is spared level 1"),
        (BRIDGE, "reason: back-surgery", "reason: back-surgery, levels_allowed: [1]", "skip", "DS is spared level 1"),
        (BRIDGE, "load: 3", "load: 2", "load", "bruecke is at least load 3"),
        (BRIDGE, "load: 3", "load: W", "load", "bruecke is at least load 3"),
        ("tags.yaml", "implies: [PG]", "implies: []", "tags", "P20 brings PG along"),
        ("countries.yaml", 'emergency: ["144", "112"]', 'emergency: ["999"]', "countries.CH.emergency", "calls 144"),
        ("cards.yaml", "sources: [D_DESIGN, ACOG]", "sources: [ACOG]", "cards.60.sources.0", "found at its source"),
    ],
)
def test_what_may_only_become_stricter_is_compared_with_a_second_file(
    content: Path, file: str, old: str, new: str, field: str, reason: str
) -> None:
    test_a_mistake_is_named(content, file, old, new, field, reason)


CALM = "  calm_hours: {value: 72,"
SHORTER = CALM.replace("72", "48")
KEPT = re.compile(r"numbers: \{version: (\d+), fingerprint: \"([0-9a-f]{12})\"\}")


def test_i17_a_changed_number_wants_a_new_version_and_says_the_line_to_write(content: Path) -> None:
    kept = KEPT.search((content / "guards.yaml").read_text(encoding="utf-8"))
    assert kept is not None
    old, new = int(kept[1]), int(kept[1]) + 1
    edit(content, "thresholds.yaml", CALM, SHORTER)

    line, version = problems(content)
    assert (version.file, version.field) == ("thresholds.yaml", "version")
    assert version.reason == f"numbers changed, or it went back: raise version {old} to {new}"
    assert line.file == "guards.yaml"
    told = KEPT.search(line.reason)
    assert told is not None
    assert int(told[1]) == new

    edit(content, "thresholds.yaml", f"version: {old}", f"version: {new}")
    assert [each.reason for each in problems(content)] == [line.reason]
    edit(content, "guards.yaml", kept[0], told[0])
    assert read_library(content).thresholds.version == new


def test_i17_a_version_does_not_go_back(content: Path) -> None:
    kept = KEPT.search((content / "guards.yaml").read_text(encoding="utf-8"))
    assert kept is not None
    edit(content, "thresholds.yaml", f"version: {kept[1]}", "version: 1")

    assert [(each.file, each.field) for each in problems(content)] == [
        ("guards.yaml", "numbers"),
        ("thresholds.yaml", "version"),
    ]


def test_an_exercise_may_spare_more_people_without_a_word(content: Path) -> None:
    edit(content, BRIDGE, "skip:\n", "skip:\n  - {tag: GL, reason: back-surgery}\n")

    assert "GL" in {rule.tag for rule in read_library(content).exercises["bruecke"].skip}


def test_a_number_without_label_and_sources_is_refused(content: Path) -> None:
    edit(content, "thresholds.yaml", "{value: 3, label: R, sources: [THOMEE, SILBERNAGEL]", "3 #")

    assert "lights.red_rise" in problems(content)[0].reason


def test_a_file_that_is_no_mapping_is_refused(content: Path) -> None:
    (content / "thresholds.yaml").write_text("- 1\n", encoding="utf-8")

    assert [problem.file for problem in problems(content)] == ["thresholds.yaml"]


def test_all_problems_of_all_files_are_told_at_once(content: Path) -> None:
    edit(content, BRIDGE, "sets: 3", "sets: 0")
    edit(content, "exercises/beckenkippen.yaml", "band: [6", "band: [60")
    edit(content, "tags.yaml", "\ntags:\n", "\ntagz:\n")
    (content / "sources.yaml").write_bytes(b"\xff\xfe")
    (content / "countries.yaml").unlink()
    (content / "thresholds.yaml").write_text("a: [", encoding="utf-8")

    files = {problem.file for problem in problems(content)}

    assert files == {
        BRIDGE,
        "exercises/beckenkippen.yaml",
        "tags.yaml",
        "sources.yaml",
        "countries.yaml",
        "thresholds.yaml",
    }


def test_one_broken_file_causes_no_second_complaint_elsewhere(content: Path) -> None:
    edit(content, "sources.yaml", "\nsources:\n", "\nsourcez:\n")

    assert {problem.file for problem in problems(content)} == {"sources.yaml"}


def test_a_folder_without_exercises_is_refused(content: Path) -> None:
    for path in (content / "exercises").iterdir():
        path.unlink()

    assert problems(content) == (Problem("exercises", "", "holds no exercise"),)


def test_a_problem_reads_like_a_compilers_message() -> None:
    assert str(Problem("a.yaml", "sets", "is odd", 7)) == "a.yaml:7: sets: is odd"
    assert str(Problem("a.yaml", "", "is missing")) == "a.yaml: is missing"
