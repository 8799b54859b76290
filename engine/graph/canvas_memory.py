"""What a graph says and a canvas has no place for, kept in a property of the canvas's nodes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engine.graph.api_format import read_value, write_value
from engine.graph.json_text import items, mapping
from engine.graph.model import BrokenLink, Link
from engine.graph.widget_values import default_of, widgets

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from engine.declare.spec import NodeSpec
    from engine.graph.model import Node

PROPERTY = "latentloom"
"""The property's name."""


def remember(node: Node, spec: NodeSpec | None, nodes: Container[str]) -> dict[str, Any]:
    """Return what a canvas node cannot show of a graph's node; often nothing.

    Args:
        node: The node.
        spec: Its kind, where it is known.
        nodes: The ids of the graph; links to others dangle, and a canvas cannot show them.
    """
    memory: dict[str, Any] = {}
    if not node.title:
        memory["title"] = node.title
    if node.is_changed is not None:
        memory["is_changed"] = node.is_changed
    if node.extra:
        memory["extra"] = dict(node.extra)
    shown = {one.name for one in widgets(spec, node.inputs)} if spec else None
    hidden = {
        name: write_value(value)
        for name, value in node.inputs.items()
        if not _drawable(name, value, shown, nodes)
    }
    absent = [name for name in shown or () if name not in node.inputs]
    return memory | ({"absent": absent} if absent else {}) | ({"inputs": hidden} if hidden else {})


def recall(node: Node, properties: Mapping[str, Any], spec: NodeSpec | None) -> Node:
    """Return a node with what `remember` kept of it, as far as nobody changed it since.

    Args:
        node: As the canvas shows it.
        properties: Of the canvas node.
        spec: Its kind, where it is known.
    """
    memory = mapping(properties.get(PROPERTY))
    if not memory:
        return node
    inputs = dict(node.inputs)
    defaults = {one.name: default_of(one) for one in widgets(spec, inputs)} if spec else {}
    absent = items(memory.get("absent"))
    for name, default in defaults.items():
        if name in absent and inputs.get(name) == default:
            del inputs[name]
    for name, value in mapping(memory.get("inputs")).items():
        kept = read_value(value)
        if name not in inputs or isinstance(kept, Link | BrokenLink):
            inputs[name] = kept
    untouched = "title" in memory and node.title == (spec.title if spec else node.type)
    return replace(
        node,
        inputs=inputs,
        title="" if untouched and memory["title"] == "" else None if untouched else node.title,
        is_changed=memory.get("is_changed", node.is_changed),
        extra=mapping(memory.get("extra")),
    )


def _drawable(name: str, value: Any, shown: set[str] | None, nodes: Container[str]) -> bool:
    if isinstance(value, Link):
        return value.node in nodes
    return not isinstance(value, BrokenLink) and (shown is None or name in shown)
