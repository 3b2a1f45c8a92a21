"""Reads the corpus: messages grouped by intent, one imagined person in one situation; an intent lies in one split only.

A line `= intent | level category certainty` (or `= intent | none reason`) begins an intent. Each line below it is a
message: language (d, e), style letter, a blank, the text. `\\n` in a text is a new line.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from bot.library.alarm_phrases import AlarmCategory, AlarmLevel, Certainty

ROOT = Path(__file__).parents[2]
CONTENT = ROOT / "content" / "alarm"
LANGUAGES = {"d": "de", "e": "en"}
STYLES = {
    "p": "plain", "t": "typos", "d": "dialect", "v": "dictated", "e": "emoji", "m": "mixed", "s": "simile",
    "g": "good news that is bad", "h": "hint", "r": "rambling", "o": "about another",
}  # fmt: skip
_LEARNED, _TUNED = 95, 97  # of a hundred intents: to learn from, to tune on; the rest judges


@dataclass(frozen=True, slots=True)
class Message:
    text: str
    language: str
    style: str
    level: AlarmLevel
    category: AlarmCategory
    reason: str
    intent: str
    split: str


def split_of(intent: str) -> str:
    """Fixed by the intent's name, so that no message ever changes sides."""
    place = int.from_bytes(hashlib.sha256(intent.encode()).digest()[:4], "big") % 100
    return "train" if place < _LEARNED else "dev" if place < _TUNED else "test"


def read_corpus(folder: Path = CONTENT / "corpus") -> list[Message]:
    """Every message of every file; ValueError names the line that is wrong."""
    messages: list[Message] = []
    for path in sorted(folder.glob("*.txt")):
        messages += _read_file(path)
    begun = Counter(intent for intent, _ in groupby(message.intent for message in messages))
    twice = [intent for intent, times in begun.items() if times > 1]
    if twice:
        raise ValueError(f"intents with two labels: {sorted(twice)}")
    return messages


def _read_file(path: Path) -> Iterator[Message]:
    intent = reason = ""
    level, category = AlarmLevel.NONE, AlarmCategory.NONE
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            if not line.strip() or line.startswith("#"):
                continue
            if line.startswith("= "):
                intent, _, label = line[2:].partition(" | ")
                level, category, reason = _read_label(label)
                continue
            code, text = line.split(" ", 1)
            text = text.replace("\\n", "\n")
            where = split_of(intent)
            yield Message(text, LANGUAGES[code[0]], STYLES[code[1]], level, category, reason, intent, where)
        except (ValueError, KeyError, IndexError) as error:
            raise ValueError(f"{path.name}:{number}: {line!r}: {error}") from error


def _read_label(label: str) -> tuple[AlarmLevel, AlarmCategory, str]:
    first, *rest = label.split()
    if first == AlarmLevel.NONE:
        return AlarmLevel.NONE, AlarmCategory.NONE, rest[0]
    Certainty(rest[1])
    return AlarmLevel(first), AlarmCategory(rest[0]), ""


def fingerprint() -> str:
    """Hash of all that the weights are made from."""
    digest = hashlib.sha256()
    coach = ROOT / "bot" / "coach"
    sources = (
        *sorted((CONTENT / "corpus").glob("*.txt")),
        *(CONTENT / name for name in ("phrases.yaml", "senses.yaml")),
        *(coach / f"alarm_{name}.py" for name in ("context", "features", "model", "rules", "text", "words")),
        ROOT / "tests" / "unit" / "coach" / "alarm_cases.yaml",
        *(Path(__file__).with_name(f"{name}.py") for name in ("corpus", "fitting", "lessons", "siblings", "train")),
    )
    for path in sources:
        digest.update(path.name.encode() + b"\n" + path.read_bytes())
    return digest.hexdigest()
