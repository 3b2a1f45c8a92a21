"""YAML is read by the rules of version 1.2."""

import pytest

from bot.library.yaml12 import YamlError, parse_yaml


def test_words_that_version_1_1_takes_for_booleans_stay_text() -> None:
    sheet = parse_yaml("on: no\nyes: off\n1: y\ndate: 2026-01-02\n")

    assert sheet.data == {"on": "no", "yes": "off", "1": "y", "date": "2026-01-02"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-.40", -0.4),
        ("1e3", 1000.0),
        ("07", 7),
        ("true", True),
        ("FALSE", False),
        ("~", None),
        ("", None),
        ("'7'", "7"),
        ("|\n  7\n", "7\n"),
        ("[1, null, x]", [1, None, "x"]),
    ],
)
def test_plain_values(text: str, value: object) -> None:
    assert parse_yaml(f"key: {text}\n").data == {"key": value}


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ("a: 1\na: 2\n", 2, "twice"),
        ("a: [1\n", 2, "expected"),
        ("? [1, 2]\n: x\n", 1, "key must be text"),
        ("", 1, "empty"),
        ("a: &x\n  - *x\n", 1, "contains itself"),
        ("\0", None, "not YAML"),
    ],
)
def test_what_we_do_not_read_is_refused_with_its_line(text: str, line: int | None, part: str) -> None:
    with pytest.raises(YamlError) as caught:
        parse_yaml(text)

    assert part in caught.value.reason
    assert caught.value.line == line


def test_the_line_of_a_missing_field_is_that_of_what_surrounds_it() -> None:
    sheet = parse_yaml("a:\n  b: 1\n  c:\n    - 5\n    - 6\n")

    assert sheet.find_line(("a", "c", 1)) == 5
    assert sheet.find_line(("a", "missing")) == 1
    assert sheet.find_line(("elsewhere",)) == 1
