"""Reads YAML by the rules of version 1.2: `on`, `no` and `yes` stay text, dates stay text, keys are always text.

Plain PyYAML follows 1.1 and reads the key `on` as True. Doubled keys are refused: the second would win in silence.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import yaml

Scalar: TypeAlias = bool | int | float | str | None
Value: TypeAlias = "Scalar | list[Value] | dict[str, Value]"
FieldPath: TypeAlias = tuple[str | int, ...]

_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_OF_NUMBERS = frozenset("+-.0123456789")  # what numbers begin with
_INT = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


class _Loader(yaml.CSafeLoader):
    def resolve(self, kind: type[yaml.Node], value: object, implicit: object) -> str:  # noqa: ARG002  `_scalar` decides
        return ""


class YamlError(ValueError):
    """The file is no YAML we accept; `line` counts from 1."""

    def __init__(self, reason: str, line: int | None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


@dataclass(frozen=True)
class Sheet:
    """One file's data, and where each field stands. That is looked for in the text when it is asked for: rarely."""

    data: Value
    text: str

    @cached_property
    def _root(self) -> yaml.Node:
        return yaml.compose(self.text, Loader=_Loader)  # type: ignore[return-value]  # an empty one was refused

    def find_line(self, field: FieldPath) -> int:
        """Where the field stands, or the nearest thing around it if the field itself is missing."""
        node, line = self._root, _line(self._root)
        for part in field:
            found = next(((at, item) for name, at, item in _inside(node) if name == part), None)
            if found is None:
                break
            line, node = _line(found[0]), found[1]
        return line


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _inside(node: yaml.Node) -> Iterator[tuple[str | int, yaml.Node, yaml.Node]]:
    """Of each field its name, what stands first of it, and what it holds."""
    if isinstance(node, yaml.SequenceNode):
        yield from ((index, item, item) for index, item in enumerate(node.value))
    elif isinstance(node, yaml.MappingNode):
        yield from ((key.value, key, item) for key, item in node.value)


def parse_yaml(text: str) -> Sheet:
    """Read one document; raises YamlError."""
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise YamlError(error.problem or "is not YAML", mark.line + 1 if mark else None) from None
    except (yaml.YAMLError, RecursionError) as error:
        raise YamlError(f"is not YAML ({type(error).__name__})", None) from None
    if node is None:
        raise YamlError("is empty", 1)
    return Sheet(data=_value(node, ()), text=text)


def _value(node: yaml.Node, around: tuple[int, ...]) -> Value:
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node)
    if id(node) in around:
        raise YamlError("an alias contains itself", _line(node))
    inside = (*around, id(node))
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, inside) for item in node.value]
    result: dict[str, Value] = {}
    for key_node, item in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            raise YamlError("a key must be text", _line(key_node))
        key = key_node.value
        if key in result:
            raise YamlError(f"the key {key!r} stands twice", _line(key_node))
        result[key] = _value(item, inside)
    return result


def _scalar(node: yaml.ScalarNode) -> Scalar:
    text: str = node.value
    if node.style:  # quoted or a block: always text
        return text
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _OF_NUMBERS:
        return text
    if _INT.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text
