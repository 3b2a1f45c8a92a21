"""The alarm's phrases are read strictly: what is wrong is named with file, field and reason."""

from pathlib import Path

import pytest

from bot.library.alarm_phrases import parse_alarm_phrases, read_alarm_phrases
from bot.library.errors import ContentError

CONTENT = Path(__file__).parents[3] / "content" / "alarm" / "phrases.yaml"
TEXT = CONTENT.read_text(encoding="utf-8")


def test_the_shipped_phrases_are_whole() -> None:
    assert len(read_alarm_phrases(CONTENT).rules) > 40


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("version: 1", "version: one", ": version: "),
        ("version: 1", "version: 1\ncolour: red", ": colour: Extra inputs"),
        ("source: ces, groups: [[numb, asleep]", "source: nobody, groups: [[numb, asleep]", "unknown source nobody"),
        ("groups: [[numb, asleep]", "groups: [[nomb]", "word class nomb is missing"),
        ("id: ces-buttock", "id: ces-saddle", "rule ces-saddle appears twice"),
        ("level: emergency, category: cauda_equina", "level: none, category: cauda_equina", "other than none"),
        ("level: emergency, category: cauda_equina", "level: soon, category: cauda_equina", "rules.0.level"),
        ("  knee:", "  spare:\n    why: nothing\n    de: [eins]\n    en: [one]\n  knee:", "spare is used by no rule"),
        ("de: [knie, knies]", "de: []", "word class knee lacks a language"),
        ("de: [knie, knies]", "de: [7, knies]", "words.knee.de.0: Input should be a valid string"),
        ("de: [knie, knies]", "de: ['kn(ie', knies]", "words.knee.de.0: String should match pattern"),
        ("words:", "words: [", "phrases.yaml:"),
        ("version: 1", "version: 1\nversion: 2", "stands twice"),
    ],
)  # fmt: skip
def test_a_broken_file_is_refused_with_field_and_reason(old: str, new: str, reason: str) -> None:
    broken = TEXT.replace(old, new, 1)
    with pytest.raises(ContentError) as refused:
        parse_alarm_phrases(broken, "phrases.yaml")

    assert reason in str(refused.value)
    assert all(problem.file == "phrases.yaml" and problem.line for problem in refused.value.problems)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"absent\.yaml"):
        read_alarm_phrases(tmp_path / "absent.yaml")
