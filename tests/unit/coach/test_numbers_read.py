"""Every number of the rules decides something: whoever changes it must see what it does."""

import ast
from pathlib import Path

from bot.library.library import Library

BOT = Path(__file__).parents[3] / "bot"
READS_ITSELF = BOT / "library" / "thresholds.py"


def read_names() -> set[str]:
    """Every attribute that is read anywhere but where the numbers are declared."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in sorted(BOT.rglob("*.py")) if path != READS_ITSELF)
    nodes = (node for tree in trees for node in ast.walk(tree))
    return {node.attr for node in nodes if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)}


def test_every_number_is_read_by_a_rule(library: Library) -> None:
    read = read_names()
    numbers = library.thresholds.numbers()

    assert len(numbers) > 100
    assert [name for name in numbers if name.rpartition(".")[2] not in read] == []


def test_every_playlist_is_read_by_a_rule(library: Library) -> None:
    """By its name, or by the tag it is for; what it holds exists."""
    sources = "".join(path.read_text(encoding="utf-8") for path in sorted(BOT.rglob("*.py")))
    playlists = library.thresholds.playlists

    assert {"start", "later", "flare", "desk", "acute", "OP", "PG", "P20"} <= playlists.keys()
    assert all(name in library.tags or f'"{name}"' in sources for name in playlists)
    assert {name for playlist in playlists.values() for name in playlist} <= library.exercises.keys()
