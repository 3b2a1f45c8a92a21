"""How the suite is shared out to processes (`pytest -n 3`, as `make test COVER=` does): whole files, longest first.

Tests of one file share fixtures, so they stay together. Those that share a server that takes seconds to start
(Synapse, PostgreSQL) stay together too: one of each is enough. What lasts longest is begun first, so that no process
waits at the end.
"""

from pathlib import Path

import pytest

_HERE = Path(__file__).parent
# The first part that fits names the group; None: a group a file. In the order in which they begin.
_GROUPS = (
    ("channel/matrix", "synapse"),
    ("chaos", None),
    ("channel", None),
    ("store", "databases"),
    ("runtime", "databases"),
    ("property", None),
    ("unit/pictures", None),
    ("deploy", None),
    ("", None),
)


def _place(item: pytest.Item) -> tuple[int, str]:
    path = item.path.relative_to(_HERE).as_posix()
    for number, (start, group) in enumerate(_GROUPS):
        if path.startswith(start):
            return number, group or path
    raise AssertionError(path)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not hasattr(config, "workerinput"):  # alone: the order of the files is as good as any
        return
    items.sort(key=lambda item: _place(item)[0])  # stable: within a group as collected
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_place(item)[1]))
