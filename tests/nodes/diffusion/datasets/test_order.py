from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nodes.diffusion.datasets.errors import DatasetError
from nodes.diffusion.datasets.order import order


@settings(max_examples=50, deadline=None)
@given(
    sizes=st.lists(st.integers(0, 30), min_size=1, max_size=4).filter(any),
    batch=st.integers(1, 9),
    seed=st.integers(0, 2**64),
)
def test_an_epoch_shows_everything_and_every_batch_is_full(
    sizes: list[int], batch: int, seed: int
) -> None:
    buckets = [[100 * i + k for k in range(size)] for i, size in enumerate(sizes)]
    made = order(buckets, batch=batch, seed=seed)
    steps = [made.at(step) for step in range(made.epoch_length)]
    seen = Counter(index for step in steps for index in step)
    assert set(seen) == {index for bucket in buckets for index in bucket}
    assert all(len(step) == batch for step in steps)
    assert all(len({index // 100 for index in step}) == 1 for step in steps)
    assert sum(seen.values()) == sum(-(-size // batch) * batch for size in sizes)


def test_position_is_the_step_alone() -> None:
    forward = order([range(50)], batch=8, seed=3)
    backward = order([range(50)], batch=8, seed=3)
    steps = range(40)
    assert [forward.at(s) for s in steps] == [backward.at(s) for s in reversed(steps)][::-1]


def test_epochs_and_seeds_have_orders_of_their_own() -> None:
    one = order([range(64)], batch=64, seed=0)
    other = order([range(64)], batch=64, seed=1)
    assert len({one.at(0), one.at(1), other.at(0)}) == 3


def test_a_repeated_record_is_shown_that_often() -> None:
    made = order([[0, 0, 0, 1]], batch=2, seed=0)
    assert Counter(made.at(0) + made.at(1)) == {0: 3, 1: 1}


def test_a_set_smaller_than_a_batch_fills_it() -> None:
    assert Counter(order([[5, 6]], batch=5, seed=0).at(0)).total() == 5


def test_an_empty_set_is_refused() -> None:
    with pytest.raises(DatasetError, match="no pictures"):
        order([[]], batch=1, seed=0)
