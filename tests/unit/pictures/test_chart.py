"""A member's own pictures: words are really drawn, values land where they belong, and nothing is kept."""

import asyncio
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from bot.pictures.chart import chart_svg, draw_chart
from bot.pictures.spec import PictureSpec, UnknownFigureError
from bot.pictures.studio import Studio

PAIN: dict[str, Any] = {
    "title": "Dein Schmerz",
    "subtitle": "0 bis 10",
    "weeks": [{"at": 0.5, "value": 6.0, "shown": "6,0"}, {"at": 1.5, "value": 4.0, "shown": "4,0"}],
    "days": [{"at": 0.1, "value": 6}],
    "ticks": [{"at": 0, "label": "Start"}, {"at": 2, "label": "2"}],
    "span": 12.5,
    "reference": {"start": {"at": 0, "value": 5}, "end": {"at": 12, "value": 3.5}, "label": "in Studien"},
}
WEEK: dict[str, Any] = {
    "title": "16. Nov. bis 22. Nov.",
    "summary": "1 bewegter Tag",
    "pain_label": "Schmerz",
    "legend": ["Übungen", "anders bewegt"],
    "days": [
        {"label": "Mo", "state": "done", "below": "12 Min.", "pain": 4, "shown": "4", "today": True},
        {"label": "Di", "state": "moved"},
        {"label": "Mi", "state": "open", "pain": 10, "shown": "10"},
    ],
}
ROUND: dict[str, Any] = {
    "title": "Gemeinsam bewegt",
    "subtitle": "Woche 1 von 4 ist geschafft",
    "total": "52",
    "unit": "bewegte Tage, gemeinsam",
    "goal": "Ziel: 120",
    "reached": 0.4,
    "weeks": 4,
    "weeks_over": 1,
}


def spec(figure: str, values: dict[str, Any]) -> PictureSpec:
    return PictureSpec(figure, 1, "still", own=json.dumps(values))


def shown_words(svg: str) -> list[str]:
    return re.findall(r">([^<\n]+)</text>", svg)


@pytest.mark.parametrize(("figure", "values"), [("chart-pain", PAIN), ("chart-week", WEEK), ("chart-round", ROUND)])
def test_a_chart_is_a_picture_of_its_own_size(figure: str, values: dict[str, Any]) -> None:
    drawn = draw_chart(spec(figure, values))

    assert Image.open(io.BytesIO(drawn.data)).size == (drawn.width, drawn.height) == (1280, 960)


@pytest.mark.parametrize(("figure", "values"), [("chart-pain", PAIN), ("chart-week", WEEK), ("chart-round", ROUND)])
def test_words_are_really_drawn(figure: str, values: dict[str, Any]) -> None:
    """Without its font a text vanishes silently."""
    assert draw_chart(spec(figure, values)).data != draw_chart(spec(figure, values | {"title": " "})).data


def test_every_number_of_the_pain_chart_is_written_beside_its_point() -> None:
    assert {"6,0", "4,0", "in Studien", "Start"} <= set(shown_words(chart_svg(spec("chart-pain", PAIN))))


def test_more_pain_stands_higher() -> None:
    svg = chart_svg(spec("chart-pain", PAIN))
    first, second = (float(y) for y in re.findall(r'<polyline points="[\d.]+,([\d.]+) [\d.]+,([\d.]+)"', svg)[0])

    assert first < second


def test_a_chart_of_one_number_has_no_line() -> None:
    assert "<polyline" not in chart_svg(spec("chart-pain", PAIN | {"weeks": PAIN["weeks"][:1]}))


def test_the_numbers_of_a_long_course_do_not_touch_and_the_newest_is_there() -> None:
    weeks = [{"at": n + 0.5, "value": 5, "shown": f"n{n}"} for n in range(26)]
    svg = chart_svg(spec("chart-pain", PAIN | {"weeks": weeks, "span": 26.5}))
    numbers = [int(word[1:]) for word in set(shown_words(svg)) if re.fullmatch(r"n\d+", word)]

    assert 25 in numbers
    assert len(numbers) == 13


def test_a_days_state_is_told_by_shape_not_only_by_colour() -> None:
    days = [{"label": "Mo", "state": state} for state in ("done", "moved", "open")]
    shapes = {re.sub(r"#[0-9A-F]{6}", "", chart_svg(spec("chart-week", WEEK | {"days": [day]}))) for day in days}

    assert len(shapes) == 3


def test_words_cannot_become_markup() -> None:
    svg = chart_svg(spec("chart-week", WEEK | {"title": '<image href="file:///etc/passwd"/>'}))

    assert "<image" not in svg


@pytest.mark.parametrize("own", ["", "{", "[]", '{"title": 3}'])
def test_what_cannot_be_read_is_refused_without_naming_a_value(own: str) -> None:
    with pytest.raises(UnknownFigureError) as refused:
        chart_svg(PictureSpec("chart-pain", 1, "still", own=own))

    assert "title" not in str(refused.value)


async def test_a_members_own_picture_is_not_kept_and_its_name_cannot_be_guessed(tmp_path: Path) -> None:
    wanted = spec("chart-week", WEEK)
    async with Studio(tmp_path / "poses", tmp_path / "cache") as studio, Studio(tmp_path, tmp_path) as other:
        drawn = await studio.picture(wanted)

        assert drawn.digest == studio.digest(wanted) != other.digest(wanted)
        assert await studio.picture(wanted) is drawn  # whoever did not wait finds it, for a moment
        impatient = asyncio.ensure_future(studio.picture(late := spec("chart-pain", PAIN)))
        await asyncio.sleep(0)
        impatient.cancel()  # as a message does that leaves without it
        assert studio.digest(late) in studio._drawing  # it is drawn on, once, for the edit that brings it
        assert (await studio.picture(late)).data
    assert studio._at_hand == {}
    assert not [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]


def test_a_rounds_way_is_walked_as_far_as_the_sum_and_ends_at_the_flag() -> None:
    svgs = [chart_svg(spec("chart-round", ROUND | {"reached": reached})) for reached in (0.0, 0.4, 1.0, 7.0)]
    walked = [len(re.findall(r"<polyline points=\"([^\"]+)\"", svg)[-1].split()) for svg in svgs]

    assert walked[1] < walked[2] == walked[3]
    assert {"52", "Ziel: 120", "4"} <= set(shown_words(svgs[1]))


JOIN: dict[str, Any] = {
    "title": "Pause mit Schwung",
    "subtitle": "Gemeinsam ein Ziel",
    "link": "https://t.me/rueckgrat_bot?start=g_ABCDE23456",
    "how": ["Mit der Kamera öffnen", "und mitmachen."],
    "code_label": "Oder tippen: /start",
    "code": "g_ABCDE23456",
}


@pytest.mark.parametrize(
    ("width", "link"), [(1280, JOIN["link"]), (320, JOIN["link"]), (640, "https://matrix.to/#/@coach:example.org")]
)
def test_the_code_that_joins_a_round_can_be_read_from_the_picture(width: int, link: str) -> None:
    wanted = spec("chart-join", JOIN | {"link": link})
    picture = Image.open(io.BytesIO(draw_chart(wanted).data)).convert("RGB")
    found = zxingcpp.read_barcodes(picture.resize((width, width * 3 // 4)))

    assert [code.text for code in found] == [link]
    assert {"g_ABCDE23456", "und mitmachen."} <= set(shown_words(chart_svg(wanted)))


STABILITY: dict[str, Any] = {
    "title": "Dein Stand",
    "subtitle": "22. Nov.",
    "first_label": "beim ersten Mal",
    "axes": [
        {"label": "Unterarmstütz", "shown": "30 s, Form 2", "score": 0.5, "first": 0.1},
        {"label": "Seite rechts", "shown": "20 s, Form 2", "score": 0.4, "others": 0.9},
        {"label": "Brücke", "shown": "45 s, Form 2", "score": 0.9},
    ],
}


def test_the_radar_names_every_direction_and_puts_more_further_out() -> None:
    drawn = chart_svg(PictureSpec("chart-stability", 1, "still", own=json.dumps(STABILITY)))

    assert all(axis["label"] in drawn and axis["shown"] in drawn for axis in STABILITY["axes"])
    shape = re.search(r'points="([^"]+)" fill="#9CCFC9"', drawn)
    assert shape is not None
    (_, top), *_ = ([float(value) for value in point.split(",")] for point in shape.group(1).split())
    assert top == pytest.approx(540 - 238 * 0.5, abs=0.1)
    assert "stroke-dasharray" in drawn


def test_without_an_earlier_result_nothing_is_dashed() -> None:
    alone = {**STABILITY, "first_label": "", "axes": [{**axis, "first": None} for axis in STABILITY["axes"]]}

    assert "stroke-dasharray" not in chart_svg(PictureSpec("chart-stability", 1, "still", own=json.dumps(alone)))
