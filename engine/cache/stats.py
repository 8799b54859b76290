"""What the results cache holds, in numbers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class TierStats:
    """What a tier holds.

    Attributes:
        bytes: Of all values, shared buffers counted once.
        budget: What it may hold.
        entries: How many values.
    """

    bytes: int
    budget: int
    entries: int


@dataclass(frozen=True, kw_only=True)
class CacheStats:
    """What the cache holds.

    Attributes:
        gpu: The tier in device memory.
        ram: The tier in host memory.
        disk: The tier on disk.
        records: How many nodes' keys are known in memory.
        held: How many values a run needs right now.
    """

    gpu: TierStats
    ram: TierStats
    disk: TierStats
    records: int
    held: int
