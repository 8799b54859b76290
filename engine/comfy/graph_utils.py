"""ComfyUI's `comfy_execution.graph_utils`: building graphs as API JSON, in its own words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from engine.comfy.executing import get_executing_context
from engine.declare.spec import Blocker

if TYPE_CHECKING:
    from collections.abc import Mapping

ExecutionBlocker = Blocker


def is_link(value: object) -> bool:
    """Tell whether a value of API JSON is a link: a list of a node id and a slot."""
    match value:
        case [str(), int() | float()]:
            return isinstance(value, list)
        case _:
            return False


class Node:
    """A node of a graph that is being built.

    Args:
        id: Its id in the run.
        class_type: The kind of node.
        inputs: Links and constants.
    """

    def __init__(self, id: str, class_type: str, inputs: dict[str, Any]) -> None:  # noqa: A002
        self.id = id
        self.class_type = class_type
        self.inputs = inputs
        self.override_display_id: str | None = None

    def out(self, index: int) -> list[Any]:
        """Return the link to one of the outputs."""
        return [self.id, index]

    def set_input(self, key: str, value: Any) -> None:
        """Set an input; None removes it."""
        if value is None:
            self.inputs.pop(key, None)
        else:
            self.inputs[key] = value

    def get_input(self, key: str) -> Any:
        """Return an input, or None."""
        return self.inputs.get(key)

    def set_override_display_id(self, override_display_id: str) -> None:
        """Name the node of the user's file that stands for this one."""
        self.override_display_id = override_display_id

    def serialize(self) -> dict[str, Any]:
        """Return the node as API JSON."""
        written: dict[str, Any] = {"class_type": self.class_type, "inputs": self.inputs}
        if self.override_display_id is not None:
            written["override_display_id"] = self.override_display_id
        return written


class GraphBuilder:
    """Collects nodes that a node wants to be run in its place.

    Args:
        prefix: Start of all ids; made from the running node when left out.
    """

    def __init__(self, prefix: str | None = None) -> None:
        self.prefix = _own_prefix() if prefix is None else prefix
        self.nodes: dict[str, Node] = {}
        self.id_gen = 1

    @classmethod
    def set_default_prefix(
        cls, prefix_root: str, call_index: int | None, graph_index: int = 0
    ) -> None:
        """Do nothing: ids come from the call that runs."""

    @classmethod
    def alloc_prefix(
        cls,
        root: str | None = None,
        call_index: int | None = None,
        graph_index: int | None = None,
    ) -> str:
        """Return the start of ids for one more graph of the call that runs.

        Args:
            root: The node, where it is another.
            call_index: The item, where it is another.
            graph_index: Which graph, where it is another.
        """
        parts = _own_prefix().split(".") if root is None else [root, "0", "0", ""]
        if call_index is not None:
            parts[-3] = str(call_index)
        if graph_index is not None:
            parts[-2] = str(graph_index)
        return ".".join(parts)

    def node(self, class_type: str, id: str | None = None, **kwargs: Any) -> Node:  # noqa: A002
        """Add a node, or return the one that has the id already."""
        name = str(self.id_gen) if id is None else id
        self.id_gen += id is None
        full = self.prefix + name
        if full not in self.nodes:
            self.nodes[full] = Node(full, class_type, kwargs)
        return self.nodes[full]

    def lookup_node(self, id: str) -> Node | None:  # noqa: A002
        """Return the node that was added under an id."""
        return self.nodes.get(self.prefix + id)

    def replace_node_output(self, node_id: str, index: int, new_value: Any) -> None:
        """Put a value, or nothing if it is None, in the place of all links to one output."""
        old = [self.prefix + node_id, index]
        for node in self.nodes.values():
            for key in [key for key, value in node.inputs.items() if value == old]:
                node.set_input(key, new_value)

    def remove_node(self, id: str) -> None:  # noqa: A002
        """Take a node out again."""
        del self.nodes[self.prefix + id]

    def finalize(self) -> dict[str, Any]:
        """Return the graph as API JSON."""
        return {node.id: node.serialize() for node in self.nodes.values()}


def add_graph_prefix(
    graph: Mapping[str, Mapping[str, Any]], outputs: tuple[Any, ...], prefix: str
) -> tuple[dict[str, Any], tuple[Any, ...]]:
    """Return a graph and links into it with a prefix before all ids."""

    def prefixed(value: Any) -> Any:
        return [prefix + str(value[0]), value[1]] if is_link(value) else value

    renamed: dict[str, Any] = {}
    for node_id, node in graph.items():
        inputs = cast("Mapping[str, Any]", node.get("inputs", {}))
        values = {name: prefixed(value) for name, value in inputs.items()}
        renamed[prefix + node_id] = {**node, "inputs": values}
    return renamed, tuple(prefixed(output) for output in outputs)


def _own_prefix() -> str:
    call = get_executing_context()
    if call is None:
        raise RuntimeError("outside of a node's call, GraphBuilder needs a prefix")
    return f"{call.node_id}.{call.list_index}.{next(call.graphs)}."
