"""ComfyUI's UI format, 0.4 and 1: what the editor saves, read into views and kept whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from engine.graph.api_format import MAX_NODES
from engine.graph.canvas import (
    Canvas,
    CanvasGraph,
    CanvasInput,
    CanvasLink,
    CanvasNode,
    CanvasOutput,
    Definition,
    Port,
)
from engine.graph.json_text import refuse

if TYPE_CHECKING:
    from collections.abc import Iterator


def is_ui_format(data: Any) -> bool:
    """Tell whether a JSON value is a canvas: an object with a list of `nodes`."""
    return isinstance(data, Mapping) and isinstance(
        cast("Mapping[str, Any]", data).get("nodes"), list
    )


def read_ui(data: Mapping[str, Any]) -> Canvas:
    """Return the canvas that UI JSON describes; `write_ui` gives the same JSON back.

    Args:
        data: Format 0.4 (links as arrays) or 1 (links as objects).

    Raises:
        WorkflowFormatError: A part that decides what runs is malformed.
    """
    definitions: dict[str, Definition] = {}
    for raw in _definitions(data):
        definition = _read_definition(raw)
        definitions[definition.id] = definition
    extra = _object(data.get("extra"), "extra")
    return Canvas(
        sheet=read_sheet(data, "the canvas"),
        definitions=definitions,
        groups=_object(extra.get("groupNodes"), "extra.groupNodes"),
        raw=data,
    )


def write_ui(canvas: Canvas) -> dict[str, Any]:
    """Return a canvas as UI JSON."""
    return dict(canvas.raw)


def read_sheet(data: Mapping[str, Any], where: str) -> CanvasGraph:
    """Return the nodes and links of one sheet.

    Raises:
        WorkflowFormatError: A node or link is malformed, or two nodes have the same id.
    """
    nodes: dict[str, CanvasNode] = {}
    raw_nodes = _list(data.get("nodes"), f"nodes of {where}")
    if len(raw_nodes) > MAX_NODES:
        refuse(f"{where} has {len(raw_nodes)} nodes; at most {MAX_NODES} are read")
    for raw in raw_nodes:
        node = read_node(_object(raw, f"a node of {where}"), where)
        if node.id in nodes:
            refuse(f"two nodes of {where} have the id {node.id}")
        nodes[node.id] = node
    links = data.get("links")
    listed = list(cast("dict[str, Any]", links).values()) if isinstance(links, dict) else links
    read = (_read_link(raw, where) for raw in _list(listed, f"links of {where}") if raw is not None)
    return CanvasGraph(nodes=nodes, links={link.id: link for link in read})


def read_node(raw: Mapping[str, Any], where: str) -> CanvasNode:
    """Return one node of a canvas.

    Raises:
        WorkflowFormatError: It has no id or type, or its sockets or values are malformed.
    """
    id_ = key_text(raw.get("id"), f"the id of a node of {where}")
    what = f"node {id_} of {where}"
    type_, title, mode = raw.get("type"), raw.get("title"), raw.get("mode")
    if not isinstance(type_, str):
        refuse(f"{what} has no type")
    values = raw.get("widgets_values")
    if values is not None and not isinstance(values, list | dict):
        refuse(f"the widgets_values of {what} are neither a list nor an object")
    inputs = _list(raw.get("inputs"), f"inputs of {what}")
    outputs = _list(raw.get("outputs"), f"outputs of {what}")
    return CanvasNode(
        id=id_,
        type=type_,
        title=title if isinstance(title, str) and title else None,
        mode=mode if isinstance(mode, int) else 0,
        inputs=tuple(_read_input(_object(one, f"an input of {what}"), what) for one in inputs),
        outputs=tuple(_read_output(_object(one, f"an output of {what}")) for one in outputs),
        widgets_values=cast("list[Any] | dict[str, Any] | None", values),
        named_values=_object(raw.get("widgets_values_named"), f"widgets_values_named of {what}"),
        properties=_object(raw.get("properties"), f"properties of {what}"),
    )


def key_text(value: Any, what: str) -> str:
    """Return an id of a canvas, a number or text, as text.

    Raises:
        WorkflowFormatError: It is neither.
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | str):
        refuse(f"{what} is neither a number nor text")
    return str(value)


def _definitions(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    waiting = [(data, "definitions")]
    while waiting:
        owner, where = waiting.pop()
        definitions = _object(owner.get("definitions"), where)
        for raw in _list(definitions.get("subgraphs"), f"{where}.subgraphs"):
            subgraph = _object(raw, "a subgraph definition")
            yield subgraph
            waiting.append((subgraph, "definitions of a subgraph"))


def _read_definition(raw: dict[str, Any]) -> Definition:
    id_ = key_text(raw.get("id"), "the id of a subgraph definition")
    name = raw.get("name")
    where = f"the subgraph {name if isinstance(name, str) else id_}"
    return Definition(
        id=id_,
        name=name if isinstance(name, str) else id_,
        sheet=read_sheet(raw, where),
        inputs=_read_ports(raw.get("inputs"), f"inputs of {where}"),
        outputs=_read_ports(raw.get("outputs"), f"outputs of {where}"),
    )


def _read_ports(value: Any, what: str) -> tuple[Port, ...]:
    ports: list[Port] = []
    for raw in _list(value, what):
        port = _object(raw, what)
        links = _list(port.get("linkIds"), f"linkIds of {what}")
        name = port.get("name")
        ports.append(
            Port(
                name=name if isinstance(name, str) else "",
                type=port.get("type", "*"),
                links=tuple(key_text(link, f"a link of {what}") for link in links),
            )
        )
    return tuple(ports)


def _read_input(raw: dict[str, Any], what: str) -> CanvasInput:
    name, link = raw.get("name"), raw.get("link")
    if not isinstance(name, str):
        refuse(f"an input of {what} has no name")
    widget = raw.get("widget")
    named = cast("dict[str, Any]", widget).get("name") if isinstance(widget, dict) else None
    return CanvasInput(
        name=name,
        type=raw.get("type", "*"),
        link=None if link is None else key_text(link, f"the link of an input of {what}"),
        widget=named if isinstance(named, str) else (name if isinstance(widget, dict) else None),
    )


def _read_output(raw: dict[str, Any]) -> CanvasOutput:
    name = raw.get("name")
    return CanvasOutput(name=name if isinstance(name, str) else "", type=raw.get("type", "*"))


def _read_link(raw: Any, where: str) -> CanvasLink:
    if isinstance(raw, dict):
        given = cast("dict[str, Any]", raw)
        names = ("id", "origin_id", "origin_slot", "target_id", "target_slot", "type")
        fields = [given.get(name) for name in names]
    else:
        fields = [*_list(raw, f"a link of {where}"), None][:6]
    if len(fields) < 6:  # noqa: PLR2004 - id, two ends of two parts each, type
        refuse(f"a link of {where} has fewer than five parts")
    what = f"link {fields[0]!r:.40} of {where}"
    return CanvasLink(
        id=key_text(fields[0], f"the id of {what}"),
        origin=key_text(fields[1], f"the source of {what}"),
        origin_slot=_slot(fields[2], what),
        target=key_text(fields[3], f"the target of {what}"),
        target_slot=_slot(fields[4], what),
        type=fields[5],
    )


def _slot(value: Any, what: str) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:  # noqa: PLR2004
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        refuse(f"{what} has a slot that is no number")
    return value


def _object(value: Any, what: str) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        refuse(f"{what} should be an object")
    return cast("dict[str, Any]", value)


def _list(value: Any, what: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        refuse(f"{what} should be a list")
    return cast("list[Any]", value)
