"""The language nobody speaks keeps what the coach fills in and what can be typed."""

from pathlib import Path

import pytest

from bot.library.catalog import Catalog, read_catalogs
from bot.library.lint import slots_of
from bot.library.pseudo import CLOSE, OPEN, pseudo

LOCALES = Path(__file__).parents[3] / "content" / "locales"


def test_a_text_is_wrapped_and_accented_and_its_slots_stay() -> None:
    made = pseudo(Catalog("de", {"a": ("**Um {name}**, /notfall hilft.",)}))

    assert made.text("a", {"name": "Anna"}) == f"{OPEN}**Úm Anna**, /notfall hílft.{CLOSE}"


def test_typed_words_stay_as_they_are() -> None:
    assert pseudo(Catalog("de", {"words/a": ("ja|jo",)})).text("words/a") == "ja|jo"


@pytest.mark.parametrize("language", ["de", "en"])
def test_all_shipped_texts_survive_it(language: str) -> None:
    real = read_catalogs(LOCALES)[language]
    made = pseudo(real)

    assert made.texts.keys() == real.texts.keys()
    assert all(
        slots_of(before) == slots_of(after)
        for key, forms in real.texts.items()
        for before, after in zip(forms, made.texts[key], strict=True)
    )
