"""What is executed: a graph of nodes and links, frozen, whatever file it came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import networkx as nx


@dataclass(frozen=True, slots=True)
class Link:
    """The place that an input takes its value from.

    Attributes:
        node: Id of the source node.
        slot: Index of its output, from 0.
    """

    node: str
    slot: int


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """A list that a file has where only a link may stand, kept so that validation can name it.

    Constants that are lists are written `{"__value__": [...]}` in files and are plain lists here.

    Attributes:
        value: The list as it was read.
    """

    value: list[Any]


@dataclass(frozen=True, slots=True)
class Node:
    """One node of a graph.

    Attributes:
        id: Any text, unique within the graph.
        type: The kind of node (`class_type`).
        inputs: A link, a broken link, or a constant JSON value, by input name.
        title: What the user calls it, for messages only.
        is_changed: ComfyUI's recorded fingerprint, used in place of asking the node.
        display_id: The node of the user's file that stands for this one in an expansion.
        extra: What else the file says about the node; kept for writing, never looked at.
    """

    id: str
    type: str
    inputs: Mapping[str, Any] = field(default_factory=dict[str, Any])
    title: str | None = None
    is_changed: Any = None
    display_id: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def links(self) -> list[tuple[str, Link]]:
        """Return the linked inputs with their links."""
        return [(name, value) for name, value in self.inputs.items() if type(value) is Link]


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes by id, in the order of the file.

    Links may dangle and may form cycles: validation says so, the model does not forbid it.
    """

    nodes: Mapping[str, Node]

    def view(self) -> nx.MultiDiGraph[str]:
        """Return the graph as networkx sees it: an edge from source to target for each link."""
        import networkx as nx  # takes longer to load than most graphs take to run

        view: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        view.add_nodes_from(self.nodes)
        for node in self.nodes.values():
            for name, link in node.links():
                if link.node in self.nodes:
                    view.add_edge(link.node, node.id, key=name, slot=link.slot)
        return view


@dataclass(frozen=True, slots=True)
class Subgraph:
    """Nodes that a node returns to be run in its place.

    Attributes:
        nodes: By id; ids must be new to the run. `engine.GraphBuilder` makes such ids.
        outputs: What the returning node gives: a value, or a link into `nodes`, for each slot.
    """

    nodes: Mapping[str, Node]
    outputs: tuple[Any, ...] = ()
