"""The paper for a practice, read with another library: two pages, real text in reading order, nothing cut off."""

import json
import logging
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from bot.pictures.report import draw_report
from bot.pictures.spec import PictureSpec, UnknownFigureError
from bot.pictures.studio import Studio
from tests.unit.pictures.test_chart import PAIN


def _values(**other: Any) -> dict[str, Any]:
    table = {"head": ["Übung", "Stufe"], "rows": [["Brücke, kleine Form", "1 / 4"]], "widths": [0.7, 0.3]}
    return {
        "language": "de",
        "made_on": "2026-11-29",
        "title": "Bericht für die Praxis",
        "subtitle": "Stand 29. Nov. 2026",
        "facts": [{"label": "Alter", "value": "45 bis 59"}, {"label": "Übungen seit", "value": "23. Nov. 2026"}],
        "first": [
            {"title": "Darüber möchte ich sprechen", "lines": ["Wieder im Garten arbeiten"], "ruled": 2},
            {"title": "Schmerzverlauf", "chart": PAIN, "chart_alt": "Schmerz je Woche: 6,0 · 4,0"},
        ],
        "second": [{"title": "Übungen zurzeit", "table": table}],
        "foot": "Kein Medizinprodukt.",
        "page_words": ["Seite 1 von 2", "Seite 2 von 2"],
        **other,
    }


def _drawn(values: dict[str, Any]) -> bytes:
    return draw_report(PictureSpec("report", 1, "paper", own=json.dumps(values))).data


def _read(data: bytes) -> list[str]:
    paper = pypdfium2.PdfDocument(data)
    return [paper[index].get_textpage().get_text_bounded() for index in range(len(paper))]


def test_two_pages_of_selectable_text_with_the_foot_on_each() -> None:
    first, second = _read(_drawn(_values()))

    assert first.index("Bericht für die Praxis") < first.index("Wieder im Garten arbeiten") < first.index("Schmerzverl")
    assert "Brücke, kleine Form" in second
    assert ("Seite 1 von 2" in first, "Seite 2 von 2" in second) == (True, True)
    assert all("Kein Medizinprodukt." in page for page in (first, second))


def test_the_paper_names_its_language_and_the_day_but_no_hour() -> None:
    paper = pypdfium2.PdfDocument(_drawn(_values()))

    assert paper.get_metadata_dict()["CreationDate"].startswith("D:20261129000000")
    assert b"/Lang (de)" in _drawn(_values())


def test_whoever_has_much_to_tell_still_gets_two_pages_with_all_of_it() -> None:
    rows = [[f"Übung Nummer {number} mit einem langen Namen", "1 / 4"] for number in range(34)]
    much = {"title": "Viel", "table": {"head": ["Übung", "Stufe"], "rows": rows, "widths": [0.7, 0.3]}}

    pages = _read(_drawn(_values(second=[much])))

    assert len(pages) == 2
    assert all(row[0] in pages[1] for row in rows)


def test_the_chart_says_in_words_what_it_shows() -> None:
    assert b"/Alt <feff" + "Schmerz je Woche: 6,0 · 4,0".encode("utf-16-be").hex().encode() in _drawn(_values())


@pytest.mark.parametrize("words", ["Больно сидеть", "Ağrı, ł, ề", "a" * 200])
def test_a_sentence_in_other_latin_or_cyrillic_letters_stands_whole(words: str) -> None:
    first, _ = _read(_drawn(_values(first=[{"title": "Darüber", "lines": [words]}])))

    assert words in first.replace("\r\n", "")


def test_letters_the_font_lacks_leave_a_mark_and_reach_no_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        first, _ = _read(_drawn(_values(first=[{"title": "Darüber", "lines": ["Rücken 😢 שלום"]}])))

    assert "Rücken" in first
    assert "[…]" in first
    assert caplog.text == ""


def test_what_cannot_be_read_is_refused_without_naming_a_value() -> None:
    with pytest.raises(UnknownFigureError, match=r"^report: \d+ values cannot be read$"):
        _drawn({"title": "Ada", "first": 7})


async def test_the_studio_makes_it_in_a_worker_and_keeps_nothing(tmp_path: Path) -> None:
    async with Studio(tmp_path, tmp_path / "cache") as studio:
        paper = await studio.picture(PictureSpec("report", 1, "paper", own=json.dumps(_values())))

    assert paper.mime == "application/pdf"
    assert len(_read(paper.data)) == 2
    assert not (tmp_path / "cache").exists()
