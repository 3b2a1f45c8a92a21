"""Everything the alarm is made of, read together: phrases with rules, senses of words, trained weights, plain lines."""

from pathlib import Path
from typing import NamedTuple

from bot.library.alarm_phrases import AlarmPhrases, read_alarm_phrases
from bot.library.alarm_plain import AlarmPlain, read_alarm_plain
from bot.library.alarm_weights import AlarmSenses, AlarmWeights, read_alarm_senses, read_alarm_weights

FILES = ("phrases.yaml", "senses.yaml", "weights.bin", "plain.yaml")


class AlarmContent(NamedTuple):
    """In the order in which the detector takes them."""

    phrases: AlarmPhrases
    senses: AlarmSenses
    weights: AlarmWeights
    plain: AlarmPlain


def read_alarm_content(folder: Path) -> AlarmContent:
    """Read the alarm's folder. Raises ContentError."""
    phrases, senses, weights, plain = (folder / name for name in FILES)
    return AlarmContent(
        read_alarm_phrases(phrases), read_alarm_senses(senses), read_alarm_weights(weights), read_alarm_plain(plain)
    )
