"""Which results outlive the run that made them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Collection

CachePolicy = Literal["auto", "classic", "lru", "none", "ram"]


@dataclass(frozen=True, kw_only=True)
class Policy:
    """What outlives a run, as far as the budgets have room; ComfyUI's words.

    Attributes:
        kind: `auto` and `ram` keep what is worth most; `classic` keeps what the last run had a use
            for; `lru` keeps that, and older results up to a number, the most recent first; `none`
            keeps nothing, and during a run only what some node still waits for.
        entries: How many nodes' results `lru` keeps.
    """

    kind: CachePolicy = "auto"
    entries: int = 0

    @property
    def counts_runs(self) -> bool:
        """What is kept depends on which run used it last."""
        return self.kind in {"classic", "lru"}


class Retention:
    """Notes which keys each run uses and tells which are to be forgotten.

    Args:
        policy: What outlives a run.
    """

    def __init__(self, policy: Policy) -> None:
        self._entries = policy.entries if policy.kind == "lru" else 0
        self._last_use: dict[bytes, int] = {}
        self._run = 0

    def note(self, key: bytes) -> None:
        """A run uses a key."""
        # The newest stands last, so that the order is that of the last use.
        self._last_use.pop(key, None)
        self._last_use[key] = self._run

    def end_run(self) -> Collection[bytes]:
        """Return the keys that are to be forgotten now that a run is over.

        Like ComfyUI, results of the same run leave together, and those of the last run stay even
        where they are more than the number that is kept.
        """
        leaving: list[bytes] = []
        oldest = self._run
        for key, run in self._last_use.items():
            if run == self._run:
                break
            if run != oldest and len(self._last_use) - len(leaving) <= self._entries:
                break
            leaving.append(key)
            oldest = run
        for key in leaving:
            del self._last_use[key]
        self._run += 1
        return leaving
