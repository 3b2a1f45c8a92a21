"""Dizzy or short of breath, in a few typed words during an exercise: then it stops (clinical rules 5.4).

Words that may mean an emergency are the alarm's, which looks first; these are the milder ones.
"""

from bot.dialogue.numbers import parts_of

_DIZZY = ("schwindel", "schwindl", "schwumm", "schumm", "benommen", "dizz", "lighthead", "woozy", "giddy", "faint")
_AIR = frozenset({"luft", "atem", "puste", "breath", "air"})
_SHORT = ("knapp", "wenig", "schlecht", "kurz", "schwer", "weg", "kaum", "short", "hard", "out", "barely", "hardly")
_BREATHLESS = ("kurzatmig", "atemlos", "breathless")
_NOT = frozenset({"kein", "keine", "keinen", "nicht", "no", "not", "without", "ohne", "isn't", "isnt"})


def says_unwell(typed: str) -> bool:
    """Whether the words say so; a denial does not, and is asked again instead."""
    words = parts_of(typed)
    if _NOT & set(words):
        return False
    return any(
        word.startswith((*_DIZZY, *_BREATHLESS)) or (word in _AIR and any(w.startswith(_SHORT) for w in words))
        for word in words
    )
