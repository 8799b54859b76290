"""Nodes that return nodes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engine.declare.spec import Blocker
from engine.errors import InputError
from engine.graph.model import Link, Subgraph

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence

    from engine.declare.spec import Returned
    from engine.graph.model import Node


def is_expanded(returned: Iterable[Returned]) -> bool:
    """Tell whether a call returned nodes to be run in its place."""
    return any(one.expand is not None for one in returned)


def added_nodes(returned: Iterable[Returned], known: Container[str]) -> dict[str, Node]:
    """Return the nodes that all calls of a step add to the run.

    Raises:
        InputError: An id is taken.
    """
    added: dict[str, Node] = {}
    for one in returned:
        for node_id, node in one.expand.nodes.items() if one.expand is not None else ():
            if node_id in known or node_id in added:
                raise InputError(
                    "an expansion brings a node whose id is taken",
                    expected="ids that are new to the run; GraphBuilder makes such ids",
                    got=node_id,
                )
            added[node_id] = node
    return added


def apart(returned: Iterable[Returned]) -> list[Returned]:
    """Return what the calls of one step returned, with new ids where two calls chose the same.

    A node that is called once for each item of a list builds the same graph each time.
    """
    seen: set[str] = set()
    result: list[Returned] = []
    for index, one in enumerate(returned):
        if one.expand is not None:
            if not seen.isdisjoint(one.expand.nodes):
                one = _renamed(one, one.expand, f"~{index}")  # noqa: PLW2901 - the same thing
            seen |= set(one.expand.nodes if one.expand is not None else ())
        result.append(one)
    return result


def output_links(returned: Sequence[Returned]) -> Iterator[Link]:
    """Yield the links among the outputs of all calls."""
    for one in returned:
        if not isinstance(one.outputs, Blocker):
            yield from (value for value in one.outputs if isinstance(value, Link))


def _renamed(returned: Returned, expand: Subgraph, suffix: str) -> Returned:
    def moved(value: Any) -> Any:
        inside = isinstance(value, Link) and value.node in expand.nodes
        return Link(value.node + suffix, value.slot) if inside else value

    nodes: dict[str, Node] = {}
    for node in expand.nodes.values():
        inputs = {name: moved(value) for name, value in node.inputs.items()}
        nodes[node.id + suffix] = replace(node, id=node.id + suffix, inputs=inputs)
    outputs = returned.outputs
    if not isinstance(outputs, Blocker):
        outputs = tuple(moved(value) for value in outputs)
    return replace(returned, outputs=outputs, expand=Subgraph(nodes, outputs=expand.outputs))
