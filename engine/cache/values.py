"""What the cache knows about values, by type."""

from __future__ import annotations

from typing import Any, TypeVar

C = TypeVar("C", bound=type[Any])

_HANDLES: dict[str, type[Any]] = {}


def handle(cls: C) -> C:
    """Register a frozen dataclass as a value that hashes by its fields and persists as JSON.

    Fields with `compare=False` do not enter the hash. Usable as a decorator.
    """
    _HANDLES[f"{cls.__module__}.{cls.__qualname__}"] = cls
    return cls
