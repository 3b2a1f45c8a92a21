"""Frozen dataclasses that are made and altered many times a turn, in half the time.

A frozen dataclass writes each field past its own guard, which is ten times as slow as an assignment: a sixth of a turn
went there. Here the fields are assigned while the value belongs to a twin of its class, with the same slots and without
the guard; then it is given its class. Nothing else about the class changes.
"""

from collections.abc import Callable
from dataclasses import MISSING, Field, fields
from dataclasses import replace as _replace
from typing import TYPE_CHECKING, Any, TypeVar

T = TypeVar("T")
_given_class: Callable[[object, type[Any]], None] = object.__dict__["__class__"].__set__
_SAME: Any = object()  # a field that stays as it was
_altering: dict[type[Any], Callable[..., Any]] = {}


def quick(kind: type[T]) -> type[T]:
    """For frozen dataclasses with slots that inherit from nothing. Raises TypeError for others."""
    given = {"_as": _given_class, "_twin": _twin_of(kind), "_kind": kind, "_missing": MISSING}
    for each in fields(kind):  # type: ignore[arg-type]  # looked at by `_twin_of`
        given |= {f"_default_{each.name}": each.default, f"_make_{each.name}": each.default_factory}
    old: Any = kind.__init__
    made = fields(kind)  # type: ignore[arg-type]  # as above
    parameters = [_parameter(each) for each in made if each.init and not each.kw_only]
    named = [_parameter(each) for each in made if each.init and each.kw_only]
    lines = [
        f"def __init__(self, {', '.join([*parameters, *(['*', *named] if named else [])])}):",
        " _as(self, _twin)",
        *(f" self.{each.name} = {_value(each)}" for each in made),
        " self.__class__ = _kind",
        *([" self.__post_init__()"] if hasattr(kind, "__post_init__") else []),
    ]
    new = _run("__init__", lines, given)
    new.__qualname__, new.__module__, new.__annotations__ = old.__qualname__, old.__module__, old.__annotations__
    kind.__init__ = new  # type: ignore[method-assign]  # that is what it is for
    return kind


def _twin_of(kind: type[Any]) -> type[Any]:
    if not _is_plain(kind):
        raise TypeError(f"{kind.__name__} is no frozen dataclass with slots of its own")
    return type(kind.__name__, (), {"__slots__": kind.__slots__})


def _is_plain(kind: type[Any]) -> bool:
    return kind.__bases__ == (object,) and "__slots__" in kind.__dict__ and kind.__dataclass_params__.frozen is True


def _parameter(each: "Field[Any]") -> str:
    if each.default is not MISSING:
        return f"{each.name}=_default_{each.name}"
    return each.name if each.default_factory is MISSING else f"{each.name}=_missing"


def _value(each: "Field[Any]") -> str:
    if each.default_factory is MISSING:
        return each.name if each.init else f"_default_{each.name}"
    made = f"_make_{each.name}()"
    return f"{made} if {each.name} is _missing else {each.name}" if each.init else made


def _run(name: str, lines: list[str], given: dict[str, Any]) -> Any:
    """The function that these lines define: as in `dataclasses`, nothing but names of fields goes into them."""
    found: dict[str, Any] = {}
    exec("\n".join(lines), given, found)  # noqa: S102  see above
    return found[name]


def altered_by(value: T, **changes: object) -> T:
    """`dataclasses.replace`, quick where the class allows it. Raises TypeError for a field that it does not have."""
    kind = type(value)
    alter = _altering.get(kind)
    if alter is None:
        alter = _altering[kind] = _alter(kind)
    new: T = alter(value, **changes)
    return new


def _alter(kind: type[Any]) -> Callable[..., Any]:
    if hasattr(kind, "__post_init__") or not _is_plain(kind):
        return _replace
    names = [each.name for each in fields(kind)]
    lines = [
        f"def alter(_old, /, *, {', '.join(f'{name}=_same' for name in names)}):",
        " new = _new(_twin)",
        *(f" new.{name} = _old.{name} if {name} is _same else {name}" for name in names),
        " new.__class__ = _kind",
        " return new",
    ]
    given = {"_new": object.__new__, "_twin": _twin_of(kind), "_kind": kind, "_same": _SAME}
    new: Callable[..., Any] = _run("alter", lines, given)
    return new


if TYPE_CHECKING:
    altered = _replace  # so that types of fields are checked
else:
    altered = altered_by
