"""Messages that are plainly about an ordinary day, fillers aside: what the trained model need not be asked about."""

import re
import unicodedata

from bot.coach.alarm_text import Reading, fold, spell
from bot.library.alarm_plain import AlarmPlain

_NUMBER = "[0-9]{1,4}"
LONGEST = 12  # words, with fillers: whoever writes more says more
_BEYOND_LETTERS = re.compile("[\u2000-\U0010ffff]")
_JOINERS = frozenset("\u200d\ufe0f\u2019\u2018\u2026\u2013\u2014")  # parts of emoji, and punctuation


class PlainTalk:
    """Built once of the content and shared."""

    def __init__(self, plain: AlarmPlain) -> None:
        fillers = sorted((fold(each) for each in plain.fillers), key=len, reverse=True)
        self._fillers = re.compile(rf"\b(?:{'|'.join(fillers)})\b")
        self._lines = re.compile("|".join(f"(?:{fold(line)})".replace("#", _NUMBER) for line in (*plain.de, *plain.en)))
        self._signs = frozenset(plain.signs) | _JOINERS

    def is_all_of(self, text: str, reading: Reading) -> bool:
        """Whether the text is one of the known lines, as it stands or without fillers. Total: any string."""
        words = reading.words
        if len(words) > LONGEST or not self._knows_signs(text):
            return False
        said = " ".join(map(spell, words))
        if self._lines.fullmatch(said):
            return True
        left = " ".join(self._fillers.sub(" ", said).split())
        return left == "" or self._lines.fullmatch(left) is not None

    def _knows_signs(self, text: str) -> bool:
        """Skin tones belong to the sign before them; a sign nobody listed may say what the words do not."""
        return text.isascii() or all(
            sign in self._signs or unicodedata.category(sign) == "Sk" for sign in _BEYOND_LETTERS.findall(text)
        )
