"""Where a node stands among the user's nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.graph.model import Node


class Place(NamedTuple):
    """A node of a run, and what stands for it in the user's file.

    The names are those of the fields of events.

    Attributes:
        node: Its id, dotted inside expansions.
        display_node: The node that the editor marks in its place.
        parent_node: The node whose expansion brought it; None for one of the file.
        real_node: The node of the file from which the expansions started, or `node` itself.
    """

    node: str
    display_node: str
    parent_node: str | None
    real_node: str


class Places:
    """The places of the nodes that expansions bring; all others stand for themselves."""

    def __init__(self) -> None:
        self._brought: dict[str, Place] = {}

    def of(self, node_id: str) -> Place:
        """Return the place of a node."""
        return self._brought.get(node_id) or Place(node_id, node_id, None, node_id)

    def bring(self, parent_id: str, nodes: Iterable[Node]) -> None:
        """Note that the expansion of a node brings others.

        A node may name another that the editor marks; that one may be part of an expansion too.
        """
        parent = self.of(parent_id)
        for node in nodes:
            display = parent.display_node
            if node.display_id is not None:
                display = self.of(node.display_id).display_node
            self._brought[node.id] = Place(node.id, display, parent_id, parent.real_node)
