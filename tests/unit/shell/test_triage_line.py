"""Triage from the shell: items not listed are a no, null and a missing age are not, free text counts."""

import pytest

from tests.unit.shell.asking import ask


def disposition(**line: object) -> str:
    found: str = ask("triage", **{"age": 40, **line})["disposition"]
    return found


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ({}, "go"),
        ({"answers": {"rf_saddle": "yes"}}, "emergency"),
        ({"answers": {"rf_saddle": "unsure"}}, "urgent"),
        ({"answers": {"rf_saddle": "known"}}, "caution"),
        ({"answers": {"rf_bilat": "yes"}}, "urgent"),
        ({"answers": {"rf_bilat": "yes", "rf_legs": "unsure"}}, "emergency"),
        ({"answers": {"rf_trauma_late": "yes"}}, "urgent"),
        ({"answers": {"rf_calf": "unsure"}}, "urgent"),
        ({"answers": {"rf_preg": "unsure"}}, "urgent"),
        ({"answers": {"rf_suicidal": "unsure"}}, "crisis"),
        ({"answers": {"rf_heart": "known"}}, "doctor_first"),
        ({"answers": {"rf_walk": "yes"}}, "doctor_soft"),
        ({"answers": {"rf_saddle": None}}, "doctor_first"),
        ({"age": None}, "doctor_first"),
        ({"age": 65}, "caution"),
        ({"age": 17.9}, "not_served"),
        ({"age": 17, "answers": {"rf_chest": "yes"}}, "emergency"),
        ({"tags": ["KN"]}, "caution"),
        ({"text": "Ich spüre nichts mehr im Schritt"}, "emergency"),
        ({"text": "i want to kill myself"}, "crisis"),
        ({"text": "Hallo, ich hab Rücken"}, "go"),
    ],
)
def test_what_it_decides(line: dict[str, object], expected: str) -> None:
    assert disposition(**line) == expected


def test_reasons_are_named_gravest_first_with_their_sources() -> None:
    answer = ask(
        "triage", age=70, answers={"rf_walk": "yes", "rf_fever": "yes"}, tags=["P20"], text="kann nicht mehr leben"
    )

    assert answer["disposition"] == "crisis"
    assert [(reason["item"], reason["disposition"]) for reason in answer["reasons"]][:3] == [
        ("text", "crisis"),
        ("rf_fever", "urgent"),
        ("rf_walk", "doctor_soft"),
    ]
    assert all(reason["source"] for reason in answer["reasons"])
    assert answer["tags"] == ["P20", "PG", "ST"]
