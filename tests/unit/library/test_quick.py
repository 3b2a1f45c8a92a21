"""The quick way to make and alter a frozen value gives what the standard library gives, and refuses the same."""

import inspect
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, replace

import pytest
from pydantic import TypeAdapter

from bot.dialogue.member import Known, Member
from bot.library.quick import altered, altered_by, quick


@dataclass(frozen=True, slots=True)
class Plain:
    """One of each kind of field."""

    first: int
    second: str = "two"
    third: list[int] = field(default_factory=list, kw_only=True)
    fourth: dict[str, int] = field(default_factory=dict, init=False, compare=False)
    fifth: int = field(default=5, init=False)

    def __post_init__(self) -> None:
        self.fourth["length"] = len(self.third)


@quick
@dataclass(frozen=True, slots=True)
class Quick:
    """The same."""

    first: int
    second: str = "two"
    third: list[int] = field(default_factory=list, kw_only=True)
    fourth: dict[str, int] = field(default_factory=dict, init=False, compare=False)
    fifth: int = field(default=5, init=False)

    def __post_init__(self) -> None:
        self.fourth["length"] = len(self.third)


@dataclass(frozen=True, slots=True)
class Child(Plain):
    sixth: int = 6


@dataclass(slots=True)
class Loose:
    one: int = 1


def test_a_quick_value_is_like_any_other() -> None:
    value = Quick(1, third=[7, 8])

    assert type(value) is Quick
    assert repr(value) == repr(Plain(1, third=[7, 8])).replace("Plain", "Quick")
    assert (value.fourth, Quick(2).third, Quick(2).third is Quick(2).third) == ({"length": 2}, [], False)
    assert value == replace(Quick(3, third=[7, 8]), first=1)
    assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301  our own bytes
    assert TypeAdapter(Quick).validate_json('{"first": 4, "third": [1]}') == Quick(4, third=[1])
    assert inspect.get_annotations(Quick.__init__) == inspect.get_annotations(Plain.__init__)


def test_it_refuses_what_any_other_refuses() -> None:
    with pytest.raises(FrozenInstanceError):
        Quick(1).first = 2  # type: ignore[misc]  # that is the test
    with pytest.raises(TypeError, match="first"):
        Quick()  # type: ignore[call-arg]  # as above
    with pytest.raises(TypeError, match="fourth"):
        Quick(1, fourth={})  # type: ignore[call-arg]  # as above


def test_an_altered_value_is_what_replace_gives() -> None:
    known = Known(age="18_44", safety_revision=3)

    assert altered(known, age="65_plus", cards=(("alarm", "2026-11-23"),)) == replace(
        known, age="65_plus", cards=(("alarm", "2026-11-23"),)
    )
    assert altered(Member(), known=known).known is known
    assert known.age == "18_44"


def test_classes_that_do_more_are_altered_the_usual_way() -> None:
    value = altered(Quick(1, third=[7, 8]), third=[9])

    assert (value.first, value.fourth) == (1, {"length": 1})
    assert altered(Child(1), sixth=7) == Child(1, sixth=7)


def test_an_unknown_field_and_classes_of_another_kind_are_refused() -> None:
    with pytest.raises(TypeError, match="typo"):
        altered_by(Member(), typo=1)
    for kind in (Child, Loose):
        with pytest.raises(TypeError, match="slots of its own"):
            quick(kind)
