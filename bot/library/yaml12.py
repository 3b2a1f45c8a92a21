"""Reads YAML by the rules of version 1.2: `on`, `no` and `yes` stay text, dates stay text, keys are always text.

Plain PyYAML follows 1.1 and reads the key `on` as True. Doubled keys are refused: the second would win in silence.
"""

import re
from dataclasses import dataclass
from typing import TypeAlias

import yaml

Scalar: TypeAlias = bool | int | float | str | None
Value: TypeAlias = "Scalar | list[Value] | dict[str, Value]"
FieldPath: TypeAlias = tuple[str | int, ...]

_NULL = re.compile(r"~|null|Null|NULL|")
_TRUE = re.compile(r"true|True|TRUE")
_FALSE = re.compile(r"false|False|FALSE")
_INT = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


class YamlError(ValueError):
    """The file is no YAML we accept; `line` counts from 1."""

    def __init__(self, reason: str, line: int | None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file's data, with the line on which each field stands."""

    data: Value
    lines: dict[FieldPath, int]

    def find_line(self, field: FieldPath) -> int | None:
        """Where the field stands, or the nearest thing around it if the field itself is missing."""
        around = (field[:length] for length in range(len(field), -1, -1))
        return next((self.lines[part] for part in around if part in self.lines), None)


def parse_yaml(text: str) -> Sheet:
    """Read one document; raises YamlError."""
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise YamlError(error.problem or "is not YAML", mark.line + 1 if mark else None) from None
    except (yaml.YAMLError, RecursionError) as error:
        raise YamlError(f"is not YAML ({type(error).__name__})", None) from None
    if node is None:
        raise YamlError("is empty", 1)
    lines: dict[FieldPath, int] = {}
    return Sheet(data=_value(node, (), lines, ()), lines=lines)


def _value(node: yaml.Node, path: FieldPath, lines: dict[FieldPath, int], around: tuple[int, ...]) -> Value:
    lines.setdefault(path, node.start_mark.line + 1)
    if id(node) in around:
        raise YamlError("an alias contains itself", node.start_mark.line + 1)
    inside = (*around, id(node))
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, index), lines, inside) for index, item in enumerate(node.value)]
    result: dict[str, Value] = {}
    for key_node, item in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise YamlError("a key must be text", line)
        key = key_node.value
        if key in result:
            raise YamlError(f"the key {key!r} stands twice", line)
        lines[(*path, key)] = line
        result[key] = _value(item, (*path, key), lines, inside)
    return result


def _scalar(node: yaml.ScalarNode) -> Scalar:
    text: str = node.value
    if node.style:  # quoted or a block: always text
        return text
    if _NULL.fullmatch(text):
        return None
    if _TRUE.fullmatch(text) or _FALSE.fullmatch(text):
        return text.lower() == "true"
    if _INT.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text
