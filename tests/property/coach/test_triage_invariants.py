"""What holds for every combination of screening answers."""

from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coach.disposition import Disposition, forbids_exercise, gravity
from bot.coach.profile import Profile, load_limit, tags_of
from bot.coach.programme import first_programme
from bot.coach.screening import Answer, TriageFacts, triage
from bot.library.library import Library
from bot.library.screening import AgeBand, Episode
from tests.property.coach.histories import PROFILES

ITEMS = (
    *("rf_saddle", "rf_bladder", "rf_sex", "rf_legs", "rf_bilat", "rf_trauma", "rf_trauma_late", "rf_tear", "rf_chest"),
    *("rf_fever", "rf_infect", "rf_minor", "rf_leg1", "rf_rest", "rf_organ", "rf_calf", "rf_cancer", "rf_weight"),
    *("rf_inflam", "rf_walk", "rf_opfx", "rf_postop", "rf_heart", "rf_thor", "rf_first65", "rf_long", "rf_preg"),
    *("rf_preg_ban", "rf_suicidal"),
)
ANSWER = st.one_of(*[st.just(Answer.NO)] * 8, st.sampled_from(Answer))
ANSWERS = st.fixed_dictionaries({}, optional=dict.fromkeys(ITEMS, ANSWER))
COMPLETE = st.fixed_dictionaries(dict.fromkeys(ITEMS, ANSWER))
FACTS = st.builds(
    TriageFacts,
    age=st.none() | st.sampled_from(AgeBand),
    episode=st.none() | st.sampled_from(Episode),
    tags=st.frozensets(st.sampled_from(["KN", "P20", "AF", "OP", "DS"])),
)
MILD = {Disposition.GO, Disposition.CAUTION, Disposition.DOCTOR_SOFT}


def test_the_list_above_is_complete(library: Library) -> None:
    assert set(ITEMS) == {item.id for item in library.screening.items}


@given(ANSWERS, FACTS)
@settings(max_examples=300, deadline=None)
def test_nothing_mild_comes_out_while_a_hard_question_is_open(
    library: Library, answers: Mapping[str, Answer], facts: TriageFacts
) -> None:
    result = triage(answers, facts, library)

    assert (result.disposition is None) == (
        bool(result.hard_open) and not any(forbids_exercise(reason.disposition) for reason in result.reasons)
    )
    if result.hard_open:
        assert result.disposition not in MILD


@given(COMPLETE, FACTS, st.sampled_from(ITEMS), st.sampled_from([Answer.YES, Answer.UNSURE, Answer.KNOWN]))
@settings(max_examples=300, deadline=None)
def test_a_finding_instead_of_a_no_never_makes_it_milder(
    library: Library, answers: dict[str, Answer], facts: TriageFacts, item: str, finding: Answer
) -> None:
    before = triage({**answers, item: Answer.NO}, facts, library).disposition
    after = triage({**answers, item: finding}, facts, library).disposition

    assert before is None or (after is not None and gravity(after) >= gravity(before))


@given(COMPLETE, FACTS)
@settings(max_examples=300, deadline=None)
def test_every_positive_answer_counts_and_none_is_forgotten(
    library: Library, answers: dict[str, Answer], facts: TriageFacts
) -> None:
    result = triage(answers, facts, library)

    found = {item for item, answer in answers.items() if answer is not Answer.NO}
    assert found == {reason.item for reason in result.reasons} & set(ITEMS)
    if result.disposition is not None:
        assert all(gravity(result.disposition) >= gravity(reason.disposition) for reason in result.reasons)


@given(st.sets(st.sampled_from(ITEMS)), FACTS)
@settings(max_examples=200, deadline=None)
def test_known_findings_alone_are_never_an_emergency_and_always_caution(
    library: Library, known: set[str], facts: TriageFacts
) -> None:
    answers = {item: Answer.KNOWN if item in known else Answer.NO for item in ITEMS}

    disposition = triage(answers, facts, library).disposition

    assert disposition is not Disposition.EMERGENCY
    assert not known or disposition is not Disposition.GO


@given(COMPLETE, FACTS)
@settings(max_examples=300, deadline=None)
def test_unsure_on_the_emergency_lists_is_the_same_day_at_least(
    library: Library, answers: dict[str, Answer], facts: TriageFacts
) -> None:
    hard = {item.id for number in (1, 2) for item in library.screening.on_list(number)}
    disposition = triage(answers, facts, library).disposition

    if any(answers[item] in {Answer.UNSURE, Answer.YES} for item in hard):
        assert disposition in {Disposition.URGENT, Disposition.EMERGENCY, Disposition.CRISIS}


@given(COMPLETE, FACTS)
@settings(max_examples=200, deadline=None)
def test_i12_nobody_under_18_gets_past(library: Library, answers: dict[str, Answer], facts: TriageFacts) -> None:
    child = TriageFacts(age=AgeBand.UNDER_18, episode=facts.episode, tags=facts.tags)

    disposition = triage(answers, child, library).disposition

    assert disposition is not None
    assert forbids_exercise(disposition)


@given(profile=PROFILES, acute_settled=st.booleans())
@settings(max_examples=200, deadline=None)
def test_the_first_programme_never_holds_what_a_tag_a_limit_or_a_lock_forbids(
    library: Library, *, profile: Profile, acute_settled: bool
) -> None:
    programme = first_programme(profile, library, acute_settled=acute_settled)

    assert not (programme.items and forbids_exercise(profile.disposition))
    for item in programme.items:
        exercise = library.exercises[item.exercise]
        assert item.place.level in exercise.allowed_levels(tags_of(profile, library))
        assert exercise.load == "W" or exercise.load <= load_limit(profile, library)
        assert item.place.step == 1
    assert {entry.exercise for entry in programme.left_out}.isdisjoint(item.exercise for item in programme.items)
