"""What kinds of texts there are. The first word of a text's comment in the catalogs names its kind.

Lengths are what a reader and a platform can take: a button of 20 signs fits on a phone, a caption ends at 1024.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TextKind:
    """`signs` and `words`: the greatest length. `quiet`: no emoji at all. `plain`: no markup, it is shown as it stands.

    `told`: it is read as sentences, so the rules for sentences hold.
    """

    signs: int
    words: int | None = None
    quiet: bool = False
    plain: bool = False
    told: bool = True


MESSAGE_SIGNS = 4096
CAPTION_SIGNS = 1024
BUTTON_SIGNS = 20

KINDS: dict[str, TextKind] = {
    "message": TextKind(signs=MESSAGE_SIGNS, words=60),
    "caption": TextKind(signs=CAPTION_SIGNS, words=60),
    "consent": TextKind(signs=MESSAGE_SIGNS, words=95),
    "screening": TextKind(signs=MESSAGE_SIGNS, words=95, quiet=True),
    "alarm": TextKind(signs=MESSAGE_SIGNS, words=95, quiet=True),
    "flare": TextKind(signs=MESSAGE_SIGNS, words=60, quiet=True),
    "part": TextKind(signs=CAPTION_SIGNS, words=60),
    "title": TextKind(signs=40, plain=True),
    "button": TextKind(signs=BUTTON_SIGNS, plain=True),
    "menu": TextKind(signs=60, plain=True),
    "push": TextKind(signs=60, plain=True),
    "toast": TextKind(signs=200, plain=True),  # stands beside a tapped button for a moment
    "alt": TextKind(signs=200, plain=True),
    "print": TextKind(signs=400, words=60, plain=True),  # on paper, read by a practice
    "words": TextKind(signs=MESSAGE_SIGNS, plain=True, told=False),
}
