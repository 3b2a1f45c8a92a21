"""The first programme and week from the shell: what a limit forbids stays out, and what is missing is cautious."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coach.disposition import Disposition, forbids_exercise
from bot.library.exercise import Equipment
from tests.shipped import kitted
from tests.unit.shell.asking import ask, run

LIBRARY = kitted().kit.library
GO = {"age": 40, "episode": "chronic", "pain_now": 3, "fear": 2, "minutes": 20, "disposition": "go"}


def names(items: list[dict[str, Any]]) -> list[str]:
    return [item["exercise"] for item in items]


def test_a_calm_week_begins_gently_and_grows() -> None:
    plan = ask("plan", profile=GO)
    first, *later = plan["week"]

    assert {LIBRARY.exercises[name].load for name in names(first["items"])} == {1}
    assert [day["day"] for day in plan["week"]] == [1, 3, 5]
    assert {name for day in later for name in names(day["items"])} > set(names(first["items"]))
    assert all(item["level"] == 1 for item in plan["programme"])
    assert plan["why"][0]["rule"] == "P_START"


@pytest.mark.parametrize("disposition", [d.value for d in Disposition if forbids_exercise(d)])
def test_a_lock_gives_nothing_and_says_so(disposition: str) -> None:
    plan = ask("plan", profile={**GO, "disposition": disposition})

    assert (plan["programme"], plan["week"]) == ([], [])
    assert [why["rule"] for why in plan["why"]] == ["P_DISPOSITION"]


def test_under_18_there_is_no_programme_whatever_the_disposition_says() -> None:
    assert ask("plan", profile={**GO, "age": 17})["programme"] == []


def test_nothing_known_is_the_cautious_side() -> None:
    plan = ask("plan")

    assert names(plan["programme"])[:2] == ["beckenkippen", "katze-kuh"]
    assert {LIBRARY.exercises[name].load for name in names(plan["programme"])} <= {0, 1}
    assert all(day["minutes"] <= 3 for day in plan["week"])


def test_what_is_left_out_says_why() -> None:
    plan = ask("plan", profile={**GO, "tags": ["BP"]})

    left_out = {each["exercise"]: each for each in plan["left_out"]}
    assert left_out["bruecke"]["tag"] == "BP"
    assert left_out["bruecke"]["reason"]


def test_english_on_request() -> None:
    _, (plan,), _ = run("plan", b'{"id": 1}', "en")
    assert plan["why"][0]["text"].startswith("We start")


PROFILES = st.fixed_dictionaries(
    {},
    optional={
        "age": st.none() | st.integers(15, 95),
        "episode": st.none() | st.sampled_from(["acute", "subacute", "chronic", "recurrent", "none"]),
        "pain_now": st.none() | st.integers(0, 10),
        "pain_average": st.none() | st.integers(0, 10),
        "tags": st.lists(st.sampled_from(sorted(LIBRARY.tags)), max_size=3),
        "fear": st.none() | st.integers(0, 10),
        "activity": st.none() | st.sampled_from(["inactive", "some", "active"]),
        "equipment": st.lists(st.sampled_from([each.value for each in Equipment]), max_size=4),
        "minutes": st.none() | st.integers(3, 60),
        "days_per_week": st.none() | st.integers(1, 7),
        "likes": st.lists(st.sampled_from(["bruecke", "strengthen", "nothing-real"]), max_size=2),
        "disposition": st.none() | st.sampled_from([each.value for each in Disposition]),
    },
)


@given(PROFILES)
@settings(max_examples=150, deadline=None)
def test_no_week_breaks_a_limit(profile: dict[str, Any]) -> None:
    plan = ask("plan", profile=profile)
    tags = LIBRARY.with_implied(frozenset(profile.get("tags") or ()))
    minutes = profile.get("minutes") or 3
    acute = profile.get("episode") in {None, "acute"}

    assert {name for day in plan["week"] for name in names(day["items"])} == set(names(plan["programme"]))
    for item in [*plan["programme"], *(item for day in plan["week"] for item in day["items"])]:
        exercise = LIBRARY.exercises[item["exercise"]]
        assert item["level"] in exercise.allowed_levels(tags)
        assert exercise.load == "W" or exercise.load <= (1 if acute else 3)
        assert set(item["dose"]) - {"sets"} == {_unit(exercise.unit.value)}
    for day in plan["week"]:
        assert 1 <= day["day"] <= 7
        assert day["minutes"] <= minutes
    for exercise in LIBRARY.exercises.values():
        days = [day["day"] for day in plan["week"] if exercise.id in names(day["items"])]
        assert len(days) <= exercise.max_per_week
        assert exercise.load != 3 or all(later - earlier >= 2 for earlier, later in pairwise(days))
    assert len(plan["week"]) <= (profile.get("days_per_week") or 3)


def _unit(unit: str) -> str:
    return {"reps": "reps", "reps_side": "reps", "sec": "seconds", "sec_side": "seconds", "min": "minutes"}.get(
        unit, unit
    )


def test_a_minute_is_never_exceeded_where_something_fits_into_it() -> None:
    week = ask("plan", profile={**GO, "minutes": 1})["week"]

    assert week
    assert all(day["minutes"] <= 1 for day in week)
