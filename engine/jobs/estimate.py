"""How much of a job is done and how long it will still take."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, MutableMapping

_UNKNOWN_SECONDS = 0.1
"""What a kind of node that never ran is taken to need, until it has run."""
_LEARN = 0.3
"""How much of the newest time goes into what a kind of node is said to need."""


class _Mark(NamedTuple):
    """When a node had done how much of its work."""

    time: float
    fraction: float


class Estimate:
    """Percentage and time left of one run.

    Args:
        types: The kinds of the job's nodes, by id.
        paces: Seconds that nodes of each kind took lately; finished nodes are added.
        clock: Tells the time in seconds.
    """

    def __init__(
        self,
        types: Mapping[str, str],
        paces: MutableMapping[str, float],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._types = types
        self._paces = paces
        self._clock = clock
        self._first: dict[str, _Mark] = {}
        self._last: dict[str, _Mark] = {}
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
        self._running.setdefault(node, self._clock())

    def progress(self, node: str, fraction: float) -> None:
        """Note how much of a node is done, from 0 to 1."""
        part = self._fractions[node] = min(max(fraction, 0.0), 1.0)
        mark = _Mark(self._clock(), part)
        first = self._first.get(node)
        # A node that begins to count anew has another pace now.
        if part > 0 and (first is None or part < self._last[node].fraction):
            self._first[node] = mark
        self._last[node] = mark

    def end(self, node: str, seconds: float) -> None:
        """Note that a node has run."""
        expected = self._open.pop(node, 0.0)
        self._left -= expected
        self._done += expected
        self._running.pop(node, None)
        self._fractions.pop(node, None)
        self._first.pop(node, None)
        self._last.pop(node, None)
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
        now = self._clock()
        rests = (self._rest(node, now) - self._open.get(node, 0.0) for node in self._running)
        return max(self._left + sum(rests), 0.0)

    def _rest(self, node: str, now: float) -> float:
        """Return how long a node that runs still takes.

        One that tells its progress knows better than its history, from its second step on: before
        the first one it loads weights and compiles.
        """
        expected = self._open.get(node, 0.0)
        first, last = self._first.get(node), self._last.get(node)
        if first is None or last is None:
            return max(expected - (now - self._running[node]), 0.0)
        if last.fraction <= first.fraction:
            return expected * (1 - first.fraction)
        pace = (last.time - first.time) / (last.fraction - first.fraction)
        return max(pace * (1 - last.fraction) - (now - last.time), 0.0)

    def _seconds(self, node: str) -> float:
        return self._paces.get(self._types.get(node, ""), _UNKNOWN_SECONDS)
