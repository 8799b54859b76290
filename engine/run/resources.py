"""Objects that live as long as the worker, such as the weights that are on the device."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.cache.results import ResultsCache

T = TypeVar("T")


class Resources:
    """Objects by name. Safe to use from many threads.

    An object that has a method `share_memory` is given the results cache with it, once, so that
    both can draw on one budget.

    Args:
        results: The results cache.
    """

    def __init__(self, results: ResultsCache) -> None:
        self._results = results
        self._lock = threading.RLock()
        self._objects: dict[str, Any] = {}

    def get(self, name: str, make: Callable[[], T]) -> T:
        """Return the object of this name, made at the first call."""
        with self._lock:
            if name not in self._objects:
                made: Any = make()
                share = getattr(made, "share_memory", None)
                if callable(share):
                    share(self._results)
                self._objects[name] = made
            return cast("T", self._objects[name])

    def release(self) -> int:
        """Ask every object that has a `release` method to give up memory.

        Returns how many were asked. The objects stay; they load again what they need.
        """
        with self._lock:
            able = [
                one for one in self._objects.values() if callable(getattr(one, "release", None))
            ]
        for one in able:
            one.release()
        return len(able)
