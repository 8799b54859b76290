"""Where the value of a linked input comes from, once everything that only passes it on is gone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.graph.bypass import bypass_input
from engine.graph.canvas import BYPASSED, MUTED, SUBGRAPH_INPUT, SUBGRAPH_OUTPUT
from engine.graph.model import Link

if TYPE_CHECKING:
    from engine.graph.canvas import CanvasInput, CanvasLink, CanvasNode
    from engine.graph.expansion import Scope

PRIMITIVE = "PrimitiveNode"
REROUTES = frozenset({"Reroute", "Reroute (rgthree)"})
SETTERS = frozenset({"SetNode", "easy setNode"})
GETTERS = frozenset({"GetNode", "easy getNode"})
SILENT = frozenset(
    {
        "Note", "MarkdownNote", "Label (rgthree)", "Bookmark (rgthree)", "Note Plus (mtb)",
        "Fast Muter (rgthree)", "Fast Bypasser (rgthree)", "Fast Groups Muter (rgthree)",
        "Fast Groups Bypasser (rgthree)", "Mute / Bypass Repeater (rgthree)",
        "Mute / Bypass Relay (rgthree)",
    }
)  # fmt: skip
"""Nodes that only the editor knows and that pass on nothing."""
VIRTUAL = REROUTES | SETTERS | GETTERS | SILENT | {PRIMITIVE}
"""Nodes that never run."""


@dataclass(frozen=True)
class Constant:
    """A value that a link stands for."""

    value: Any


@dataclass(frozen=True)
class Open:
    """A link that leads to nothing.

    Attributes:
        reason: Why, as the end of a sentence; None where a subgraph's input is simply not linked.
    """

    reason: str | None


@dataclass(frozen=True)
class _Step:
    """The next link to follow, or its end."""

    scope: Scope
    link: str


class Sources:
    """Follows links on an unfolded canvas."""

    def __init__(self) -> None:
        self._setters: dict[int, dict[str, CanvasNode]] = {}

    def of(self, scope: Scope, target: CanvasInput) -> Link | Constant | Open:
        """Return what feeds an input that has a link.

        Args:
            scope: The sheet that the input's node stands on.
            target: The input.
        """
        if target.link is None:
            return Open(None)
        step: _Step | Link | Constant | Open = _Step(scope, target.link)
        seen: set[tuple[int, str]] = set()
        while isinstance(step, _Step):
            place = (id(step.scope), step.link)
            if place in seen:
                return Open("the link leads back to itself")
            seen.add(place)
            step = self._follow(step, target.type)
        return step

    def _follow(self, step: _Step, wanted: Any) -> _Step | Link | Constant | Open:
        scope = step.scope
        link = scope.sheet.links.get(step.link)
        if link is None:
            return Open(f"link {step.link} does not exist")
        if link.origin == SUBGRAPH_INPUT and scope.definition is not None:
            return _outside(scope, link)
        node = scope.sheet.nodes.get(link.origin)
        if node is None:
            return Open(f"its source, node {scope.prefix}{link.origin}, does not exist")
        if node.mode == MUTED and node.type != PRIMITIVE:
            return Open(f"its source, node {scope.prefix}{node.id}, is muted")
        if node.mode == BYPASSED and node.type not in VIRTUAL:
            return _past(scope, node, link.origin_slot, wanted)
        return self._through(scope, node, link)

    def _through(
        self, scope: Scope, node: CanvasNode, link: CanvasLink
    ) -> _Step | Link | Constant | Open:
        if node.id in scope.inner:
            return _inside(scope.inner[node.id], link.origin_slot)
        if node.type == PRIMITIVE:
            return _primitive(scope, node)
        if node.type in GETTERS:
            return self._got(scope, node)
        if node.type in REROUTES | SETTERS:
            return _input_of(scope, node)
        if node.type in SILENT:
            return Open(f"its source, node {scope.prefix}{node.id}, gives nothing")
        return Link(scope.prefix + node.id, link.origin_slot)

    def _got(self, scope: Scope, node: CanvasNode) -> _Step | Open:
        name = _first(node)
        setter = self._setters_of(scope).get(name)
        if setter is None:
            return Open(f"nothing sets the value {name!r} that node {node.id} gets")
        return _input_of(scope, setter)

    def _setters_of(self, scope: Scope) -> dict[str, CanvasNode]:
        if id(scope) not in self._setters:
            nodes = (node for node in scope.sheet.nodes.values() if node.type in SETTERS)
            self._setters[id(scope)] = {_first(node): node for node in nodes}
        return self._setters[id(scope)]


def _outside(scope: Scope, link: CanvasLink) -> _Step | Constant | Open:
    inputs = scope.shell_inputs
    if not 0 <= link.origin_slot < len(inputs) or scope.parent is None:
        return Open("the subgraph has no such input")
    outer = inputs[link.origin_slot]
    if outer.link is not None:
        return _Step(scope.parent, outer.link)
    port = scope.definition.inputs[link.origin_slot] if scope.definition else None
    if port is not None and port.name in scope.constants:
        return Constant(scope.constants[port.name])
    return Open(None)


def _inside(scope: Scope, slot: int) -> _Step | Open:
    outputs = scope.definition.outputs if scope.definition else ()
    links = scope.sheet.links
    if 0 <= slot < len(outputs):
        named = [id_ for id_ in outputs[slot].links if id_ in links]
        if named:
            return _Step(scope, named[0])
    for link in links.values():
        if link.target == SUBGRAPH_OUTPUT and link.target_slot == slot:
            return _Step(scope, link.id)
    return Open("nothing inside the subgraph feeds this output")


def _past(scope: Scope, node: CanvasNode, slot: int, wanted: Any) -> _Step | Open:
    inner = scope.inner.get(node.id)
    inputs = inner.shell_inputs if inner else node.inputs
    outputs = inner.definition.outputs if inner and inner.definition else node.outputs
    index = bypass_input([one.type for one in inputs], [one.type for one in outputs], slot, wanted)
    if index < 0:
        return Open(f"node {scope.prefix}{node.id} is bypassed and none of its inputs fits")
    link = inputs[index].link
    if link is None:
        return Open(
            f"node {scope.prefix}{node.id} is bypassed "
            f'and its input "{inputs[index].name}" is not linked'
        )
    return _Step(scope, link)


def _primitive(scope: Scope, node: CanvasNode) -> Constant | Open:
    override = scope.overrides.get(node.id, {})
    if "value" in override:
        return Constant(override["value"])
    values = node.widgets_values
    if isinstance(values, dict) and "value" in values:
        return Constant(values["value"])
    if node.positional():
        return Constant(node.positional()[0])
    return Open(f"the primitive, node {scope.prefix}{node.id}, has no value")


def _input_of(scope: Scope, node: CanvasNode) -> _Step | Open:
    link = next((one.link for one in node.inputs if one.link is not None), None)
    if link is None:
        return Open(f"nothing is linked to node {scope.prefix}{node.id}, which passes it on")
    return _Step(scope, link)


def _first(node: CanvasNode) -> str:
    values = node.positional()
    return str(values[0]) if values else ""
