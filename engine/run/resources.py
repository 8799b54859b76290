"""Objects that live as long as the worker, such as the weights that are on the device."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Resources:
    """Objects by name. Safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._objects: dict[str, Any] = {}

    def get(self, name: str, make: Callable[[], T]) -> T:
        """Return the object of this name, made at the first call."""
        with self._lock:
            if name not in self._objects:
                self._objects[name] = make()
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
