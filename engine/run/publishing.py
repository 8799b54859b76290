"""What a step gave becomes values with ids, and goes into the cache."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.cache.index import Record
from engine.cache.results import GONE
from engine.declare.spec import Blocker
from engine.graph.keys import NOTHING, slot_id
from engine.graph.model import Link
from engine.run.expansion import output_links
from engine.run.mapping import merged_ui, slot_lists

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from engine.cache.results import ResultsCache
    from engine.declare.spec import Returned
    from engine.run.lookup import Lookup
    from engine.run.step import Step


class Publisher:
    """Puts results into the cache.

    Args:
        cache: Takes them.
        lookup: Writes the records.
        hold: Makes the cache keep values for a step.

    Attributes:
        kept: What the targets gave in this run, by node id.
    """

    def __init__(
        self,
        cache: ResultsCache,
        lookup: Lookup,
        hold: Callable[[Step, Iterable[bytes]], None],
    ) -> None:
        self.kept: dict[str, tuple[list[Any], ...]] = {}
        self._cache = cache
        self._lookup = lookup
        self._hold = hold

    def publish(
        self, step: Step, returned: Sequence[Returned], seconds: float, *, keep: bool
    ) -> tuple[bytes, ...]:
        """Keep what the calls of a step gave; returns the value ids by slot.

        The cache holds the values for the step itself until it lets go of them.
        """
        slots = slot_lists(returned, step.facts)
        key = self._lookup.final_key(step)
        ids = tuple(
            [self._put(step, key, slot, items, seconds) for slot, items in enumerate(slots)]
        )
        self._lookup.write(step, Record(values=ids, seconds=seconds, ui=merged_ui(returned)))
        if keep:
            self.kept[step.id] = tuple(slots)
        return ids

    def publish_expansion(
        self, step: Step, value_id: Callable[[Link], bytes]
    ) -> tuple[bytes, ...] | None:
        """Keep what an expanded step gives, or return None where a value it copies is lost.

        The output of one call that is a link becomes the value behind the link itself. Outputs of
        several calls become one list, for which the values behind the links must be there.
        """
        key = self._lookup.final_key(step)
        ids: list[bytes] = []
        for slot, items in enumerate(slot_lists(step.expansion, step.facts)):
            alias = self.alias(step, slot)
            if alias is not None:
                ids.append(value_id(alias))
                continue
            copied = [self._behind(item, value_id) for item in items]
            if any(part is GONE for part in copied):
                return None
            flat = [item for part in copied for item in part]
            ids.append(self._put(step, key, slot, flat, 0.0))
        self._lookup.write(step, Record(values=tuple(ids), ui=merged_ui(step.expansion)))
        return tuple(ids)

    def values(self, node_id: str, ids: Iterable[bytes]) -> tuple[list[Any], ...]:
        """Return what a node gave.

        Args:
            node_id: The node.
            ids: Its value ids.

        Raises:
            KeyError: Its values are no longer kept.
        """
        kept = self.kept.get(node_id)
        if kept is not None:
            return kept
        lists = [[None] if one == NOTHING else self._cache.get(one) for one in ids]
        if any(items is GONE for items in lists):
            raise KeyError(node_id)
        return tuple(lists)

    def alias(self, step: Step, slot: int) -> Link | None:
        """Return the link that an output of an expanded step stands for, or None."""
        if len(step.expansion) != 1:
            return None
        outputs = step.expansion[0].outputs
        if isinstance(outputs, Blocker) or slot >= len(outputs):
            return None
        value = outputs[slot]
        return value if isinstance(value, Link) else None

    def copied_links(self, step: Step) -> list[Link]:
        """Return the links whose values an expanded step copies."""
        return list(output_links(step.expansion)) if len(step.expansion) > 1 else []

    def _behind(self, item: Any, value_id: Callable[[Link], bytes]) -> Any:
        if not isinstance(item, Link):
            return [item]
        source = value_id(item)
        return [None] if source == NOTHING else self._cache.get(source)

    def _put(self, step: Step, key: bytes, slot: int, items: list[Any], seconds: float) -> bytes:
        content, size = self._cache.identify(items)
        value_id = content or slot_id(key, slot)
        self._hold(step, (value_id,))
        self._cache.put(value_id, items, seconds, size)
        return value_id
