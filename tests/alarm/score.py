"""Judges a detector by messages it never learned from, and writes the tables into content/alarm/README.md."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from bot.coach.alarm import Alarm, AlarmDetector
from bot.library.alarm_phrases import AlarmLevel
from tests.alarm.corpus import CONTENT, Message, read_corpus

README = CONTENT / "README.md"
FRESH = CONTENT.parents[1] / "tests" / "alarm" / "fresh"  # never learned from
BATCHES = {
    "third": "ft-",
    "fourth": "f4-",
    "fifth": "f5-",
    "sixth": "f6-",
    "seventh": "f7-",
    "eighth": "f8-",
    "ninth": "f9-",
    "everyday": "ev-",
    "short": "yj-",
    "plain": "pl-",
}  # how the intents of a batch begin
BEGIN, END = "<!-- score: written by make train-alarm -->\n", "<!-- end of score -->\n"


@dataclass(frozen=True, slots=True)
class Score:
    """Of alarms: how many got the right level, how many were missed. Of the others: how many were taken for alarms."""

    alarms: int
    right: int
    missed: int
    quiet: int
    false: int

    @property
    def right_level(self) -> float:
        return self.right / max(self.alarms, 1)

    @property
    def false_alarms(self) -> float:
        return self.false / max(self.quiet, 1)

    def __str__(self) -> str:
        return (
            f"right level {self.right_level:.1%} of {self.alarms}, missed {self.missed}, "
            f"false alarms {self.false_alarms:.1%} of {self.quiet}"
        )


@cache
def heard(detector: AlarmDetector, text: str) -> Alarm:
    """The detector's answer; every table asks about the same messages."""
    return detector.check(text)


def measure(detector: AlarmDetector, messages: Iterable[Message]) -> Score:
    pairs = [(message.level, heard(detector, message.text).level) for message in messages]
    alarms = [(wanted, found) for wanted, found in pairs if wanted is not AlarmLevel.NONE]
    quiet = [found for wanted, found in pairs if wanted is AlarmLevel.NONE]
    return Score(
        alarms=len(alarms),
        right=sum(wanted is found for wanted, found in alarms),
        missed=sum(found is AlarmLevel.NONE for _, found in alarms),
        quiet=len(quiet),
        false=sum(found is not AlarmLevel.NONE for found in quiet),
    )


@cache
def fresh() -> list[Message]:
    """All messages that were written apart."""
    return read_corpus(FRESH)


def unseen(batch: str) -> list[Message]:
    """Those of one batch."""
    return [message for message in fresh() if message.intent.startswith(BATCHES[batch])]


def by_split(corpus: list[Message]) -> dict[str, list[Message]]:
    """What is judged: all that was kept apart, and a fiftieth of what was learned, which takes long and says little."""
    parts = {split: [message for message in corpus if message.split == split] for split in ("train", "dev", "test")}
    return {"train, a fiftieth": parts.pop("train")[::50], **parts}


def write_score(detector: AlarmDetector, rules: AlarmDetector, corpus: list[Message]) -> None:
    """Put the tables between their marks."""
    text = README.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    README.write_text(before + BEGIN + tables(detector, rules, corpus) + END + after, encoding="utf-8")


def tables(detector: AlarmDetector, rules: AlarmDetector, corpus: list[Message]) -> str:
    parts = by_split(corpus)
    parts |= {f"{batch} unseen": unseen(batch) for batch in BATCHES}
    lines = ["", "| split | intents | right level | missed | false alarms | rules alone |", "|---|---|---|---|---|---|"]
    for split, part in parts.items():
        score, alone = measure(detector, part), measure(rules, part)
        found, by_rules = f"{score.right_level:.1%} of {score.alarms}", f"{alone.right_level:.1%}, "
        if not score.alarms:
            found, by_rules = "no alarms", ""
        lines.append(
            f"| {split} | {len({message.intent for message in part})} | {found} "
            f"| {score.missed} | {score.false_alarms:.1%} of {score.quiet} | {by_rules}false {alone.false_alarms:.1%} |"
        )
    for split in ("third unseen", "fifth unseen", "test"):
        lines += _details(detector, split, parts[split])
    return "\n".join([*lines, "", ""])


def _details(detector: AlarmDetector, split: str, messages: list[Message]) -> list[str]:
    alarms = [message for message in messages if message.level is not AlarmLevel.NONE]
    quiet = [message for message in messages if message.level is AlarmLevel.NONE]
    return [
        *_table(
            detector,
            f"{split}, alarms by level and category",
            alarms,
            "right level",
            lambda m: f"{m.level}, {m.category}",
        ),
        *_table(detector, f"{split}, alarms by style", alarms, "right level", lambda m: f"{m.language}, {m.style}"),
        *_table(detector, f"{split}, near misses by reason", quiet, "quiet", lambda m: m.reason),
    ]


def _table(
    detector: AlarmDetector, title: str, messages: list[Message], right: str, key: Callable[[Message], str]
) -> list[str]:
    rows: dict[str, list[Message]] = defaultdict(list)
    for message in messages:
        rows[key(message)].append(message)
    lines = ["", f"| {title} | messages | {right} |", "|---|---|---|"]
    for name, part in sorted(rows.items()):
        good = sum(heard(detector, message.text).level is message.level for message in part)
        lines.append(f"| {name} | {len(part)} | {good / len(part):.0%} |")
    return lines
