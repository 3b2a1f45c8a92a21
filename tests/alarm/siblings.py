"""A message told with other words of the same sense, so that the model hears every form in a sentence."""

import re
from random import Random

from bot.coach.alarm_text import fold
from bot.coach.alarm_words import WordClasses
from bot.library.alarm_weights import AlarmSenses
from tests.alarm.corpus import Message

_OFTEN = 0.4  # how often a word with a sense gives way to a sibling
_TOLD = ("at_", "is_", "on_", "of_", "who_")  # how something is said (not, like, suddenly) stays as it is


class Siblings:
    """Knows for every sense the single words that carry it, by language."""

    def __init__(self, senses: AlarmSenses) -> None:
        named = {name: words for name, words in senses.words.items() if name.startswith(_TOLD)}
        self._classes = WordClasses({name: list(words.forms()) for name, words in named.items()})
        self._forms = {
            (bit, language): [form.strip("*!") for form in getattr(named[name], language) if " " not in form]
            for name, bit in self._classes.bits.items()
            for language in ("de", "en")
        }

    def retell(self, message: Message, chance: Random) -> str | None:
        """The message with some words exchanged; None when no word has a sibling."""
        parts = re.split(r"(\W+)", message.text)
        retold = [self._sibling(part, message.language, chance) for part in parts]
        return "".join(retold) if retold != parts else None

    def _sibling(self, word: str, language: str, chance: Random) -> str:
        folded = fold(word)
        if not folded.isalpha() or chance.random() >= _OFTEN:
            return word
        marks = self._classes.facts(folded).marks
        senses = [bit for bit in self._classes.bits.values() if marks & bit and len(self._forms[bit, language]) > 1]
        return chance.choice(self._forms[chance.choice(senses), language]) if senses else word
