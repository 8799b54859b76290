"""The results cache: what nodes gave, by key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.cache.budgets import Budgets

if TYPE_CHECKING:
    from pathlib import Path


class ResultsCache:
    """Keeps what nodes gave.

    Args:
        budgets: Bytes for each tier.
        folder: Where the disk tier lives; None keeps results in memory only.
    """

    def __init__(self, budgets: Budgets | None = None, *, folder: Path | None = None) -> None:
        self._budgets = budgets or Budgets()
        self._folder = folder
        self._results: dict[Any, Any] = {}

    def get(self, key: Any) -> Any:
        """Return what is kept under a key, or None."""
        return self._results.get(key)

    def put(self, key: Any, value: Any) -> None:
        """Keep a value."""
        self._results[key] = value

    def clear(self) -> None:
        """Forget everything."""
        self._results.clear()
