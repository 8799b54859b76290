"""What V1 classes return, brought into one shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from engine.comfy.graph_utils import is_link
from engine.declare.spec import Blocker, Returned
from engine.graph.model import Link, Node, Subgraph


def read_returned(value: Any, most: int | None = None) -> Returned:
    """Return what the method of a V1 class gave.

    Args:
        value: A tuple or list of outputs, a blocker, or a dict with `result`, `ui` and `expand`.
        most: Outputs beyond so many are dropped; None keeps them all. Those that are left out are
            None to what is linked to them.

    Raises:
        TypeError: It is none of these.
    """
    if not isinstance(value, Mapping):
        return Returned(outputs=_outputs(value, most, expanded=False))
    given = cast("Mapping[str, Any]", value)
    shown = cast("Mapping[str, list[Any]]", given.get("ui") or {})
    fragment = given.get("expand")
    outputs = _outputs(given.get("result", ()), most, expanded=fragment is not None)
    expand = None if fragment is None else Subgraph(nodes=_nodes(fragment))
    ui = {name: list(some) for name, some in shown.items()}
    return Returned(outputs=outputs, ui=ui, expand=expand)


def _outputs(result: Any, most: int | None, *, expanded: bool) -> tuple[Any, ...] | Blocker:
    if isinstance(result, Blocker):
        return result
    if not isinstance(result, tuple | list):
        raise TypeError(
            f"the node returned {type(result).__name__} where a tuple of its outputs is expected"
        )
    values = tuple(cast("list[Any]", result)[:most])
    return tuple(_link(value) for value in values) if expanded else values


def _nodes(fragment: Mapping[str, Mapping[str, Any]]) -> dict[str, Node]:
    return {node_id: _node(node_id, node) for node_id, node in fragment.items()}


def _node(node_id: str, node: Mapping[str, Any]) -> Node:
    return Node(
        id=node_id,
        type=node["class_type"],
        inputs={name: _link(value) for name, value in node.get("inputs", {}).items()},
        display_id=node.get("override_display_id"),
    )


def _link(value: Any) -> Any:
    return Link(value[0], int(value[1])) if is_link(value) else value
