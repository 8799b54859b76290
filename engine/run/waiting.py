"""Who waits for what: steps that cannot go on until others have come further."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.graph.keys import NOTHING
from engine.run.ready import rank_feeder
from engine.run.step import Stage, Step

if TYPE_CHECKING:
    from collections import deque
    from collections.abc import Collection, Iterable, Sequence

    from engine.cache.results import ResultsCache
    from engine.graph.model import Link
    from engine.run.grip import Grip
    from engine.run.lookup import Lookup
    from engine.run.publishing import Publisher
    from engine.run.step import Ask
    from engine.run.steps import Steps


class Waiting:
    """Makes steps and asks wait, and wakes them.

    Args:
        steps: The steps of the run.
        awake: Takes who can go on.
        cache: Keeps the values.
        grip: Keeps values for those who wait.
        lookup: Knows value ids.
        publisher: Knows what expanded steps stand for.
    """

    def __init__(
        self,
        steps: Steps,
        awake: deque[Step | Ask],
        cache: ResultsCache,
        grip: Grip,
        lookup: Lookup,
        publisher: Publisher,
    ) -> None:
        self._steps = steps
        self._awake = awake
        self._cache = cache
        self._grip = grip
        self._lookup = lookup
        self._publisher = publisher

    def for_records(self, waiter: Step | Ask, links: Collection[Link]) -> bool:
        """Wait for the value ids of links; False where they are all known."""
        known = self._lookup.known
        for link in links:
            if link.node not in known:
                source = self._steps[link.node]
                source.await_record(waiter, link.slot)
                waiter.waits += 1
                if isinstance(waiter, Step):
                    rank_feeder(source, waiter, self._steps)
        if not waiter.waits:
            return False
        self._grip.hold(
            waiter, [self._lookup.value_id(link) for link in links if link.node in known]
        )
        return True

    def for_values(self, waiter: Step | Ask, links: Iterable[Link]) -> bool:
        """Wait for the values of links; False where they are all there."""
        for link in links:
            value_id = self._lookup.value_id(link)
            self._grip.hold(waiter, (value_id,))
            if value_id != NOTHING and not self._cache.holds(value_id):
                source, slot = self._source(link)
                self.want_values(source)
                source.await_values(waiter, slot)
                waiter.waits += 1
        return waiter.waits > 0

    def for_twin(self, waiter: Step, leader: Step) -> None:
        """Wait for a step that does the same work."""
        leader.await_record(waiter, -1)
        waiter.waits += 1

    def want_values(self, step: Step) -> None:
        """Have a step's values computed again where they are no longer kept."""
        step.wanted = True
        if step.stage is Stage.DONE:
            step.stage = Stage.EXPANDED if step.expansion else Stage.OPEN
            self._awake.append(step)

    def wake(self, step: Step, ids: Sequence[bytes]) -> None:
        """Let those go on who waited for a step, and keep for them what it gives.

        Args:
            step: The step that is done.
            ids: The ids of its values by slot.
        """
        for waiter, slot in step.take_waiters():
            if 0 <= slot < len(ids):
                self._grip.hold(waiter, (ids[slot],))
            waiter.waits -= 1
            if waiter.waits == 0:
                self._awake.append(waiter)
        for curious in self._steps.curious.get(step.id, ()):
            # It may ask for its lazy input yet.
            if curious.stage is not Stage.DONE:
                self._grip.hold(curious, ids)

    def _source(self, link: Link) -> tuple[Step, int]:
        """Return the step that computes what a link carries, through expansions."""
        step = self._steps.of(link.node)
        while step.expansion:
            inner = self._publisher.alias(step, link.slot)
            if inner is None:
                break
            link, step = inner, self._steps.of(inner.node)
        return step, link.slot
