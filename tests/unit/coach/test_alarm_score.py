"""What the alarm is worth on messages it never learned from, and that nothing changed since it was trained."""

import re
from functools import cache

import pytest

from bot.coach.alarm import SILENT, AlarmDetector, AlarmLevel, Certainty
from bot.coach.alarm_model import WINDOW, stretches
from bot.coach.alarm_plain import PlainTalk
from bot.coach.alarm_text import read
from bot.library.alarm_phrases import AlarmCategory
from tests.alarm.corpus import Message, fingerprint, read_corpus
from tests.alarm.known import DETECTOR, KNOWN, RULES
from tests.alarm.score import BATCHES, BEGIN, END, README, by_split, fresh, heard, measure, tables, unseen

LEAST_RIGHT, MOST_FALSE = 0.78, 0.11  # what is reached now, on a split drawn anew and harder; only raised
# Written apart, never learned from: alarms, quiet ones, least right, most false; see content/alarm/README.md.
UNSEEN = [
    ("third", 179, 153, 0.69, 0.1),
    ("fourth", 240, 239, 0.95, 0.08),
    ("fifth", 260, 259, 0.97, 0.12),
    ("sixth", 300, 300, 0.95, 0.13),
    ("seventh", 300, 300, 0.93, 0.07),
    ("eighth", 300, 300, 0.96, 0.08),
    ("ninth", 300, 300, 0.89, 0.07),
    ("everyday", 0, 491, 0.0, 0.04),
    ("short", 2520, 7195, 0.77, 0.04),
    ("plain", 0, 467, 0.0, 0.01),
]
EVERYBODYS = 4  # so few quiet words are everybody's: *danke*, *good morning*, *what can you do*


@cache
def corpus() -> list[Message]:
    """Read by the tests, not with them: every process of the suite reads this file."""
    return read_corpus()


@cache
def kept_apart() -> list[Message]:
    return [message for message in corpus() if message.split == "test"]


@cache
def written_score() -> str:
    return README.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]


def test_unseen_messages_get_the_right_level_as_often_as_promised() -> None:
    score = measure(DETECTOR, kept_apart())

    assert score.right_level >= LEAST_RIGHT, str(score)
    assert score.false_alarms <= MOST_FALSE, str(score)


@pytest.mark.parametrize(("batch", "alarms", "quiet", "right", "false"), UNSEEN)
def test_fresh_messages_get_the_right_level_as_often_as_the_readme_says(
    batch: str, alarms: int, quiet: int, right: float, false: float
) -> None:
    score = measure(DETECTOR, unseen(batch))

    assert (score.alarms, score.quiet) == (alarms, quiet)
    assert score.right_level >= right, str(score)
    assert score.false_alarms <= false, str(score)


def test_no_alarm_ever_collected_is_a_plain_line() -> None:
    plain = PlainTalk(KNOWN.plain)
    alarms = [m.text for m in [*corpus(), *fresh()] if m.level is not AlarmLevel.NONE and len(m.text) < 80]

    assert len(alarms) > 20_000
    assert [text for text in alarms if plain.is_all_of(text, read(text))] == []


def test_nothing_unseen_is_learned_from() -> None:
    assert not {message.text for message in fresh()} & {message.text for message in corpus()}


def test_the_rules_alone_hear_what_a_detector_without_a_model_hears() -> None:
    alone = AlarmDetector(KNOWN.phrases, KNOWN.senses)
    some = [message.text for message in kept_apart()[::20]]

    assert [alone.check(text) for text in some] == [RULES.check(text) for text in some]


def test_the_model_is_far_better_than_the_rules_alone() -> None:
    assert measure(DETECTOR, kept_apart()).right_level >= measure(RULES, kept_apart()).right_level + 0.25


def test_the_score_in_the_readme_is_the_score() -> None:
    assert written_score() == tables(DETECTOR, RULES, corpus())


def test_the_weights_were_trained_on_what_lies_here() -> None:
    assert KNOWN.weights.trained_on == fingerprint(), "run make train-alarm"


def test_the_corpus_is_large_and_half_of_it_is_quiet() -> None:
    quiet = sum(message.level is AlarmLevel.NONE for message in corpus())

    assert len(corpus()) >= 150_000
    assert 0.4 <= quiet / len(corpus()) <= 0.6
    assert {message.language for message in corpus()} == {"de", "en"}
    for split in ("train", "dev", "test"):
        part = [message for message in corpus() if message.split == split]
        assert {message.category for message in part} == set(AlarmCategory)


def test_no_message_stands_in_two_splits_not_even_in_another_order_or_with_other_signs() -> None:
    splits: dict[tuple[str, ...], set[str]] = {}
    for message in corpus():
        words = tuple(sorted(set(re.findall(r"[^\W_]+", message.text.lower())))) or (message.text,)
        if len(words) <= EVERYBODYS and message.level is AlarmLevel.NONE:
            continue
        splits.setdefault(words, set()).add(message.split)

    assert [words for words, found in splits.items() if len(found) > 1] == []


def test_a_sure_rule_that_is_right_is_hardly_ever_silenced_or_lowered() -> None:
    rank = [AlarmLevel.NONE, AlarmLevel.URGENT, AlarmLevel.CRISIS, AlarmLevel.EMERGENCY]
    judged = [message for split in ("dev", "test") for message in by_split(corpus())[split]]
    messages = [*judged, *(message for batch in BATCHES for message in unseen(batch))]
    told = [(message, heard(RULES, message.text), heard(DETECTOR, message.text)) for message in messages]
    sure = [(m, alone, found) for m, alone, found in told if alone.certainty is Certainty.SURE and alone is not SILENT]
    right = [found for message, _, found in sure if message.level is not AlarmLevel.NONE]
    wrong = [found for message, _, found in sure if message.level is AlarmLevel.NONE]
    lowered = [
        (message.level is alone.level, found)
        for message, alone, found in sure
        if found is not SILENT and rank.index(found.level) < rank.index(alone.level)
    ]

    assert sum(found is SILENT for found in right) <= 0.003 * len(right)
    assert sum(found is SILENT for found in wrong) >= 0.25 * len(wrong)
    assert {found.certainty for _, found in lowered} == {Certainty.ASK}
    assert sum(rule_was_right for rule_was_right, _ in lowered) <= 0.003 * len(right)


def test_the_model_only_asks() -> None:
    answers = [heard(DETECTOR, message.text) for message in kept_apart()]

    assert {found.certainty for found in answers if found.rule == "model"} == {Certainty.ASK}


def test_a_long_text_is_read_whole_and_every_word_once() -> None:
    sentences = [0] * 25 + [1] * 3 + [2] * 90 + [3] * 7

    parts = list(stretches(sentences))

    assert [place for part in parts for place in range(part.start, part.stop)] == list(range(len(sentences)))
    assert all(0 < part.stop - part.start <= WINDOW for part in parts)
    assert list(stretches([0] * WINDOW)) == [slice(0, WINDOW)]
