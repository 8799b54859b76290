"""What V1 classes return, brought into one shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from engine.comfy.graph_utils import is_link
from engine.declare.spec import Blocker, Returned
from engine.errors import LoomError
from engine.graph.model import Link, Node, Subgraph


def read_returned(value: Any, slots: int) -> Returned:
    """Return what the method of a V1 class gave.

    Args:
        value: A tuple or list of outputs, a blocker, or a dict with `result`, `ui` and `expand`.
        slots: How many outputs the class declares. Outputs too many are dropped; one too few
            blocks what uses it.

    Raises:
        LoomError: It is none of these.
    """
    if not isinstance(value, Mapping):
        return Returned(outputs=_outputs(value, slots, expanded=False))
    given = cast("Mapping[str, Any]", value)
    shown = cast("Mapping[str, list[Any]]", given.get("ui") or {})
    fragment = given.get("expand")
    outputs = _outputs(given.get("result", ()), slots, expanded=fragment is not None)
    expand = None if fragment is None else Subgraph(nodes=_nodes(fragment))
    ui = {name: list(some) for name, some in shown.items()}
    return Returned(outputs=outputs, ui=ui, expand=expand)


def _outputs(result: Any, slots: int, *, expanded: bool) -> tuple[Any, ...] | Blocker:
    if isinstance(result, Blocker):
        return result
    if not isinstance(result, tuple | list):
        raise LoomError(
            f"the node returned {type(result).__name__} where a tuple of its outputs is expected"
        )
    values = tuple(cast("list[Any]", result)[:slots])
    if expanded:
        values = tuple(_link(value) for value in values)
    absent = Blocker("the node gave no value for this output")
    return values + (absent,) * (slots - len(values))


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
