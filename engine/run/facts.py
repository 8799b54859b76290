"""What a run needs to know about a kind of node, asked once per run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.errors import InvalidWorkflowError, Problem
from engine.graph.keys import encode, nonce

if TYPE_CHECKING:
    from engine.declare.registry import Registry
    from engine.declare.spec import InputSpec, NodeType
    from engine.graph.model import Node


class Facts:
    """A kind of node, with its answers kept: third-party classes compute theirs each time.

    Args:
        kind: The kind of node.
    """

    __slots__ = (
        "_inputs",
        "header",
        "identity",
        "is_output",
        "kind",
        "lane",
        "list_slots",
        "names_files",
        "reads_graph",
        "takes_lists",
    )

    def __init__(self, kind: NodeType) -> None:
        spec = kind.spec
        self.kind = kind
        self.lane = spec.lane
        self.is_output = spec.is_output
        self.takes_lists = spec.takes_lists
        self.list_slots = tuple(output.is_list for output in spec.outputs)
        self.identity = spec.keeps_identity or any(
            declared.section == "hidden" and declared.type == "UNIQUE_ID"
            for declared in spec.inputs
        )
        self.reads_graph = any(
            declared.section == "hidden" and declared.type == "DYNPROMPT"
            for declared in spec.inputs
        )
        self.names_files = any(declared.folder is not None for declared in spec.inputs)
        self.header = encode([spec.id, kind.code], _nothing_is_opaque)
        self._inputs: dict[str, InputSpec | None] = {}

    def input(self, name: str) -> InputSpec | None:
        """Return the declaration of one input, dynamic ones included, or None."""
        try:
            return self._inputs[name]
        except KeyError:
            declared = self._inputs[name] = self.kind.input(name)
            return declared


class Catalogue:
    """The facts of all kinds that a run meets.

    Args:
        registry: Knows the kinds of nodes.
    """

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._facts: dict[str, Facts] = {}

    def of(self, node: Node) -> Facts:
        """Return the facts of a node's kind.

        Raises:
            InvalidWorkflowError: There is no such kind.
        """
        facts = self._facts.get(node.type)
        if facts is None:
            kind = self._registry.get(node.type)
            if kind is None:
                raise _unknown(node, self._registry.nearest(node.type))
            facts = self._facts[node.type] = Facts(kind)
        return facts


def _nothing_is_opaque(value: Any) -> bytes:
    del value
    return nonce()


def _unknown(node: Node, nearest: str | None) -> InvalidWorkflowError:
    problem = Problem(
        kind="invalid_prompt",
        message="there is no such kind of node",
        node=node.id,
        title=node.title,
        got=node.type,
        nearest=nearest,
    )
    return InvalidWorkflowError((problem,))
