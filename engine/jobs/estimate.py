"""How much of a job is done and how long it will still take."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, MutableMapping

_UNKNOWN_SECONDS = 0.1
"""What a kind of node that never ran is taken to need, until it has run."""
_LEARN = 0.3
"""How much of the newest time goes into what a kind of node is said to need."""


class Estimate:
    """Percentage and time left of one run.

    Args:
        types: The kinds of the job's nodes, by id.
        paces: Seconds that nodes of each kind took lately; finished nodes are added.
    """

    def __init__(self, types: Mapping[str, str], paces: MutableMapping[str, float]) -> None:
        self._types = types
        self._paces = paces
        self._open: dict[str, float] = {}
        self._running: dict[str, float] = {}
        self._fractions: dict[str, float] = {}
        self._left = 0.0
        self._done = 0.0

    def expect(self, nodes: Iterable[str]) -> None:
        """Note which nodes may have to run."""
        self._open = {node: self._seconds(node) for node in nodes}
        self._left = sum(self._open.values())

    def drop(self, nodes: Iterable[str]) -> None:
        """Note that some nodes need not run."""
        for node in nodes:
            self._left -= self._open.pop(node, 0.0)

    def begin(self, node: str) -> None:
        """Note that a node begins to run."""
        self._running.setdefault(node, time.monotonic())

    def progress(self, node: str, fraction: float) -> None:
        """Note how much of a node is done, from 0 to 1."""
        self._fractions[node] = min(max(fraction, 0.0), 1.0)

    def end(self, node: str, seconds: float) -> None:
        """Note that a node has run."""
        expected = self._open.pop(node, 0.0)
        self._left -= expected
        self._done += expected
        self._running.pop(node, None)
        self._fractions.pop(node, None)
        kind = self._types.get(node)
        if kind is not None:
            known = self._paces.get(kind, seconds)
            self._paces[kind] = known + _LEARN * (seconds - known)

    def percent(self) -> float:
        """Return how much is done, 0 to 100, counted in seconds rather than nodes."""
        whole = self._left + self._done
        if whole <= 0:
            return 0.0
        begun = sum(self._open.get(node, 0.0) * part for node, part in self._fractions.items())
        return min(100.0 * (self._done + begun) / whole, 100.0)

    def seconds_left(self) -> float:
        """Return how long the rest takes if every node takes as long as its kind did lately."""
        now = time.monotonic()
        left = self._left
        for node, began in self._running.items():
            expected = self._open.get(node, 0.0)
            part = self._fractions.get(node, 0.0)
            took = now - began
            # A node that tells its progress knows better than its history.
            rest = took * (1 - part) / part if part > 0 else max(expected - took, 0.0)
            left += rest - expected
        return max(left, 0.0)

    def _seconds(self, node: str) -> float:
        return self._paces.get(self._types.get(node, ""), _UNKNOWN_SECONDS)
