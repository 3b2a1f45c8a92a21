"""Progress from the shell: the worked example of the clinical rules, and what the line's own words mean."""

from typing import Any

import pytest

from tests.unit.shell.asking import ask

MEMBER = {"age": 40, "pain_average": 3, "fear": 2, "disposition": "go"}
MON, TUE, WED, THU, FRI, SAT, SUN = range(1, 8)


def trained(day: int, before: float = 3, after: float = 3, **more: Any) -> dict[str, Any]:
    return {"day": day, "before": before, "after": after, "effort": "right", "done": 1, "more": True, **more}


def example(*, monday_morning_after: float | None = 3, last_morning: float = 3) -> list[dict[str, Any]]:
    return [
        trained(MON, 3, 4),
        {"day": TUE, "morning": 3},
        trained(WED, 2, 3, effort=4),
        {"day": THU, "morning": 3},
        trained(FRI),
        {"day": SAT, "morning": 3},
        {"day": SUN},
        trained(7 + MON),
        {"day": 7 + TUE, "morning": monday_morning_after},
        trained(7 + WED, 3, 6, effort=5),
        {"day": 7 + THU, "morning": last_morning},
    ]


def decisions(days: list[dict[str, Any]], level: int = 2, step: int = 3, **profile: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask(
        "progress", profile={**MEMBER, **profile}, exercise="bruecke", level=level, dose_step=step, days=days
    )["decisions"]
    return found


def changes(days: list[dict[str, Any]], level: int = 2, step: int = 3, **profile: Any) -> list[tuple[int, str, str]]:
    return [
        (d["day"], d["change"], d["rule"]) for d in decisions(days, level, step, **profile) if d["change"] != "hold"
    ]


def gates(days: list[dict[str, Any]]) -> list[str]:
    return [decision["gate"] for decision in decisions(days)]


def test_the_worked_example() -> None:
    assert changes(example()) == [
        (THU, "dose_up", "R_DOSE"),
        (7 + TUE, "level_up", "R_LEVEL"),
        (7 + WED, "level_down", "R_RED2"),
    ]


def test_its_morning_of_5_is_a_flare_up_on_thursday() -> None:
    found = decisions(example(last_morning=5))

    assert [d["gate"] for d in found] == ["normal"] * 10 + ["flare"]
    assert (found[-1]["change"], found[-1]["rule"]) == ("rest", "R_FLARE")


def test_without_its_monday_morning_all_stays() -> None:
    found = decisions(example(monday_morning_after=None)[:9])

    assert (found[-1]["change"], found[-1]["rule"]) == ("hold", "R_HOLD")
    assert "Morgen" in found[-1]["reason"]["de"]
    assert "morning" in found[-1]["reason"]["en"]


@pytest.mark.parametrize(("last_morning", "before"), [(3, 7 + SAT), (5, 14)])
def test_nothing_rises_for_three_days_after_it(last_morning: float, before: int) -> None:
    calm = [trained(day, before=3) if day % 2 else {"day": day, "morning": 3} for day in range(7 + FRI, before)]

    found = changes([*example(last_morning=last_morning), *calm])

    assert not [change for change in found if change[0] > 7 + WED and change[1] in {"dose_up", "level_up"}]


def test_one_answer_for_each_day_in_the_order_of_the_line() -> None:
    days = example()

    assert [d["day"] for d in decisions(days[::-1])] == [day["day"] for day in days[::-1]]
    assert sorted(changes(days[::-1])) == changes(days)


@pytest.mark.parametrize("text", ["Kein Gefühl mehr im Schritt", "i want to die"])
def test_alarming_words_stop_that_day_and_every_later_one(text: str) -> None:
    days = example()
    days[4]["text"] = text

    found = decisions(days)

    assert [d["gate"] for d in found] == ["normal"] * 4 + ["stop"] * 7
    assert {d["change"] for d in found[4:]} == {"stop"}


def test_a_forbidding_disposition_and_a_child_stop_from_the_first_day() -> None:
    for profile in ({"disposition": "doctor_first"}, {"age": 16}):
        assert {d["change"] for d in decisions(example(), **profile)} == {"stop"}


def test_words_and_numbers_of_effort_and_quality_mean_the_same() -> None:
    words = [trained(1, effort="hard", quality="stechend", peak=4), trained(3, effort="easy")]
    numbers = [trained(1, effort=8, quality="stabbing", peak=4), trained(3, effort=3)]

    assert decisions(words) == decisions(numbers)
    assert changes(words)[0] == (1, "level_down", "R_RED2")


def test_a_day_with_nothing_done_is_a_pause_and_a_session_with_nothing_told_raises_nothing() -> None:
    idle = [trained(1), {"day": 9, "before": 3, "done": 0}, trained(10)]
    silent = [trained(1), {"day": 2, "morning": 3}, {"day": 3, "before": 3}, {"day": 4, "morning": 3}]

    assert gates(idle) == ["normal", "ramp", "ramp"]
    assert changes(silent) == []


@pytest.mark.parametrize(
    ("gap", "gate", "change"),
    [(3, "normal", None), (6, "ramp", None), (9, "ramp", "dose_down"), (20, "screen", "level_down")],
)
def test_a_return_is_lowered_although_nobody_was_asked_in_between(gap: int, gate: str, change: str | None) -> None:
    days = [trained(1), trained(1 + gap), {"day": 2 + gap, "morning": 3}]

    assert gates(days)[1] == gate
    assert changes(days) == ([] if change is None else [(1 + gap, change, "R_PAUSE")])


def test_a_declined_rise_is_offered_again_after_seven_days() -> None:
    calm = [trained(day) if day % 2 else {"day": day, "morning": 3} for day in range(1, 20)]
    first = next(day for day, change, _ in changes(calm) if change == "dose_up")
    for day in calm:
        if day["day"] == first + 1:
            day["declined"] = True

    again = [day for day, change, _ in changes(calm) if change == "dose_up"]

    assert again[:2] == [first, first + 8]


@pytest.mark.parametrize(("named", "change"), [(None, "hold"), ([], "level_down")])
def test_who_names_no_things_has_those_of_the_form(named: list[str] | None, change: str) -> None:
    profile = {**MEMBER, "equipment": named}

    found = ask("progress", profile=profile, exercise="kniebeuge", level=4, dose_step=1, days=[{"day": 1}])

    assert found["decisions"][0]["change"] == change
