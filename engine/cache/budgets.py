"""How many bytes each tier of the results cache may hold."""

from __future__ import annotations

from dataclasses import dataclass

GIB = 1024**3


@dataclass(frozen=True, kw_only=True)
class Budgets:
    """Bytes for each tier.

    Attributes:
        gpu: Device memory.
        ram: Host memory.
        disk: The disk tier; 0 switches it off.
    """

    gpu: int = 2 * GIB
    ram: int = 4 * GIB
    disk: int = 8 * GIB
