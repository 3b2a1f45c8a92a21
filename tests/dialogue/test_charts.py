"""A member's own pictures hold the member's own numbers, and words for who cannot see them."""

import json
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.dialogue.charts import pain_picture, week_picture
from bot.dialogue.facts import Dated, PainReported, WalkLogged
from bot.dialogue.memory import remember
from bot.dialogue.moment import Moment
from bot.dialogue.turn import Draft
from tests.dialogue.room import MONDAY, Room


def draft(room: Room, *told: Dated) -> Draft:
    made = Draft(
        member=room.member, moment=Moment(room.now, ZoneInfo(room.member.zone)), kit=room.kit, channel="web", next_id=1
    )
    for dated in told:
        made.change(known=remember(made.member.known, dated))
    return made


def pain(week: int, value: int, when: str = "before") -> Dated:
    at = MONDAY + timedelta(weeks=week)
    return Dated(PainReported(when=when, value=value), at, at.date())


def test_without_a_number_there_is_no_pain_chart() -> None:
    assert pain_picture(draft(Room())) is None


def test_weeks_outlive_the_days_and_pain_after_exercises_is_not_among_them() -> None:
    told = [pain(0, 6), pain(0, 4), pain(0, 9, "after"), pain(9, 3)]
    picture = pain_picture(draft(Room(), *told))

    assert picture is not None
    values = json.loads(picture.own)
    assert [(point["at"], point["value"]) for point in values["weeks"]] == [(0.5, 5.0), (9.5, 3.0)]
    assert [point["value"] for point in values["days"]] == [3.0]
    assert "5,0 · 3,0" in picture.alt


def test_a_walk_makes_a_moved_day_and_an_empty_day_is_not_named() -> None:
    walked = Dated(WalkLogged(minutes=15), MONDAY, MONDAY.date())
    picture = week_picture(draft(Room(), walked, walked))
    days: list[dict[str, Any]] = json.loads(picture.own)["days"]

    assert [day["state"] for day in days] == ["moved", *["open"] * 6]
    assert days[0]["below"] == "30 Min."
    assert "Mo: anders bewegt, 30 Min." in picture.alt
    assert "Di:" not in picture.alt


def test_finished_exercises_tick_the_day() -> None:
    room = Room()
    room.first_day()

    assert json.loads(week_picture(draft(room)).own)["days"][0]["state"] == "done"


@pytest.mark.parametrize("language", ["de", "en"])
def test_an_empty_week_says_so(language: str) -> None:
    room = Room()
    made = draft(room)
    made.change(language=language)

    assert week_picture(made).alt == room.kit.catalogs[language].text("charts/week-alt-empty")
