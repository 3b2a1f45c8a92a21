"""JSON Lines: in order, ids echoed, a bad line answered with an error that names the field, the rest goes on."""

import json
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cli import main
from bot.shell.rules import COMMANDS, Command
from tests.shipped import CONTENT
from tests.unit.shell.asking import ask, run


def test_a_bad_line_fails_alone() -> None:
    source = (
        b'{"id": "a", "text": "guten Morgen"}\nnot json\n\n[1]\n{"id": {"b": 1}, "text": 5}\n{"text": "danke"}\n\n\n'
    )

    is_good, answers, _ = run("alarm", source)

    assert not is_good
    assert [answer["id"] for answer in answers] == ["a", None, None, None, {"b": 1}, None]
    assert ["error" in answer for answer in answers] == [False, True, True, True, True, False]
    assert answers[4]["error"] == "text: should be a valid string"


def test_all_good_lines_are_good() -> None:
    assert run("alarm", '﻿{"id": 1, "text": "schönen Tag"}\r\n'.encode())[:2] == (
        True,
        [{"id": 1, "level": "none", "category": "none", "certainty": "sure"}],
    )


@pytest.mark.parametrize(
    ("command", "line", "field"),
    [
        ("alarm", {}, "text: is missing"),
        ("alarm", {"text": "x", "lang": "fr"}, "lang"),
        ("triage", {"answers": {"rf_legs": "maybe"}}, "answers.rf_legs"),
        ("triage", {"answers": {"rf_leg": "yes"}}, "answers: there is no question rf_leg"),
        ("triage", {"age": "old"}, "age"),
        ("triage", {"age": -1}, "age"),
        ("triage", {"age": True}, "age"),
        ("triage", {"pain_now": 11}, "pain_now"),
        ("triage", {"tags": ["XX"]}, "tags: there is no tag XX"),
        ("plan", {"profile": {"minutes": 0}}, "profile.minutes"),
        ("plan", {"profile": {"equipment": ["rocket"]}}, "profile.equipment.0"),
        ("plan", {"profile": {"tags": ["XX"]}}, "profile.tags"),
        ("progress", {"exercise": "bruecke"}, "days: is missing"),
        ("progress", {"exercise": "handstand", "days": []}, "exercise: there is no 'handstand'"),
        ("progress", {"exercise": "bruecke", "level": 9, "days": []}, "level"),
        ("progress", {"exercise": "bruecke", "dose_step": 0, "days": []}, "dose_step"),
        ("progress", {"exercise": "bruecke", "days": [{"day": 1}, {"day": 2, "before": 12}]}, "days.1.before"),
        ("progress", {"exercise": "bruecke", "days": [{"day": 1}, {"day": 1}]}, "days.1.day: day 1 comes twice"),
        ("progress", {"exercise": "bruecke", "days": [{"day": 1, "quality": "odd"}]}, "days.0.quality"),
        (
            "progress",
            {"exercise": "bruecke", "days": [{"day": 1, "effort": "very"}]},
            "days.0.effort: should be a number from 0 to 10 or one of easy, right, hard",
        ),
        ("progress", {"exercise": "bruecke", "days": [{"day": 1, "effort": 11}]}, "days.0.effort: should be"),
    ],
)
def test_an_error_names_the_field(command: Command, line: dict[str, object], field: str) -> None:
    assert ask(command, **line)["error"].startswith(field)


def test_a_field_nobody_knows_is_named_beside_the_answer() -> None:
    line = {"id": 3, "exercise": "bruecke", "days": [{"day": 1, "efort": 3}], "profile": {"old": 1}}

    is_good, (answer,), notes = run("progress", json.dumps(line).encode())

    assert is_good
    assert "error" not in answer
    assert notes.splitlines() == [
        "3: profile.old is no field of progress and was not read",
        "3: days.0.efort is no field of progress and was not read",
    ]


def test_a_like_that_nothing_follows_from_is_named_beside_the_answer() -> None:
    line = {"id": 4, "profile": {"likes": ["chess", "strengthen", "kaefer"]}}

    is_good, _, notes = run("plan", json.dumps(line).encode())

    assert is_good
    assert notes.splitlines() == ["4: profile.likes: 'chess' is no exercise and no category"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KEYS = ("id", "age", "answers", "tags", "text", "lang", "profile", "exercise", "level", "dose_step", "days", "episode")
LINES = st.dictionaries(st.sampled_from(KEYS), JSON).map(json.dumps).map(str.encode) | st.binary(max_size=40)


@given(
    st.sampled_from(COMMANDS),
    st.lists(LINES.filter(lambda line: b"\n" not in line and line.strip(b"\xef\xbb\xbf \t\r\f\v")), max_size=3),
)
@settings(max_examples=150, deadline=None)
def test_no_line_stops_the_lines_after_it(command: Command, lines: list[bytes]) -> None:
    _, answers, _ = run(command, b"\n".join(lines))

    assert len(answers) == len(lines)


def test_deep_nesting_and_half_a_letter_are_answered() -> None:
    deep = b"[" * 100_000
    _, answers, _ = run("alarm", deep + b'\n{"id": "\\ud800", "text": "ok"}\n{"id": 1, "text": "\\u2028ok"}')

    assert [("error" in answer) for answer in answers] == [True, True, False]


@pytest.mark.parametrize("day", ["yesterday", "24.11.2026", "2026-11-31"])
def test_a_day_that_is_none_is_refused_instead_of_answered(day: str, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty day and a slip of the pen looked alike: nothing was decided."""
    with pytest.raises(SystemExit) as left:
        main(["rules", "explain", "1", day])

    assert left.value.code == 2
    assert f"{day!r} should be a date as in 2026-11-24" in capsys.readouterr().err


def test_the_command_line_exits_with_1_if_any_line_failed() -> None:
    def exits(source: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "bot", "rules", "triage"],
            input=source.encode(),
            capture_output=True,
            check=False,
            cwd=CONTENT.parent,
            env={"PYTHONPATH": str(CONTENT.parent), "PATH": "/usr/bin:/bin", "LC_ALL": "C"},
        )
        return done.returncode, done.stdout.decode()

    assert exits('{"id": "ä", "age": 30}')[0] == 0
    code, answer = exits('{"id": "ä", "age": "alt"}')
    assert code == 1
    assert json.loads(answer)["id"] == "ä"
