"""Plain lines: an ordinary day is not asked about; what the rules hear, and whatever else is said, is."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coach.alarm import MODEL, SILENT
from bot.coach.alarm_plain import PlainTalk
from bot.coach.alarm_text import read
from bot.library.alarm_plain import read_alarm_plain
from bot.library.errors import ContentError
from tests.alarm.corpus import CONTENT
from tests.alarm.known import DETECTOR, KNOWN, RULES

PLAIN = PlainTalk(KNOWN.plain)


def is_plain(text: str) -> bool:
    return PLAIN.is_all_of(text, read(text))


@pytest.mark.parametrize(
    "text",
    ["alles gut bei mir", "Alles gut bei mir 😊", "Reicht spazieren gehen?", "Bin heute total müde", "geht so",
     "Mein Rücken tut heute wieder weh", "Heute morgen etwas steif …", "Fühle mich besser, danke!",
     "mein RUECKEN zwickt", "I'm exhausted today", "my back hurts", "It's been a long day 😴",
     "All good with me, thanks 👍🏽", "is walking enough?", "my lower back's playing up again",
     "Can't be bothered today"],
)  # fmt: skip
def test_an_ordinary_day_is_not_asked_about(text: str) -> None:
    assert is_plain(text)
    assert DETECTOR.check(text) == SILENT


@pytest.mark.parametrize(
    "text",
    ["alles gut bei mir 🖤", "alles gut bei mir, macht es gut", "bin müde vom Leben", "I'm tired of it all",
     "mir reicht's", "my back hurts and my foot is numb", "mein Rücken tut weh, Fieber hab ich auch", "I'm so done",
     "nie wieder müde",
     "alles gut bei mir alles gut bei mir alles gut bei mir alles gut bei mir"],
)  # fmt: skip
def test_whatever_else_is_said_is_left_to_the_model(text: str) -> None:
    assert not is_plain(text)


def test_the_model_is_asked_as_soon_as_a_sign_nobody_listed_stands_there() -> None:
    assert DETECTOR.check("alles gut bei mir 🖤").rule == MODEL


@pytest.mark.parametrize("line", [*KNOWN.plain.de, *KNOWN.plain.en])
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_no_rule_hears_anything_in_a_plain_line(line: str, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(line.replace("#", "[0-9]{1,3}"), fullmatch=True))

    assert is_plain(text)
    assert RULES.check(text) == SILENT


@pytest.mark.parametrize("filler", KNOWN.plain.fillers)
def test_fillers_alone_say_nothing(filler: str) -> None:
    assert RULES.check(filler) == SILENT
    assert is_plain(f"{filler}, alles gut")


@given(st.text())
def test_any_text_can_be_asked_about(text: str) -> None:
    is_plain(text)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("version: 1", "version: 1\ncolour: red", "Extra inputs"),
        ("(passt|wird|geht|lauft)", "(passt|wird", "brackets do not fit"),
        ("(passt|wird|geht|lauft)", "passt.*", "should match pattern"),
        ("version: 1", "version: 1\nversion: 2", "stands twice"),
    ],
)
def test_a_broken_file_is_refused_with_field_and_reason(tmp_path: Path, old: str, new: str, reason: str) -> None:
    text = (CONTENT / "plain.yaml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "plain.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(ContentError, match=reason) as refused:
        read_alarm_plain(path)
    assert all(problem.line for problem in refused.value.problems)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"absent\.yaml"):
        read_alarm_plain(tmp_path / "absent.yaml")
