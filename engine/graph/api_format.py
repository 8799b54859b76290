"""ComfyUI's API format: a JSON object of nodes by id, each with its `class_type` and `inputs`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from engine.graph.json_text import mapping, refuse
from engine.graph.model import BrokenLink, Graph, Link, Node

MAX_NODES = 100_000
"""Most nodes of one graph, expanded subgraphs included."""
_LINK_LENGTH = 2
_META = "_meta"
_WRAPPER = "__value__"
_KNOWN = {"class_type", "inputs", "is_changed", _META}
_USUAL = {"class_type", "inputs"}
_SCALARS = frozenset({str, int, float, bool, type(None)})
_NO_EXTRA: Mapping[str, Any] = {}


def is_api_format(data: Any) -> bool:
    """Tell whether a JSON value is an API graph: an object whose values all have `class_type`."""
    if not isinstance(data, Mapping) or not data:
        return False
    values = cast("Mapping[str, Any]", data).values()
    return all(isinstance(value, dict) and "class_type" in value for value in values)


def has_api_nodes(data: Any) -> bool:
    """Tell whether at least one value of an object is an API node, so that it means to be API."""
    return any("class_type" in mapping(value) for value in mapping(data).values())


def read_api(data: Mapping[str, Any]) -> Graph:
    """Return the graph that API JSON describes; `write_api` gives the same JSON back.

    Args:
        data: Nodes by id. Lists in `inputs` are links `[id, slot]`; lists that are constants are
            wrapped as `{"__value__": [...]}`.

    Raises:
        WorkflowFormatError: A node is not an object, or has no `class_type`, or `inputs` is none.
    """
    if len(data) > MAX_NODES:
        refuse(f"the workflow has {len(data)} nodes; at most {MAX_NODES} are read")
    return Graph({id_: read_node(id_, node) for id_, node in data.items()})


def write_api(graph: Graph) -> dict[str, Any]:
    """Return a graph as API JSON."""
    return {node.id: write_node(node) for node in graph.nodes.values()}


def read_node(id_: str, data: Any) -> Node:
    """Return one node of API JSON.

    Args:
        id_: The key of the node.
        data: Its object.

    Raises:
        WorkflowFormatError: The object is malformed.
    """
    if not isinstance(data, dict):
        refuse(f"node {id_} is not an object but {_kind(data)}")
    given = cast("dict[str, Any]", data)
    type_ = given.get("class_type")
    if not isinstance(type_, str):
        refuse(f"node {id_} has no class_type, so nobody knows what kind of node it is")
    inputs = given.get("inputs", {})
    if not isinstance(inputs, dict):
        refuse(f'node {id_} ({type_}): "inputs" is not an object but {_kind(inputs)}')
    # Graphs of thousands of nodes are read before every job: what is usual is told apart quickly.
    title, extra = (None, _NO_EXTRA) if given.keys() <= _USUAL else _title_and_extra(given)
    named = cast("dict[str, Any]", inputs)
    return Node(
        id=id_,
        type=type_,
        inputs={
            name: value if type(value) in _SCALARS else read_value(value)
            for name, value in named.items()
        },
        title=title,
        is_changed=given.get("is_changed"),
        extra=extra,
    )


def write_node(node: Node) -> dict[str, Any]:
    """Return one node as API JSON."""
    written: dict[str, Any] = {
        "inputs": {name: write_value(value) for name, value in node.inputs.items()},
        "class_type": node.type,
    }
    extra = dict(node.extra)
    meta = extra.pop(_META, None)
    if node.title is not None:
        written[_META] = {"title": node.title, **(meta or {})}
    elif meta is not None:
        written[_META] = meta
    if node.is_changed is not None:
        written["is_changed"] = node.is_changed
    return written | extra


def read_value(value: Any) -> Any:
    """Return what stands in `inputs` as a link, a broken link, or a constant."""
    if isinstance(value, list):
        return _link(cast("list[Any]", value))
    wrapped = mapping(value)
    if len(wrapped) == 1 and isinstance(wrapped.get(_WRAPPER), list):
        return wrapped[_WRAPPER]
    return value


def write_value(value: Any) -> Any:
    """Return a link, broken link or constant as it stands in `inputs`."""
    if isinstance(value, Link):
        return [value.node, value.slot]
    if isinstance(value, BrokenLink):
        return value.value
    if isinstance(value, list | tuple):
        return {_WRAPPER: list(cast("list[Any]", value))}
    return value


def _link(value: list[Any]) -> Link | BrokenLink:
    if len(value) == _LINK_LENGTH:
        node, slot = value
        if type(node) is str and type(slot) is int:
            return Link(node, slot)
        if isinstance(slot, float) and slot.is_integer():
            slot = int(slot)
        if isinstance(node, str) and isinstance(slot, int) and not isinstance(slot, bool):
            return Link(node, slot)
    return BrokenLink(value)


def _title_and_extra(given: dict[str, Any]) -> tuple[str | None, dict[str, Any]]:
    extra = {key: value for key, value in given.items() if key not in _KNOWN}
    meta = given.get(_META)
    if isinstance(meta, dict):
        named = cast("dict[str, Any]", meta)
        title = named.get("title")
        if isinstance(title, str):
            rest = {key: value for key, value in named.items() if key != "title"}
            return title, extra | {_META: rest} if rest else extra
    return None, extra if _META not in given else extra | {_META: meta}


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false"}
    return names.get(cast("type[Any]", type(value)), "null" if value is None else "a number")
