"""Nodes that return nodes: making their ids and links."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine.graph.model import Link, Node, Subgraph

if TYPE_CHECKING:
    from engine.declare.context import Context


@dataclass(frozen=True)
class BuiltNode:
    """A node of a graph that is being built.

    Attributes:
        id: The id it will have in the run.
        type: The kind of node.
        inputs: Links and constants by input name; may still be changed.
        display_id: The node of the user's file that stands for it; the returning node if None.
    """

    id: str
    type: str
    inputs: dict[str, Any] = field(default_factory=dict[str, Any])
    display_id: str | None = None

    def out(self, slot: int = 0) -> Link:
        """Return the link to one of its outputs."""
        return Link(self.id, slot)


class GraphBuilder:
    """Collects the nodes that a node wants to be run in its place.

    Args:
        context: Of the node; ids start with its id, so that they are new to the run.
    """

    def __init__(self, context: Context) -> None:
        self._prefix = f"{context.node_id}."
        self._nodes: dict[str, BuiltNode] = {}

    def node(
        self,
        type: str,  # noqa: A002 - the word of the field
        name: str | None = None,
        /,
        *,
        display_id: str | None = None,
        **inputs: Any,
    ) -> BuiltNode:
        """Add a node.

        Args:
            type: The kind of node.
            name: Its id within this graph; counted from 1 when left out.
            display_id: The node of the user's file that stands for it.
            **inputs: Constants, and links made by `out`. Lists are constants, never links.

        Raises:
            ValueError: The name is taken.
        """
        name = name if name is not None else str(len(self._nodes) + 1)
        if name in self._nodes:
            raise ValueError(f"there is a node {name!r} already")
        built = BuiltNode(self._prefix + name, type, inputs, display_id)
        self._nodes[name] = built
        return built

    def subgraph(self, *outputs: Any) -> Subgraph:
        """Return what the node function returns.

        Args:
            *outputs: A value, or a link made by `out`, for each output of the returning node.
        """
        nodes = {
            built.id: Node(
                id=built.id, type=built.type, inputs=dict(built.inputs), display_id=built.display_id
            )
            for built in self._nodes.values()
        }
        return Subgraph(nodes=nodes, outputs=outputs)
