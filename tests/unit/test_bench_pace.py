"""What the bench says of a machine that is slower than the one on which the budgets were set."""

from tests.bench.table import Result
from tests.bench.throughput import THEIRS_THEN, pace


def _row(row: int, *, kept: bool, over: float = 0.0, work: str = "work", theirs: float = 0.0) -> Result:
    return Result(row=row, work=work, budget="", found="", kept=kept, over=over, values={"theirs": theirs})


def _peer(rate: float) -> Result:
    return _row(1, kept=True, work="turns beside PTB + PicklePersistence", theirs=rate)


def test_without_the_peer_nothing_is_said_of_the_machine() -> None:
    assert not pace([_row(10, kept=False, over=1.1)])


def test_what_only_the_machine_makes_slow_is_named_and_nothing_else() -> None:
    said = pace([_peer(THEIRS_THEN / 3), _row(10, kept=False, over=2.9), _row(11, kept=False, over=3.1)])

    assert "row 10, work (2.9 times)" in said
    assert "row 11" not in said


def test_what_no_machine_can_excuse_stays_missed() -> None:
    said = pace([_peer(THEIRS_THEN / 3), _row(9, kept=False), _row(8, kept=True, over=0.5)])

    assert "row 9" not in said
    assert "row 8" not in said
