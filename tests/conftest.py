"""How the suite is shared out to processes (`pytest -n 3`, as `make test COVER=` does): whole files, longest first.

Tests of one file share fixtures, so they stay together. Those that share a server that takes seconds to start
(Synapse, PostgreSQL) stay together too: one of each is enough; so do the first weeks, since two processes that begin at
once would both draw the same films. What lasts longest is begun first, so that no process
waits at the end.

And whatever a test with a store makes the coach say in a group is overheard: it must be one of the texts for groups.
"""

import gc
import signal
from collections.abc import Iterator

import pytest
from hypothesis import is_hypothesis_test, settings
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]  # has no types

pytest_plugins = ["tests.databases"]

gc.disable()  # what is made before the first test is no garbage; `spare_collector` turns it on again


def _interrupted(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


# As Python's own does. Where that one stands, asyncio puts another around each test and fixture, and Python describes
# it each time, with all that the fixture has made: a fifth of the time of those that make a coach.
signal.signal(signal.SIGINT, _interrupted)

settings.register_profile("patient", deadline=None)  # how long an example takes says how busy the machine is
settings.load_profile("patient")
FEW_EXAMPLES = 20  # are never halved

# The first part that fits names the group; None: a group a file. In the order in which they begin.
_GROUPS = (
    ("channel/matrix", "synapse"),
    ("channel/test_first_week", "weeks"),
    ("chaos", None),
    ("channel", None),
    ("store", "databases"),
    ("runtime", "databases"),
    ("property", None),
    ("unit/pictures", None),
    ("deploy", None),
    ("", None),
)


def _place(nodeid: str) -> tuple[int, str]:
    """When a test begins, and with which others it stays. `nodeid`: as pytest gives it, *tests/…/test_x.py::test_y*."""
    path = nodeid.partition("::")[0].removeprefix("tests/")
    for number, (start, group) in enumerate(_GROUPS):
        if path.startswith(start):
            return number, group or path
    raise AssertionError(path)


def _draw_half(items: list[pytest.Item]) -> None:
    """Of each property's examples: every run draws others, and a release draws all of them in one."""
    for test in {item.function for item in items if isinstance(item, pytest.Function)}:
        if is_hypothesis_test(test):
            own = test._hypothesis_internal_use_settings
            few = max(own.max_examples // 2, min(own.max_examples, FEW_EXAMPLES))
            test._hypothesis_internal_use_settings = settings(own, max_examples=few)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "not slow" in config.getoption("markexpr"):
        _draw_half(items)
    if hasattr(config, "workerinput"):  # alone: the order of the files is as good as any
        items.sort(key=lambda item: _place(item.nodeid)[0])  # stable: within a group as collected


def pytest_collection_finish() -> None:
    """Modules and tests stay to the end, as content does in the coach: the garbage collector need not look at them."""
    from bot.runtime.collector import spare_collector

    spare_collector()


class _Together(LoadScopeScheduling):  # type: ignore[misc]  # untyped
    """xdist's own groups (marks that become part of a test's id) do nothing since pytest 9.2."""

    def _split_scope(self, nodeid: str) -> str:
        return _place(nodeid)[1]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    return _Together(config, log)


_WITH_STORE = ("tests/store/", "tests/runtime/", "tests/channel/", "tests/chaos/", "tests/property/")


@pytest.fixture(autouse=True)
def _nothing_else_is_said_in_groups(request: pytest.FixtureRequest) -> Iterator[None]:
    """`any_words` marks tests that send words of their own into a room."""
    if not request.node.nodeid.startswith(_WITH_STORE) or request.node.get_closest_marker("any_words"):
        yield
        return
    from tests.overheard import overheard

    with overheard():
        yield
