"""Which values the cache must keep for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.cache.results import ResultsCache
    from engine.run.step import Ask, Step


class Grip:
    """Holds values for steps that will read them, and uses those that one reads now.

    Args:
        cache: Keeps the values.
    """

    def __init__(self, cache: ResultsCache) -> None:
        self._cache = cache

    def hold(self, waiter: Step | Ask, ids: Iterable[bytes]) -> None:
        """Keep values from being lost until `let_go`."""
        held = waiter.held
        if held is None:
            held = waiter.held = set()
        new = set(ids) - held
        if new:
            held.update(new)
            self._cache.hold(new)

    def let_go(self, waiter: Step | Ask) -> None:
        """Undo every `hold`."""
        if waiter.held:
            self._cache.release(waiter.held)
        waiter.held = None

    def use(self, step: Step, ids: Iterable[bytes]) -> None:
        """Keep values in memory until `unuse`."""
        new = list(ids)
        step.used = [*(step.used or ()), *new]
        if new:
            self._cache.use(new)

    def unuse(self, step: Step) -> None:
        """Undo every `use`."""
        if step.used:
            self._cache.unuse(step.used)
        step.used = None

    def drop(self, step: Step) -> None:
        """Undo everything that is not undone yet."""
        if step.used is not None:
            self.unuse(step)
        if step.held is not None:
            self.let_go(step)
