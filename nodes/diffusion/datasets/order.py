"""The order in which training sees pictures: a function of seed and step, with no state."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from nodes.diffusion.datasets.errors import DatasetError
from nodes.diffusion.datasets.random import numbers


@dataclass(frozen=True, kw_only=True)
class Order:
    """Which records make up the batch of a step.

    A batch holds records of one bucket. In each epoch every bucket is shuffled anew and cut into
    batches, and the batches of all buckets are shuffled. The last batch of a bucket is filled up
    from the start of the same shuffle, so that no record is dropped and every batch is full.

    Attributes:
        buckets: Record indices by bucket; a record that is repeated occurs several times.
        batch: Records per batch.
        seed: Of the run.
    """

    buckets: tuple[tuple[int, ...], ...]
    batch: int
    seed: int

    @property
    def epoch_length(self) -> int:
        """Steps per epoch."""
        return sum(-(-len(bucket) // self.batch) for bucket in self.buckets)

    def at(self, step: int) -> tuple[int, ...]:
        """Return the record indices of a step, counted from 0."""
        epoch, place = divmod(step, self.epoch_length)
        return _epoch(self, epoch)[place]


def order(buckets: Iterable[Sequence[int]], *, batch: int, seed: int) -> Order:
    """Return the order over buckets of record indices; empty buckets are left out.

    Raises:
        DatasetError: There is no record at all.
    """
    filled = tuple(tuple(bucket) for bucket in buckets if bucket)
    if not filled:
        raise DatasetError("the data set has no pictures")
    return Order(buckets=filled, batch=batch, seed=seed)


@lru_cache(maxsize=4)
def _epoch(order: Order, epoch: int) -> tuple[tuple[int, ...], ...]:
    batches: list[tuple[int, ...]] = []
    for number, bucket in enumerate(order.buckets):
        shuffled = numbers("order", order.seed, epoch, number).permutation(len(bucket)).tolist()
        for start in range(0, len(bucket), order.batch):
            places = [shuffled[(start + i) % len(bucket)] for i in range(order.batch)]
            batches.append(tuple(bucket[place] for place in places))
    shuffle = numbers("batches", order.seed, epoch).permutation(len(batches)).tolist()
    return tuple(batches[i] for i in shuffle)
