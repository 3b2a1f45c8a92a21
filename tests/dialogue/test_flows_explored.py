"""Every flow, walked: it ends, Back leads to the same question, texts exist, and no red flag ends with an exercise."""

import re
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.coach.disposition import Disposition, forbids_exercise
from bot.dialogue.facts import AlarmAnswered, Cleared, Disposed
from bot.dialogue.flows.onboarding import ONBOARDING, Onboarded
from bot.dialogue.flows.registry import FLOWS
from bot.dialogue.flows.screening import SCREENING
from bot.dialogue.flows.session import SESSION
from bot.dialogue.flows.session import Ended as SessionEnd
from bot.dialogue.markup import plain
from bot.dialogue.member import adapter_for
from bot.dialogue.messages import Kind
from bot.dialogue.own_words import Named, OwnWords
from bot.dialogue.questions import Choice, Many, SafetyChoice
from bot.dialogue.replay import Answered, replay
from bot.dialogue.round_questions import FirstDay, RoundNamed, WhichRound
from bot.dialogue.steps import Ask, Enter, FlowDef, Leave, Record, Step
from bot.dialogue.text import render
from tests.dialogue.room import the_kit
from tests.exploration.diagrams import PAGE, diagrams, page_with
from tests.exploration.explorer import Path as Walk
from tests.exploration.explorer import explored, wander
from tests.exploration.reached import keys_in, keys_of_flows, texts_of, texts_shown

ALL = sorted(FLOWS)


@cache
def wandered(name: str) -> tuple[Walk, ...]:
    return tuple(wander(FLOWS[name], Random(7), 150))


def paths_of(name: str) -> list[Walk]:
    return [*explored(name), *wandered(name)]


@pytest.mark.parametrize("name", ALL)
def test_every_result_is_one_of_those_declared(name: str) -> None:
    flow = FLOWS[name]

    for path in explored(name):
        assert type(path.result) in {type(result) for result in flow.results}, str(path)


@pytest.mark.parametrize("name", ALL)
def test_every_declared_kind_of_end_is_reached(name: str) -> None:
    flow = FLOWS[name]
    reached = {_end(path.result) for path in explored(name)}

    assert reached >= {_end(result) for result in flow.results}


@pytest.mark.parametrize("name", ALL)
def test_where_options_are_numbered_a_number_chooses_one_and_nowhere_else(name: str) -> None:
    """A channel without buttons shows numbers only where typing one means that option."""
    words = the_kit().words
    asked = {(q.id, q.fingerprint): q for path in explored(name) for q in path.questions}
    for question in asked.values():
        if isinstance(question, Named) and not question.rows():
            assert (question.numbered, question.parse("1", words)) == (False, None)
            continue
        first = question.rows()[0][0].token
        chosen = question.parse("1", words)
        if isinstance(question, SafetyChoice):
            assert (question.numbered, chosen) == (False, None)
        elif isinstance(question, Choice | OwnWords | RoundNamed | FirstDay | WhichRound):
            assert question.numbered
            assert chosen in {question.accept(first), None}  # asked again where a label holds that number too
        else:
            assert question.numbered == isinstance(question, Many)


@pytest.mark.parametrize("name", ALL)
def test_the_label_of_every_answer_can_be_typed(name: str) -> None:
    kit = the_kit()
    asked = {(q.id, q.fingerprint): q for path in explored(name) for q in path.questions}
    for question in asked.values():
        if not isinstance(question, Choice | Many):
            continue
        for option in (option for row in question.rows() for option in row):
            one = question.accept(option.token) if isinstance(question, Choice) else frozenset({option.token[1:]})
            for catalog in kit.catalogs.values():
                assert question.parse(plain(render(option.label, catalog)), kit.words) == one, option.token


def _end(result: Any) -> str:
    return str(getattr(result, "disposition", result))


@pytest.mark.parametrize("name", ALL)
def test_start_values_survive_being_stored(name: str) -> None:
    flow = FLOWS[name]
    adapter = adapter_for(flow.start)

    for start in flow.samples:
        assert adapter.validate_json(adapter.dump_json(start)) == start


@pytest.mark.parametrize("name", ALL)
def test_a_stored_log_gives_the_same_questions_and_back_leads_to_the_same_one(name: str) -> None:
    flow = FLOWS[name]
    for start in flow.samples:
        for path in _walks_from(flow, start):
            log = _log(path)
            for length in range(len(log) + 1):
                seen = replay(flow.body(start), log[:length])
                if length < len(log):
                    assert seen.waiting is not None
                    assert seen.waiting.question.id == log[length].question
                else:
                    assert seen.result == path.result


def _walks_from(flow: FlowDef[Any, Any], start: Any) -> list[Walk]:
    single: FlowDef[Any, Any] = FlowDef(
        name=flow.name, start=flow.start, body=flow.body, results=flow.results, samples=(start,)
    )
    return list(wander(single, Random(11), 40))


def _log(path: Walk) -> list[Answered]:
    return [
        Answered(
            question=decision.at.question.id,
            fingerprint=decision.at.question.fingerprint,
            value=None if decision.chosen is None else decision.at.question.dump(decision.chosen),
            at=index,
            channel="web",
        )
        for index, decision in enumerate(path.decisions)
        if isinstance(decision.at, Ask)
    ]


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_text_on_every_path_exists(language: str) -> None:
    catalog = the_kit().catalogs[language]
    on_the_way = {what for name in ALL for path in wandered(name) for s in path.steps for what in texts_of(s)}

    for what in texts_shown() | on_the_way:
        words = render(what, catalog)
        assert words.strip()
        assert "{" not in words


# Texts whose names the flows put together too, shown by what is not their question: where that is tested.
SHOWN_ELSEWHERE = {
    r"exercise/[^/]+/mistake": "tests/dialogue/test_choosing.py",  # /uebungen
    r"tag/(45_59|60_64|.{2,3})": "tests/dialogue/test_report.py",
    "clearance/nothing": "tests/dialogue/test_clearance.py",  # /praxis
    "phone/(overdose|violence)": "tests/unit/content/test_shipped_texts.py",  # spare: these two have rooms of their own
    "place/away": "tests/runtime/test_several_places.py",
    "screening/(rf_suicidal|rf_trauma_late)": "tests/dialogue/test_report.py",  # from words or a follow-up
    "session/went/unwell": "tests/dialogue/test_unwell.py",  # only typed; as a button it stands behind [Tat weh]
    "stop/question": "tests/dialogue/test_commands.py",
}


def test_every_text_that_a_flow_asks_for_is_reached() -> None:
    wanted = keys_of_flows(the_kit().catalogs["de"].texts)

    unreached = wanted - keys_in(texts_shown())

    assert len(wanted) > 1500
    assert not [key for key in unreached if not any(re.fullmatch(each, key) for each in SHOWN_ELSEWHERE)]
    assert all(any(re.fullmatch(each, key) for key in unreached) for each in SHOWN_ELSEWHERE)
    assert all(Path(file).is_file() for file in SHOWN_ELSEWHERE.values())


def test_no_positive_red_flag_ends_with_an_exercise() -> None:
    for path in [*explored(ONBOARDING.name), *wander(ONBOARDING, Random(3), 3000)]:
        if _locked_at_the_end(path.steps):
            assert path.result is not Onboarded.READY, str(path)


def test_a_screening_that_locks_says_so() -> None:
    for path in [*explored(SCREENING.name), *wander(SCREENING, Random(4), 1500)]:
        assert path.result.locked == _locked_at_the_end(path.steps), str(path)


def test_no_exercise_follows_a_lock_within_a_session() -> None:
    for path in [*explored(SESSION.name), *wander(SESSION, Random(5), 3000)]:
        locked = False
        for step in path.steps:
            if isinstance(step, Leave) and step.flow.name == SCREENING.name:
                locked = locked or step.result.locked
            if isinstance(step, Ask) and step.question.kind is Kind.EXERCISE:
                assert not locked, str(path)
        if locked:
            assert path.result is SessionEnd.LOCKED


def _locked_at_the_end(steps: tuple[Step, ...]) -> bool:
    locked = False
    for step in steps:
        match step:
            case Record(fact=Disposed(disposition=disposition)):
                locked = forbids_exercise(Disposition(disposition))
            case Record(fact=Cleared()):
                locked = False
            case _:
                pass
    return locked


def test_an_affirmed_alarm_always_disposes() -> None:
    for path in explored("clarify"):
        facts = [step.fact for step in path.steps if isinstance(step, Record)]
        answers = {fact.answer for fact in facts if isinstance(fact, AlarmAnswered)}
        assert any(isinstance(fact, Disposed) for fact in facts) == (answers != {"no"})


def test_every_effect_of_a_yes_is_immediate() -> None:
    """Facts about flags never wait for the end of the flow, so a crash or a member who leaves cannot lose them."""
    for name in ("screening", "clarify", "correction", "onboarding"):
        for path in paths_of(name):
            for step in path.steps:
                if isinstance(step, Record) and isinstance(step.fact, Disposed):
                    locking = forbids_exercise(Disposition(step.fact.disposition))
                    assert step.at_once or not locking, str(path)


def test_flows_inside_are_entered_through_run() -> None:
    entered = {
        step.flow.name for name in ALL for path in explored(name) for step in path.steps if isinstance(step, Enter)
    }

    assert entered == {"screening", "correction", "changes"}


def test_the_diagrams_in_the_architecture_page_are_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page_with(diagrams()), "run `make diagrams`"
