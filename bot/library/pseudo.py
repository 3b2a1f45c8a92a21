"""A language nobody speaks, made of the real texts: whatever is not in it on the screen was never in a catalog."""

import re

from bot.library.catalog import Catalog

OPEN, CLOSE = "⟦", "⟧"
_KEPT = re.compile(r"\{[^{}]*\}|/[a-zäöüß]+|https?://\S+")
_ACCENTED = str.maketrans("aeiouAEIOUcnsz", "áéíóúÁÉÍÓÚçñšž")


def pseudo(catalog: Catalog) -> Catalog:
    """Every text wrapped and accented; slots, commands, markup stay. Typed words stay too, or no one could answer."""
    texts = {
        key: forms if key.startswith("words/") else tuple(f"{OPEN}{_accented(form)}{CLOSE}" for form in forms)
        for key, forms in catalog.texts.items()
    }
    return Catalog(catalog.language, texts)


def _accented(form: str) -> str:
    pieces: list[str] = []
    position = 0
    for kept in _KEPT.finditer(form):
        pieces += [form[position : kept.start()].translate(_ACCENTED), kept.group()]
        position = kept.end()
    return "".join([*pieces, form[position:].translate(_ACCENTED)])
