"""The steps of a run, made when they are needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.run.step import Stage, Step
from engine.run.survey import Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.graph.model import Node
    from engine.run.facts import Catalogue


class Steps(dict[str, Step]):
    """Steps by node id.

    Args:
        nodes: The nodes as they stand.
        catalogue: The facts of their kinds.

    Attributes:
        curious: For each node the steps that have a lazy link to it.
    """

    def __init__(self, nodes: Mapping[str, Node], catalogue: Catalogue) -> None:
        super().__init__()
        self.curious: dict[str, list[Step]] = {}
        self._nodes = nodes
        self._catalogue = catalogue

    def make(self, node_id: str, unknown: Unknown) -> Step:
        """Add the step of a node about which nothing is known."""
        node = self._nodes[node_id]
        step = self[node_id] = Step(node, self._catalogue.of(node), unknown)
        for link in step.lazy.values():
            self.curious.setdefault(link.node, []).append(step)
        return step

    def of(self, node_id: str) -> Step:
        """Return the step of a node, made now where the node was known without one."""
        step = self.get(node_id)
        if step is None:
            step = self.make(node_id, Unknown())
            step.stage = Stage.DONE
        return step
