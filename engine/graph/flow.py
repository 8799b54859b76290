"""A graph written in Python: nodes are called like functions, and their outputs are indexed.

    flow = Flow()
    checkpoint = flow.CheckpointLoaderSimple(ckpt_name="starter.safetensors")
    positive = flow.CLIPTextEncode(clip=checkpoint[1], text="a red apple")
    ...
    graph = flow.graph()

`loom nodes --stubs` writes what editors need to complete and check all of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from engine.errors import WorkflowFormatError
from engine.graph.json_text import check_json
from engine.graph.model import BrokenLink, Graph, Link, Node

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


@dataclass(frozen=True)
class Step:
    """A node of a flow; `step[0]` is its first output.

    Attributes:
        id: The node's id.
    """

    id: str

    def __getitem__(self, slot: int) -> Link:
        """Return an output, for the inputs of other nodes."""
        return Link(self.id, slot)

    # An index without end would make endless iteration of what looks like unpacking.
    __iter__ = None


class Flow:
    """Builds a graph node by node. Each kind of node is a method: `flow.KSampler(...)`."""

    def __init__(self) -> None:
        self._nodes: dict[str, Node] = {}

    def __getattr__(self, name: str) -> Callable[..., Step]:
        if name.startswith("_"):
            raise AttributeError(name)

        def place(id_: str | None = None, title_: str | None = None, /, **inputs: Any) -> Step:
            return self.node(name, id_, title_, **inputs)

        return place

    def node(
        self, type_: str, id_: str | None = None, title_: str | None = None, /, **inputs: Any
    ) -> Step:
        """Add a node of any kind, also one whose name is no Python name.

        Args:
            type_: The kind of node.
            id_: The next free number when left out.
            title_: What to call it in messages.
            inputs: Outputs of other nodes, or constants. A node stands for its first output.

        Raises:
            WorkflowFormatError: The id is taken, or an input is no value that JSON has.
        """
        if id_ is None:
            number = len(self._nodes) + 1
            while str(number) in self._nodes:
                number += 1
            id_ = str(number)
        if id_ in self._nodes:
            raise WorkflowFormatError(f"two nodes have the id {id_!r}")
        given = {name: _value(value, id_, name) for name, value in inputs.items()}
        self._nodes[id_] = Node(id=id_, type=type_, inputs=given, title=title_)
        return Step(id_)

    def link(self, id_: str, slot: int = 0) -> Link:
        """Return an output of a node by its id, also of one that is added later or never."""
        return Link(id_, slot)

    def broken(self, value: list[Any]) -> BrokenLink:
        """Return a list that a file has where only a link may stand."""
        return BrokenLink(value)

    def keep(
        self, id_: str, *, is_changed: Any = None, extra: Mapping[str, Any] | None = None
    ) -> None:
        """Note what else a file says about a node.

        Args:
            id_: The node.
            is_changed: ComfyUI's recorded fingerprint.
            extra: Further keys of the node's object.
        """
        node = self._nodes[id_]
        self._nodes[id_] = replace(node, is_changed=is_changed, extra=dict(extra or {}))

    def graph(self, *, order: Iterable[str] | None = None) -> Graph:
        """Return the graph.

        Args:
            order: All ids, where the nodes shall stand in another order than they were added in.

        Raises:
            WorkflowFormatError: The order does not name each node once.
        """
        if order is None:
            return Graph(dict(self._nodes))
        ids = list(order)
        if len(ids) != len(self._nodes) or set(ids) != set(self._nodes):
            raise WorkflowFormatError("the order does not name each node once")
        return Graph({id_: self._nodes[id_] for id_ in ids})


def _value(value: Any, id_: str, name: str) -> Any:
    if isinstance(value, Step):
        return value[0]
    if isinstance(value, Link | BrokenLink):
        return value
    if isinstance(value, tuple):
        value = list(cast("tuple[Any, ...]", value))
    check_json(value, f"node {id_}, input {name!r}")
    return value
