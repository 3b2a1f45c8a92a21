"""From answers to a disposition: the table of the screening, and what an unanswered question never becomes."""

from collections.abc import Mapping

import pytest

from bot.coach.disposition import Disposition
from bot.coach.screening import Answer, Reason, TriageFacts, UnknownItemError, disposition_of, triage, with_reasons
from bot.library.library import Library
from bot.library.screening import AgeBand, Episode

YES, NO, UNSURE, KNOWN = Answer.YES, Answer.NO, Answer.UNSURE, Answer.KNOWN
FACTS = TriageFacts(age=AgeBand.FROM_18, episode=Episode.ACUTE)


def decide(library: Library, answers: Mapping[str, Answer], facts: TriageFacts = FACTS) -> str | None:
    """All other questions are answered with no."""
    all_no = dict.fromkeys((item.id for item in library.screening.items), NO)
    return triage(all_no | dict(answers), facts, library).disposition


@pytest.mark.parametrize(
    ("item", "yes", "unsure", "known"),
    [
        ("rf_saddle", "emergency", "urgent", "caution"),
        ("rf_bladder", "emergency", "urgent", "caution"),
        ("rf_sex", "emergency", "urgent", "caution"),
        ("rf_legs", "emergency", "urgent", "caution"),
        ("rf_bilat", "urgent", "urgent", "caution"),
        ("rf_trauma", "emergency", "urgent", "caution"),
        ("rf_trauma_late", "urgent", "urgent", "caution"),
        ("rf_tear", "emergency", "urgent", "doctor_first"),
        ("rf_chest", "emergency", "urgent", "doctor_first"),
        ("rf_fever", "urgent", "doctor_first", "caution"),
        ("rf_infect", "urgent", "doctor_first", "caution"),
        ("rf_minor", "urgent", "doctor_first", "caution"),
        ("rf_leg1", "urgent", "doctor_first", "caution"),
        ("rf_rest", "urgent", "doctor_first", "caution"),
        ("rf_organ", "urgent", "doctor_first", "caution"),
        ("rf_calf", "urgent", "urgent", "caution"),
        ("rf_cancer", "doctor_first", "caution", "caution"),
        ("rf_weight", "doctor_first", "caution", "caution"),
        ("rf_inflam", "doctor_soft", "caution", "caution"),
        ("rf_walk", "doctor_soft", "caution", "caution"),
        ("rf_opfx", "doctor_first", "caution", "doctor_first"),
        ("rf_postop", "doctor_first", "caution", "caution"),
        ("rf_heart", "doctor_first", "caution", "doctor_first"),
        ("rf_thor", "doctor_first", "caution", "caution"),
        ("rf_first65", "doctor_first", "caution", "doctor_first"),
        ("rf_long", "doctor_soft", "caution", "caution"),
        ("rf_preg", "emergency", "urgent", "doctor_first"),
        ("rf_suicidal", "crisis", "crisis", "crisis"),
    ],
)
def test_each_answer_alone(library: Library, item: str, yes: str, unsure: str, known: str) -> None:
    assert decide(library, {item: YES}) == yes
    assert decide(library, {item: UNSURE}) == unsure
    assert decide(library, {item: KNOWN}) == known


def test_a_no_leads_nowhere(library: Library) -> None:
    assert {disposition_of(item, NO) for item in library.screening.items} == {Disposition.GO}


def test_all_no_is_go(library: Library) -> None:
    assert decide(library, {}) == "go"


@pytest.mark.parametrize("beside", ["rf_saddle", "rf_bladder", "rf_sex", "rf_legs"])
@pytest.mark.parametrize("answer", [YES, UNSURE])
def test_both_legs_with_another_sign_is_an_emergency(library: Library, beside: str, answer: Answer) -> None:
    assert decide(library, {"rf_bilat": YES, beside: answer}) == "emergency"


def test_both_legs_with_something_long_known_is_urgent(library: Library) -> None:
    assert decide(library, {"rf_bilat": YES, "rf_bladder": KNOWN}) == "urgent"


def test_fever_with_a_new_nerve_sign_is_an_emergency(library: Library) -> None:
    assert decide(library, {"rf_fever": YES, "rf_leg1": YES}) == "emergency"


def test_the_gravest_finding_wins_and_stands_first(library: Library) -> None:
    result = triage({"rf_cancer": YES, "rf_fever": YES, "rf_long": YES}, FACTS, library)

    assert result.disposition is Disposition.URGENT
    assert [reason.item for reason in result.reasons] == ["rf_fever", "rf_cancer", "rf_long"]
    assert all(reason.source in library.sources for reason in result.reasons)


def test_an_unanswered_hard_question_is_not_a_no(library: Library) -> None:
    result = triage({"rf_saddle": NO, "rf_cancer": UNSURE}, FACTS, library)

    assert result.disposition is None
    assert not result.is_complete
    assert "rf_bladder" in result.hard_open


@pytest.mark.parametrize(("item", "expected"), [("rf_saddle", "emergency"), ("rf_cancer", "doctor_first")])
def test_what_decides_by_itself_needs_no_other_answer(library: Library, item: str, expected: str) -> None:
    assert triage({item: YES}, FACTS, library).disposition == expected


def test_an_age_nobody_told_is_an_open_question(library: Library) -> None:
    all_no = dict.fromkeys((item.id for item in library.screening.items), NO)

    result = triage(all_no, TriageFacts(episode=Episode.CHRONIC), library)

    assert (result.disposition, result.hard_open) == (None, ("age",))


def test_soft_questions_may_wait(library: Library) -> None:
    answers = {item.id: NO for item in library.screening.items if not item.soft}

    result = triage(answers, TriageFacts(age=AgeBand.FROM_18, episode=Episode.CHRONIC), library)

    assert result.disposition is Disposition.GO
    assert result.soft_open == ("rf_inflam", "rf_walk", "rf_long")


def test_questions_for_others_are_not_open(library: Library) -> None:
    result = triage({}, TriageFacts(age=AgeBand.FROM_45, episode=Episode.ACUTE), library)

    assert result.soft_open == ("rf_walk",)
    assert not {"rf_first65", "rf_preg", "rf_suicidal", "rf_trauma_late"} & set(result.hard_open)


def test_pregnancy_opens_its_warning_signs(library: Library) -> None:
    facts = TriageFacts(age=AgeBand.FROM_18, episode=Episode.ACUTE, tags=frozenset({"P20"}))

    assert "rf_preg" in triage({}, facts, library).hard_open


def test_under_18_is_not_served_but_hears_of_an_emergency_first(library: Library) -> None:
    child = TriageFacts(age=AgeBand.UNDER_18, episode=Episode.ACUTE)

    assert decide(library, {}, child) == "not_served"
    assert decide(library, {"rf_cancer": YES}, child) == "not_served"
    assert decide(library, {"rf_saddle": YES}, child) == "emergency"


@pytest.mark.parametrize(("tag", "expected"), [("KN", "caution"), ("BP", "caution"), ("AF", "go"), ("??", "go")])
def test_things_to_mind_mean_caution(library: Library, tag: str, expected: str) -> None:
    assert decide(library, {}, TriageFacts(age=AgeBand.FROM_18, episode=None, tags=frozenset({tag}))) == expected


def test_65_and_older_is_caution(library: Library) -> None:
    assert decide(library, {}, TriageFacts(age=AgeBand.FROM_65, episode=Episode.CHRONIC)) == "caution"


def test_findings_bring_their_tags(library: Library) -> None:
    result = triage({"rf_opfx": YES, "rf_heart": NO}, TriageFacts(tags=frozenset({"P20"})), library)

    assert result.tags == {"OP", "P20", "PG"}


def test_an_answer_to_no_question_is_refused(library: Library) -> None:
    with pytest.raises(UnknownItemError, match="rf_other"):
        triage({"rf_other": YES}, FACTS, library)


def test_an_alarm_in_free_text_only_makes_it_graver(library: Library) -> None:
    alarm = Reason("text", Disposition.URGENT, "D_DESIGN")
    all_no = dict.fromkeys((item.id for item in library.screening.items), NO)

    assert with_reasons(triage(all_no, FACTS, library), alarm).disposition is Disposition.URGENT
    assert with_reasons(triage({"rf_sex": YES}, FACTS, library), alarm).disposition is Disposition.EMERGENCY
    assert with_reasons(triage({}, FACTS, library)).disposition is None


@pytest.mark.parametrize(
    ("age", "band"),
    [(-1, "under_18"), (17, "under_18"), (18, "18_44"), (44, "18_44"), (45, "45_59"), (60, "60_64"), (65, "65_plus")],
)
def test_age_bands(age: int, band: str) -> None:
    assert AgeBand.of(age) == band
