"""Cleaning of what people type, once, at intake: every channel runs every text through `clean`."""

import re
import unicodedata

LIMIT = 4096  # characters; longer texts keep their beginning and end, where alarm words are looked for
KEPT_EACH_END = 2000
_GAP = "\n…\n"
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def clean(text: str) -> str:
    """NUL and lone surrogates become U+FFFD, the rest NFC; at most `LIMIT` characters."""
    if _SURROGATE.search(text):  # joins real pairs, replaces lone halves
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    # Shortened before NFC too: ordering a very long run of combining marks takes quadratic time.
    return _shorten(unicodedata.normalize("NFC", _shorten(text.replace("\0", "\ufffd"))))


def _shorten(text: str) -> str:
    if len(text) <= LIMIT:
        return text
    return text[:KEPT_EACH_END] + _GAP + text[-KEPT_EACH_END:]
