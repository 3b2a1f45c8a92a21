"""Time that passes only when somebody waits."""

from pathlib import Path

import pytest

from tests.runtime.outside import ScriptedChannel, VirtualTime

_HERE = Path(__file__).parent
_BY_THE_DATABASE = "test_troubled_members.py"  # each refuses in its own way there


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is lived here knows nothing of databases: on PostgreSQL only the first case of a test, but for a release."""
    lived: set[object] = set()
    for item in items:
        if item.path.parent != _HERE or item.path.name == _BY_THE_DATABASE or not isinstance(item, pytest.Function):
            continue
        case = getattr(item, "callspec", None)
        if case is not None and "postgres" in case.params.values():
            if item.function in lived:
                item.add_marker(pytest.mark.slow)
            lived.add(item.function)


@pytest.fixture
def time() -> VirtualTime:
    return VirtualTime()


@pytest.fixture
def channel(time: VirtualTime) -> ScriptedChannel:
    return ScriptedChannel(time)
