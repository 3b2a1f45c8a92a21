"""Time that passes only when somebody waits."""

import pytest

from tests.runtime.outside import ScriptedChannel, VirtualTime


@pytest.fixture
def time() -> VirtualTime:
    return VirtualTime()


@pytest.fixture
def channel(time: VirtualTime) -> ScriptedChannel:
    return ScriptedChannel(time)
