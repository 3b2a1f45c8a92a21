"""`content check` tells everything at once: what is broken in files, texts, phrases and pictures, and where."""

import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

from bot.library.catalog import LANGUAGES
from bot.library.check import check_content, unreviewed
from bot.library.errors import Problem
from bot.library.lint_rules import LintRules, read_lint_rules
from bot.library.po_file import PoText, read_po_folder
from bot.library.reviews import wording_of
from bot.library.wording import wording

CONTENT = Path(__file__).parents[3] / "content"
FOLDER = "locales/de/LC_MESSAGES"
GERMAN = f"{FOLDER}/session.po"
BRIDGE = f"{FOLDER}/exercise-bruecke.po"


@pytest.fixture
def content(tmp_path: Path) -> Path:
    root = tmp_path / "content"
    shutil.copytree(CONTENT, root, ignore=shutil.ignore_patterns("compiled.json", "corpus"))
    return root


@pytest.fixture(scope="module")
def rules() -> LintRules:
    return read_lint_rules(CONTENT)


@pytest.fixture(scope="module")
def walking() -> dict[str, PoText]:
    """The card on walking in each language."""
    return {
        language: text
        for language in LANGUAGES
        for text in read_po_folder(CONTENT / f"locales/{language}/LC_MESSAGES", language, language).texts
        if text.key == "card/gehen/text"
    }


def edit(root: Path, file: str, old: str, new: str) -> None:
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_copy_is_sound(content: Path) -> None:
    assert check_content(content) == ()


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("exercises/bruecke.yaml", "load: 3", "load: 9", ("exercises/bruecke.yaml", "load")),
        (GERMAN, 'msgstr "Ging gut"', 'msgstr ""', (FOLDER, "session/went/fine")),
        (GERMAN, 'msgstr "Ging gut"', 'msgstr "Ging gut!"', (GERMAN, "session/went/fine")),
        ("alarm/phrases.yaml", "version: ", "versoin: ", ("alarm/phrases.yaml", "version")),
        ("lint.yaml", "forbidden:", "forbiden:", ("lint.yaml", "forbiden")),
        ("lint.yaml", "forbidden:", "forbidden: [", ("lint.yaml", "")),
        (BRIDGE, 'msgstr "Brücke"', 'msgstr "Brücke auf beiden Füßen"', (BRIDGE, "exercise/bruecke/name")),
        (BRIDGE, "Der Po drückt", "{name} drückt", (BRIDGE, "exercise/bruecke/cue")),
        (
            BRIDGE,
            'msgstr "Brücke"',
            'msgstr "Vierfüßler"',
            (f"{FOLDER}/exercise-vierfuessler.po", "exercise/vierfuessler/name"),
        ),
        (BRIDGE, 'msgstr "Der Po', 'msgstr "Der" Po', (BRIDGE, "")),
        ("topics.yaml", "links: [", "links: [nowhere, ", (FOLDER, "link/nowhere")),
        ("thresholds.yaml", "R_HOLD: {sources: [D_DESIGN]", "R_HOLD: {sources: [STAB]", (FOLDER, "source/STAB")),
    ],
)
def test_one_broken_place_is_named(content: Path, file: str, old: str, new: str, problem: tuple[str, str]) -> None:
    edit(content, file, old, new)

    assert problem in {(found.file, found.field) for found in check_content(content)}


@pytest.mark.parametrize(
    "file", ["lint.yaml", "alarm/phrases.yaml", "alarm/senses.yaml", "alarm/weights.bin", "tags.yaml"]
)
def test_a_missing_file_is_named(content: Path, file: str) -> None:
    (content / file).unlink()

    assert file in {found.file for found in check_content(content)}


def test_a_missing_catalog_is_told_by_its_keys(content: Path) -> None:
    (content / BRIDGE).unlink()

    assert (FOLDER, "exercise/bruecke/cue") in {(found.file, found.field) for found in check_content(content)}


def test_a_language_without_catalogs_is_named(content: Path) -> None:
    for file in (content / FOLDER).glob("*.po"):
        file.unlink()

    assert (FOLDER, "") in {(found.file, found.field) for found in check_content(content)}


def test_an_exercise_without_its_texts_is_found(content: Path) -> None:
    edit(content, BRIDGE, 'msgid "exercise/bruecke/cue"', 'msgid "exercise/bruecke/queue"')

    found = {(problem.file, problem.field) for problem in check_content(content)}

    assert (FOLDER, "exercise/bruecke/cue") in found
    assert (BRIDGE, "exercise/bruecke/queue") not in found


def test_what_an_exercise_becomes_once_it_is_answered_is_asked_for(content: Path) -> None:
    for language in LANGUAGES:
        file = f"locales/{language}/LC_MESSAGES/exercise-bruecke.po"
        edit(content, file, 'msgid "exercise/bruecke/done"', 'msgid "exercise/bruecke/don"')

    assert (FOLDER, "exercise/bruecke/done") in {(found.file, found.field) for found in check_content(content)}


def test_a_copied_exercise_is_told_with_both_places(content: Path) -> None:
    """What somebody sees who copies a neighbour's texts and forgets to rename the keys."""
    copy = f"{FOLDER}/exercise-unbenannt.po"
    shutil.copy(content / BRIDGE, content / copy)

    found = [problem for problem in check_content(content) if problem.field == "exercise/bruecke/cue"]

    assert [(problem.file, problem.reason) for problem in found] == [
        (copy, f"stands twice, also in {BRIDGE}:{found[0].line}")
    ]


def test_several_mistakes_are_told_together(content: Path) -> None:
    edit(content, "tags.yaml", "id: KN", "id: KNIE")
    edit(content, GERMAN, 'msgstr "Ging gut"', 'msgstr "Ging gut!"')

    assert {"tags.yaml", GERMAN} <= {problem.file for problem in check_content(content)}


def test_pictures_are_checked_by_whoever_can_draw(content: Path) -> None:
    def none_can_be_drawn(pictures: frozenset[str]) -> Iterable[Problem]:
        return (Problem("poses", picture, "cannot be drawn") for picture in sorted(pictures))

    assert "poses: bruecke/3: cannot be drawn" in [
        str(problem) for problem in check_content(content, check_pictures=none_can_be_drawn)
    ]


def test_what_no_clinician_has_signed_is_said_and_is_no_problem(content: Path) -> None:
    assert {"exercise bruecke", "screening rf_saddle", "words alarm/phrases.yaml"} <= set(unreviewed(content))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", "Rechne mit 66 Tagen."),
        ("de", "Das hilft 7 von 9."),
        ("de", "Rechne mit 30,5 Tagen."),
        ("de", "Nimm zweimal täglich eine Ibuprofen 400."),
        ("de", "Danke für deine Ehrlichkeit."),
        ("de", "Du brauchst keinen Arzt."),
        ("de", "In sechs Wochen bist du wieder gesund."),
        ("de", "Halte durch."),
        ("de", "Ignoriere deine Praxis."),
        ("en", "Count on 66 days."),
        ("en", "Take an ibuprofen 400 twice a day."),
        ("en", "Thank you for your honesty."),
        ("en", "You don't need a doctor."),
        ("en", "You will be healthy again in six weeks."),
        ("en", "Hang in there."),
        ("en", "Ignore your doctor."),
    ],
)
def test_a_card_that_harms_is_refused(walking: dict[str, PoText], rules: LintRules, language: str, said: str) -> None:
    form = walking[language].forms[0]

    assert [*wording(walking[language], f"{said} {form}", language, rules)]
    assert not [*wording(walking[language], form, language, rules)]


def test_words_count_as_read_only_as_they_were_signed(content: Path) -> None:
    signed = wording_of(content / GERMAN)
    review = f"{{by: Ada, role: physiotherapist, on: 2026-11-01, wording: '{signed}'}}"
    (content / "reviews.yaml").write_text(f"files:\n  {GERMAN}: {review}\n", encoding="utf-8")
    assert f"words {GERMAN}" not in unreviewed(content)
    assert f"words {GERMAN.replace('/de/', '/en/')}" in unreviewed(content)

    edit(content, GERMAN, 'msgstr "Ging gut"', 'msgstr "Ging prima"')
    assert f"words {GERMAN}" in unreviewed(content)


def test_every_word_of_the_content_is_either_signed_or_listed(content: Path) -> None:
    files = {path.relative_to(content).as_posix() for path in content.rglob("*.po")}

    assert {f"words {file}" for file in files} <= set(unreviewed(content))
    assert len(files) > 100
