"""The quick way to a changed value gives what the standard library gives, and refuses the same."""

from dataclasses import dataclass, replace

import pytest

from bot.dialogue.altered import altered
from bot.dialogue.member import Known, Member


def test_it_is_what_replace_gives() -> None:
    known = Known(age="18_44", safety_revision=3)

    assert altered(known, age="65_plus", cards=(("alarm", "2026-11-23"),)) == replace(
        known, age="65_plus", cards=(("alarm", "2026-11-23"),)
    )
    assert altered(Member(), known=known).known is known
    assert known.age == "18_44"


def test_an_unknown_field_and_a_class_that_does_more_are_refused() -> None:
    @dataclass(frozen=True, slots=True)
    class Busy:
        one: int = 1

        def __post_init__(self) -> None:
            pass

    with pytest.raises(TypeError, match="no typo"):
        altered(Member(), typo=1)
    with pytest.raises(TypeError, match="work of its own"):
        altered(Busy(), one=2)
