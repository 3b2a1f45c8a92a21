"""The weights' packed rows add up class by class, and a file that does not fit itself is refused."""

import json
import zlib
from random import Random

import pytest

from bot.library.alarm_weights import LANE, Rows, pack_alarm_weights, parse_alarm_weights
from bot.library.errors import ContentError

CLASSES = [["emergency", "syncope"], ["none", "none"]]
HEAD: dict[str, object] = {
    "version": 1,
    "trained_on": "x",
    "buckets": 3,
    "classes": CLASSES,
    "scale": 0.1,
    "bias": [0.0, 0.0],
    "limits": dict.fromkeys(("speak", "speak_long", "quiet", "replace", "graver", "lower", "doubt", "silence"), 0.5),
}


@pytest.mark.parametrize("width", [1, 2, 25])
@pytest.mark.parametrize("count", [0, 1, 2, 256, 257, 1000])
def test_rows_add_up_lane_by_lane(width: int, count: int) -> None:
    chance = Random(width * count)
    raised = bytes(chance.choice((0, 1, 128, 254, 255)) for _ in range(50 * width))
    rows = Rows(raised, width)
    buckets = [chance.randrange(50) for _ in range(count)]

    sums = [sum(raised[bucket * width + place] for bucket in buckets) for place in range(width)]
    wanted = sum(added << 8 * LANE * place for place, added in enumerate(sums))

    assert len(rows) == 50
    assert rows.total(buckets) == wanted


def test_the_greatest_weights_do_not_run_into_each_other() -> None:
    rows = Rows(b"\xff" * 25, 25)

    total = rows.total([0] * 5000)

    assert {total >> 8 * LANE * place & 0xFFFFFFFF for place in range(25)} == {5000 * 255}


def test_what_was_packed_is_read_again() -> None:
    weights = parse_alarm_weights(pack_alarm_weights(HEAD, bytes(range(6))), "weights.bin")

    assert weights.rows.total([0, 2]) == 0 + 4 + (1 + 5 << 8 * LANE)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "no weights"),
        (b"{}\n" + zlib.compress(bytes(6)), "no weights"),
        (json.dumps(HEAD).encode() + b"\nnot packed", "no weights"),
        (pack_alarm_weights(HEAD, bytes(5)), "do not fit"),
        (pack_alarm_weights({**HEAD, "bias": [0.0]}, bytes(6)), "do not fit"),
        (pack_alarm_weights({**HEAD, "classes": CLASSES[::-1]}, bytes(6)), "not in order"),
    ],
)
def test_a_file_that_does_not_fit_itself_is_refused_by_name(body: bytes, said: str) -> None:
    with pytest.raises(ContentError, match=rf"weights\.bin.*{said}"):
        parse_alarm_weights(body, "weights.bin")
