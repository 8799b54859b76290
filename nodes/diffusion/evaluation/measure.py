"""What a measure gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor

from nodes.diffusion.datasets.manifest import Record
from nodes.diffusion.datasets.random import numbers


@dataclass(frozen=True, kw_only=True, eq=False)
class Measure:
    """A number, how it came about, and pictures to judge it by.

    Attributes:
        name: What was measured.
        value: The number.
        facts: Further JSON values: counts, parts, settings.
        shown: Pictures `[3, H, W]` from 0 to 1 with a line of text each.
    """

    name: str
    value: float
    facts: Mapping[str, Any] = field(default_factory=dict[str, Any])
    shown: Sequence[tuple[Tensor, str]] = ()


def spread(records: Sequence[Record], count: int, seed: int) -> list[Record]:
    """Return so many records from all over a list, all of them for a count of 0."""
    shuffled = numbers("prompts", seed).permutation(len(records)).tolist()
    return [records[i] for i in (shuffled[:count] if count else shuffled)]
