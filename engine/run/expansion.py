"""Nodes that return nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.declare.spec import Blocker
from engine.errors import InputError
from engine.graph.model import Link

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


def output_links(returned: Sequence[Returned]) -> Iterator[Link]:
    """Yield the links among the outputs of all calls."""
    for one in returned:
        if not isinstance(one.outputs, Blocker):
            yield from (value for value in one.outputs if isinstance(value, Link))
