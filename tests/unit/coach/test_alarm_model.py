"""The model's shortcuts give what the long way gives."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from bot.coach.alarm_features import Features
from bot.coach.alarm_model import SenseSums
from bot.library.alarm_weights import Rows

BUCKETS, CLASSES = 97, 3


@given(rows=st.lists(st.lists(st.integers(0, 11), max_size=3, unique=True).map(tuple), max_size=20))
def test_senses_add_up_like_the_list_the_training_learns_from(rows: list[tuple[int, ...]]) -> None:
    features = Features([f"sense{number}" for number in range(6)], BUCKETS)
    chance = Random(7)
    table = Rows(bytes(chance.randrange(256) for _ in range(BUCKETS * CLASSES)), CLASSES)
    listed = features.of_senses(rows)

    assert SenseSums(features, table).total(rows) == (table.total(listed), len(listed))
