"""What a run gave."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, kw_only=True)
class Timing:
    """What one node cost.

    Attributes:
        seconds: Wall time.
        peak_bytes: Peak memory on its device (host memory on a CPU).
    """

    seconds: float
    peak_bytes: int


@dataclass(frozen=True, kw_only=True)
class RunResult:
    """What a run gave.

    Attributes:
        ui: What the editor shows, by node id.
        executed: Ids of the nodes that ran, in the order in which they finished.
        cached: Ids of the nodes whose results were there already.
        timings: What each node that ran cost.
        seconds: Wall time of the whole run.
    """

    ui: Mapping[str, Mapping[str, list[Any]]]
    executed: tuple[str, ...]
    cached: tuple[str, ...]
    timings: Mapping[str, Timing]
    seconds: float
    _values: Callable[[str], tuple[list[Any], ...]] = field(repr=False)

    def values(self, node_id: str) -> tuple[list[Any], ...]:
        """Return what a node gave: for each output slot the list of its items.

        Raises:
            KeyError: The run did not need the node, or its values are no longer kept.
        """
        return self._values(node_id)
