"""Settings written back into the canvas, so that a saved picture opens with what made it."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, cast

from engine.graph.canvas_writer import draw
from engine.graph.widget_values import by_name, slots
from engine.graph.workflow_file import load_workflow, to_graph

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.declare.spec import InputSpec
    from engine.graph.model import Graph
    from engine.graph.workflow_file import Lookup

Settings = dict[tuple[str, str], Any]
"""Values by node id and input name."""


def with_settings(
    canvas: Mapping[str, Any], settings: Settings, graph: Graph, lookup: Lookup
) -> dict[str, Any]:
    """Return a canvas whose widgets hold the settings, with its layout as it was.

    Where the canvas cannot hold them, as for a node inside a subgraph that is used twice, the graph
    is drawn anew: a canvas that shows other values than those that ran would be a lie.

    Args:
        canvas: UI JSON; not changed.
        settings: What was set.
        graph: What runs, settings included.
        lookup: Declares the widgets of the nodes.
    """
    changed: dict[str, Any] = copy.deepcopy(dict(canvas))
    nodes = {str(node["id"]): node for node in changed["nodes"]}
    for (node, name), value in settings.items():
        if node in nodes:
            _set_widget(nodes[node], name, value, lookup)
            _cut_link(changed, nodes[node], name)
    shown = to_graph(load_workflow(changed), lookup).graph
    return changed if _inputs_of(shown) == _inputs_of(graph) else draw(graph, lookup)


def _set_widget(node: dict[str, Any], name: str, value: Any, lookup: Lookup) -> None:
    kind, values = lookup(node["type"]), node.get("widgets_values")
    if isinstance(values, dict):
        values[name] = value
    elif isinstance(values, list) and kind is not None:
        listed = cast("list[Any]", values)
        place = _position(kind.spec.inputs, listed, name)
        if place is not None and place < len(listed):
            listed[place] = value


def _position(inputs: tuple[InputSpec, ...], values: list[Any], name: str) -> int | None:
    named, _ = by_name(inputs, values)
    found = [slot.name == name and slot.role == "value" for slot in slots(inputs, named)]
    return found.index(True) if True in found else None


def _cut_link(canvas: dict[str, Any], node: dict[str, Any], name: str) -> None:
    for socket in node.get("inputs") or ():
        if socket.get("name") == name and socket.get("link") is not None:
            _remove_link(canvas, socket["link"])
            socket["link"] = None


def _remove_link(canvas: dict[str, Any], link: Any) -> None:
    canvas["links"] = [
        entry
        for entry in canvas.get("links") or ()
        if (entry["id"] if isinstance(entry, dict) else entry[0]) != link
    ]
    for node in canvas["nodes"]:
        for output in node.get("outputs") or ():
            if output.get("links"):
                output["links"] = [other for other in output["links"] if other != link]


def _inputs_of(graph: Graph) -> dict[str, dict[str, Any]]:
    return {node.id: dict(node.inputs) for node in graph.nodes.values()}
