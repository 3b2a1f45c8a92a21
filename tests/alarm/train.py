"""Trains the alarm's model and writes its weights and its score: `make train-alarm`.

Only the training split is learned from, only the development split is tuned on; nothing is decided by the test split.
"""

import argparse
import sys
import zlib
from array import array
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from multiprocessing import get_context
from typing import NamedTuple, TypeAlias

import numpy as np
from scipy.sparse import csr_matrix

from bot.coach.alarm import Alarm, AlarmDetector, Ears, settle
from bot.coach.alarm_features import Features, hash_of, plain
from bot.coach.alarm_model import Opinion, share_of
from bot.library.alarm_phrases import AlarmCategory, AlarmLevel, AlarmPhrases, Certainty, read_alarm_phrases
from bot.library.alarm_plain import read_alarm_plain
from bot.library.alarm_weights import (
    ZERO,
    AlarmLimits,
    AlarmSenses,
    pack_alarm_weights,
    parse_alarm_weights,
    read_alarm_senses,
)
from tests.alarm.corpus import CONTENT, Message, fingerprint, read_corpus
from tests.alarm.fitting import Array, fit
from tests.alarm.lessons import Lesson, lessons
from tests.alarm.score import measure, write_score

BUCKETS = 1 << 17
COMMON = 1.6  # evens out the pull on all weights that rarity() brings
SELDOM = 2  # messages a bucket must stand in to count
FALSE_ALARMS = 0.1  # most that the tuning allows: the aim itself
FOLDS = 2
Judged: TypeAlias = tuple[AlarmLevel, Alarm, Opinion | None]
DOUBT, SILENCE, LOWER = 0.25, 0.02, 0.9  # see content/alarm/README.md for what each does to true findings
_LOOSE = AlarmLimits(
    speak=0.5, speak_long=0.9, quiet=0.0, replace=1.0, graver=1.0, lower=LOWER, doubt=DOUBT, silence=SILENCE
)


GRID: dict[str, tuple[float, ...]] = {
    "speak": (0.35, 0.4, 0.45, 0.5, 0.525, 0.55, 0.575, 0.6, 0.625, 0.65, 0.7, 0.75),
    "quiet": (0.1, 0.15, 0.2, 0.25),  # a higher one drops "ich kann irgendwie schlecht pinkeln"
    "replace": (0.0, 0.3, 0.5, 0.7),
    "graver": (0.3, 0.5, 0.7, 0.9),
}


class Tried(NamedTuple):
    """How many of one kind of finding got the right level, and how many were false, by these limits."""

    limits: tuple[tuple[str, float], ...]
    right: int
    false: int


def features_of(lesson: Lesson, ears: Ears, features: Features) -> dict[int, float]:
    """The same sums as the model's, as a row of numbers."""
    reading, heard = ears.hear(lesson.text)
    words = [plain(word) for word in reading.words]
    notes = ears.notes(lesson.text, heard) if lesson.heard else []
    groups = (
        [bucket for word in words for bucket in features.of_word(word)],
        features.of_pairs([hash_of(word) for word in words]),
        features.of_senses(ears.rows(reading, heard)),
        features.of_notes(notes),
    )
    row: dict[int, float] = {}
    for group, buckets in enumerate(groups):
        share = share_of(group, len(buckets)) / 256
        for bucket, count in Counter(buckets).items():
            row[bucket] = row.get(bucket, 0.0) + share * count
    return row


def train(messages: list[Message], phrases: AlarmPhrases, senses: AlarmSenses) -> tuple[dict[str, object], bytes]:
    """The head and the raised rows of the weights file."""
    ears, features = Ears(phrases, senses), Features(tuple(senses.words), BUCKETS)
    learned = list(lessons(messages, phrases, senses))
    classes = sorted({(each.level, each.category) for each in learned})
    numbers = {label: place for place, label in enumerate(classes)}
    data, columns, ends = array("d"), array("i"), array("q", [0])  # forty million entries: lists would take gigabytes
    for lesson in learned:
        row = features_of(lesson, ears, features)
        columns.extend(row.keys())
        data.extend(row.values())
        ends.append(len(columns))
    matrix = csr_matrix((np.asarray(data), np.asarray(columns), np.asarray(ends)), shape=(len(learned), BUCKETS))
    rare = rarity(matrix)
    matrix.data *= rare[matrix.indices]
    labels = np.array([numbers[each.level, each.category] for each in learned])
    table, bias = fit(matrix, labels, np.array([each.weight for each in learned]), len(classes))
    return _head(classes, table * rare[:, None], bias)


def rarity(matrix: csr_matrix) -> Array:
    """How much each bucket counts: what stands in every message says little, what stood in one alone is chance.

    It becomes a part of the weights, so the model at work knows nothing of it.
    """
    size = matrix.shape[0] + 1
    messages = np.bincount(matrix.indices, minlength=BUCKETS)
    rare: Array = COMMON * np.log(size / (messages + 1)) / np.log(size) * (messages >= SELDOM)
    return rare


def _head(
    classes: Sequence[tuple[AlarmLevel, AlarmCategory]], table: Array, bias: Array
) -> tuple[dict[str, object], bytes]:
    scale = float(np.quantile(np.abs(table[table != 0]), 0.9995)) / 127
    raised = (np.clip(np.rint(table / scale), -127, 127) + ZERO).astype(np.uint8)
    head: dict[str, object] = {
        "version": 1,
        "trained_on": fingerprint(),
        "buckets": BUCKETS,
        "classes": classes,
        "scale": float(f"{scale:.6e}"),
        "bias": [round(float(each), 4) for each in bias],
    }
    return head, raised.tobytes()


def overheard(messages: list[Message], fold: int, phrases: AlarmPhrases, senses: AlarmSenses) -> list[Judged]:
    """What a model says that learned from the other intents, about those of one fold."""
    head, raised = train([message for message in messages if _fold(message.intent) != fold], phrases, senses)
    detector = _detector(head, raised, _LOOSE, phrases, senses)
    return [(message.level, *detector.opinion(message.text)) for message in messages if _fold(message.intent) == fold]


def _fold(intent: str) -> int:
    return zlib.crc32(intent.encode()) % FOLDS


def _detector(
    head: dict[str, object], raised: bytes, limits: AlarmLimits, phrases: AlarmPhrases, senses: AlarmSenses
) -> AlarmDetector:
    body = pack_alarm_weights({**head, "limits": limits.model_dump()}, raised)
    return AlarmDetector(phrases, senses, parse_alarm_weights(body, "weights.bin"))


def tune(heard: list[Judged]) -> AlarmLimits:
    """The limits with the most right levels within the allowed false alarms.

    A limit is for one kind of finding only, so each kind is tried by itself and the counts are put together.
    """
    silent, sure, asked = ([each for each in heard if _kind(each[1]) == kind] for kind in (None, *Certainty))
    tried = [_try(silent, "speak"), _try(asked, "quiet", "replace"), _try(sure, "graver")]
    calm = sum(level is AlarmLevel.NONE for level, _, _ in heard)

    def worth(chosen: tuple[Tried, ...]) -> float:
        right = sum(each.right for each in chosen) / (len(heard) - calm)
        false = sum(each.false for each in chosen) / calm
        return right - 10 * max(0.0, false - FALSE_ALARMS) - false / 100

    return _LOOSE.model_copy(update={name: at for each in max(product(*tried), key=worth) for name, at in each.limits})


def _kind(found: Alarm) -> Certainty | None:
    return None if found.level is AlarmLevel.NONE else found.certainty


def _try(heard: list[Judged], *names: str) -> list[Tried]:
    return [
        _count(heard, tuple(zip(names, values, strict=True))) for values in product(*(GRID[name] for name in names))
    ]


def _count(heard: list[Judged], limits: tuple[tuple[str, float], ...]) -> Tried:
    tried = _LOOSE.model_copy(update=dict(limits))
    found = [(level, settle(alarm, said, tried).level if said else alarm.level) for level, alarm, said in heard]
    return Tried(
        limits,
        right=sum(wanted is got is not AlarmLevel.NONE for wanted, got in found),
        false=sum(wanted is AlarmLevel.NONE is not got for wanted, got in found),
    )


def learn(corpus: list[Message], phrases: AlarmPhrases, senses: AlarmSenses) -> bytes:
    """The weights file."""
    learned = [message for message in corpus if message.split == "train"]
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        whole = pool.submit(train, learned, phrases, senses)
        folds = [pool.submit(overheard, learned, fold, phrases, senses) for fold in range(FOLDS)]
        heard = [judged for fold in folds for judged in fold.result()]
        head, raised = whole.result()
    detector = _detector(head, raised, _LOOSE, phrases, senses)
    heard += [(each.level, *detector.opinion(each.text)) for each in corpus if each.split == "dev"]
    return pack_alarm_weights({**head, "limits": tune(heard).model_dump()}, raised)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--errors", action="store_true", help="print what is wrong on the development split")
    parser.add_argument("--keep", action="store_true", help="score the weights that are there")
    args = parser.parse_args()
    phrases, senses = read_alarm_phrases(CONTENT / "phrases.yaml"), read_alarm_senses(CONTENT / "senses.yaml")
    corpus = read_corpus()
    path = CONTENT / "weights.bin"
    if not args.keep:
        path.write_bytes(learn(corpus, phrases, senses))
    weights = parse_alarm_weights(path.read_bytes(), path.name)
    detector = AlarmDetector(phrases, senses, weights, read_alarm_plain(CONTENT / "plain.yaml"))
    _say(f"{weights.limits}")
    for split in ("train", "dev", "test"):
        _say(f"{split}: {measure(detector, [message for message in corpus if message.split == split])}")
    if args.errors:
        _tell_errors(detector, [message for message in corpus if message.split == "dev"])
    write_score(detector, AlarmDetector(phrases, senses), corpus)


def _tell_errors(detector: AlarmDetector, messages: list[Message]) -> None:
    for message in messages:
        found = detector.check(message.text)
        if found.level is not message.level:
            wanted = f"{message.level} {message.category} {message.reason}"
            _say(f"{wanted} -> {found.level} {found.category} {found.rule} | {message.text}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
