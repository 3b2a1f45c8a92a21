"""Reads from the dialogue's source which texts it asks for: literal keys, and patterns of those that are built."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

DIALOGUE = Path(__file__).parents[3] / "bot" / "dialogue"


@dataclass(slots=True)
class Collected:
    """What the source asks for."""

    calls: list[tuple[str, frozenset[str]]] = field(default_factory=list)
    opaque: set[str] = field(default_factory=set)
    labels: set[str] = field(default_factory=set)
    done: set[str] = field(default_factory=set)
    links: set[str] = field(default_factory=set)


def read_sources(static: Iterable[str], folder: Path = DIALOGUE) -> Collected:
    """All calls of the dialogue; `static` are keys asked for elsewhere."""
    found = Collected()
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                _call(node, found)
            elif isinstance(node, ast.AnnAssign) and _name(node.target) == "labels" and node.value is not None:
                found.labels.update(_keys(node.value))
    found.calls += [(key, frozenset()) for key in static]
    return found


def _call(node: ast.Call, found: Collected) -> None:
    name = _name(node.func)
    if isinstance(node.func, ast.Attribute):
        _catalog_call(node, found)
    elif name in {"text", "Text"} and node.args:
        slots = frozenset(keyword.arg for keyword in node.keywords if keyword.arg)
        keys = list(_keys(node.args[0]))
        found.calls += [(key, slots) for key in keys]
        if not keys and "{self.labels}/" not in ast.unparse(node.args[0]):  # these are in LABELS
            found.opaque.add(ast.unparse(node.args[0]))
    if name == "link_rows" and node.args:
        found.links.update(_keys(node.args[0]))
    for keyword in node.keywords:
        into = {"labels": found.labels, "done": found.done, "links": found.links}.get(keyword.arg or "")
        if into is not None:
            into.update(_keys(keyword.value))


def _catalog_call(node: ast.Call, found: Collected) -> None:
    """`catalog.text("key", {"slot": …})`, where no document is at hand."""
    match node:
        case ast.Call(func=ast.Attribute(attr="text"), args=[ast.Constant(value=str(key)), *slots]):
            names = [name for given in slots if isinstance(given, ast.Dict) for name in given.keys]
            found.calls.append((key, frozenset(str(name.value) for name in names if isinstance(name, ast.Constant))))
        case _:
            pass


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _keys(node: ast.expr) -> Iterator[str]:
    """Literal keys, and patterns such as `phone/{start.item}`; a key made of holes only is opaque."""
    match node:
        case ast.Constant(value=str(key)):
            yield key
        case ast.JoinedStr():
            key = ast.unparse(node)[2:-1]
            if not key.startswith("{self."):
                yield key
        case ast.IfExp(body=body, orelse=orelse):
            yield from _keys(body)
            yield from _keys(orelse)
        case ast.BoolOp(values=values) | ast.Tuple(elts=values):
            for value in values:
                yield from _keys(value)
        case _:
            pass
