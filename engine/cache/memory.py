"""A tier of the results cache in memory: values with a byte budget."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine.cache.stats import TierStats

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator

    from engine.cache.kinds import Size

_READ_SECONDS = 0.005
_READ_BYTES_PER_SECOND = 200e6
_ENTRY_BYTES = 400
"""What keeping track of an entry costs, so that a million tiny values are not free."""


@dataclass(slots=True, eq=False)
class Entry:
    """A value that is kept.

    Attributes:
        id: The value's id.
        value: The value itself.
        size: The memory that it holds.
        seconds: What computing it again would take.
        home: The device that it belongs on, also while it waits elsewhere.
        uses: How often it was asked for.
        priority: The higher, the longer it stays.
    """

    id: bytes
    value: Any
    size: Size
    seconds: float
    home: str = "cpu"
    uses: int = 1
    priority: float = field(default=0.0)

    @property
    def is_dear(self) -> bool:
        """Computing the value takes longer than reading it back would."""
        return self.seconds > _READ_SECONDS + self.size.total / _READ_BYTES_PER_SECOND


class MemoryTier:
    """Values in the memory of one kind of device. Not thread-safe: the cache holds the lock.

    What leaves first is decided as in GreedyDual-Size-Frequency (Cherkasova, 1998): priority =
    clock + uses * seconds / bytes, where the clock is the priority of the last that left.

    Args:
        budget: Bytes.
        kept: Ids of values that must not leave; the owner changes it and calls `release`.

    Attributes:
        room: Tells how much of the device others leave to the tier; None where they leave it all.
    """

    def __init__(self, budget: int, kept: Container[bytes]) -> None:
        self.room: Callable[[], int] | None = None
        self._budget = budget
        self._kept = kept
        self.bytes = 0
        self.entries: dict[bytes, Entry] = {}
        self._owners: dict[tuple[str, int], list[int]] = {}
        self._order: list[tuple[float, int, bytes]] = []
        self._count = 0
        self._clock = 0.0

    @property
    def budget(self) -> int:
        """Bytes that the tier may hold right now."""
        return self._budget if self.room is None else min(self._budget, self.room())

    def add(self, entry: Entry) -> None:
        """Keep an entry in place of what has its id; does not look at the budget."""
        before = self.entries.get(entry.id)
        if before is not None:
            self.remove(entry.id)
            entry.uses = before.uses
        self.entries[entry.id] = entry
        self.bytes += entry.size.own + _ENTRY_BYTES
        for storage, count in entry.size.storages.items():
            owner = self._owners.setdefault(storage, [0, 0])
            # A storage can have grown since another entry measured it.
            self.bytes += max(count - owner[1], 0)
            owner[0] += 1
            owner[1] = max(count, owner[1])
        self._rank(entry)
        self._push(entry)

    def remove(self, value_id: bytes) -> Entry | None:
        """Give up an entry and return it."""
        entry = self.entries.pop(value_id, None)
        if entry is None:
            return None
        self.bytes -= entry.size.own + _ENTRY_BYTES
        for storage in entry.size.storages:
            owner = self._owners[storage]
            owner[0] -= 1
            if owner[0] == 0:
                self.bytes -= owner[1]
                del self._owners[storage]
        return entry

    def touch(self, entry: Entry) -> None:
        """Note that an entry was asked for."""
        entry.uses += 1
        self._rank(entry)

    def release(self, value_id: bytes) -> None:
        """Let an entry be given up that was kept until now."""
        entry = self.entries.get(value_id)
        if entry is not None:
            self._push(entry)

    def victims(self) -> Iterator[Entry]:
        """Yield, while the tier is over its budget, what it can best do without.

        The caller removes each entry before it asks for the next.
        """
        while self.bytes > self.budget:
            entry = self._least()
            if entry is None:
                return
            self._clock = max(self._clock, entry.priority)
            yield entry

    def stats(self) -> TierStats:
        """Return what the tier holds."""
        return TierStats(bytes=self.bytes, budget=self.budget, entries=len(self.entries))

    def _rank(self, entry: Entry) -> None:
        worth = entry.uses * entry.seconds / (entry.size.total + _ENTRY_BYTES)
        entry.priority = self._clock + worth

    def _push(self, entry: Entry) -> None:
        self._count += 1
        heapq.heappush(self._order, (entry.priority, self._count, entry.id))
        if len(self._order) > 4 * len(self.entries) + 64:
            self._order = [
                (kept.priority, number, kept.id)
                for number, kept in enumerate(self.entries.values())
                if kept.id not in self._kept
            ]
            self._count = len(self._order)
            heapq.heapify(self._order)

    def _least(self) -> Entry | None:
        """Return the entry of least priority; kept ones come back when they are released."""
        while self._order:
            priority, _, value_id = heapq.heappop(self._order)
            entry = self.entries.get(value_id)
            if entry is None or value_id in self._kept:
                continue
            if entry.priority > priority:
                # It was asked for since it was queued.
                self._push(entry)
                continue
            return entry
        return None
