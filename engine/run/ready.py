"""Which of the nodes that could run goes first."""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.run.step import Step

_RANKS = 4
_FEEDS = 2


class ReadyQueue:
    """Steps that could run, in the order of choice that node packs know from ComfyUI.

    First what shows something or is async, then what feeds such a step directly, then what feeds
    one that does, then the rest; among equals the one that was come across first on the way up
    from the targets. Steps of the io lane wait apart, since they do not compete for the device.
    """

    def __init__(self) -> None:
        self._fresh: list[Step] = []
        self._by_rank: tuple[list[_Place], ...] = tuple([] for _ in range(_RANKS))
        self._aside: list[_Place] = []

    def push(self, step: Step) -> None:
        """Add a step. Its rank is read when the next one is chosen, when it is final."""
        self._fresh.append(step)

    def pop_beside(self) -> Step | None:
        """Take a step that runs beside the device, or None."""
        self._sort()
        return heappop(self._aside)[-1] if self._aside else None

    def pop(self) -> Step | None:
        """Take the step that the device runs next, or None."""
        self._sort()
        for steps in self._by_rank:
            if steps:
                return heappop(steps)[-1]
        return None

    def _sort(self) -> None:
        for step in self._fresh:
            aside = step.facts.lane != "device"
            heappush(self._aside if aside else self._by_rank[step.rank - 1], _place(step))
        self._fresh.clear()


_Place = tuple[int, str, "Step"]


def _place(step: Step) -> _Place:
    """Return a step with what it is sorted by; revived ones share the number 0."""
    return step.number, step.id, step


def rank_feeder(source: Step, consumer: Step, steps: Mapping[str, Step]) -> None:
    """Note that a step waits for another, which makes that one and what feeds it more urgent.

    Args:
        source: The step that is waited for.
        consumer: The step that waits.
        steps: All steps by node id.
    """
    if consumer.facts.is_output and source.rank > _FEEDS:
        source.rank = _FEEDS
        for link in source.links.values():
            feeder = steps.get(link.node)
            if feeder is not None:
                feeder.rank = min(feeder.rank, _FEEDS + 1)
