"""Subgraphs unfolded: every sheet of a canvas, with what its instance hands into it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from engine.graph.api_format import MAX_NODES
from engine.graph.canvas import (
    BYPASSED,
    MUTED,
    Canvas,
    CanvasGraph,
    CanvasInput,
    CanvasNode,
    Definition,
    Port,
)
from engine.graph.group_node import GROUP_PREFIXES, read_group
from engine.graph.json_text import refuse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from engine.graph.widget_values import Slot

MAX_NESTING = 32
"""Deepest nesting of subgraphs."""
_OWN = "-1"
"""In `proxyWidgets`: the widget is the instance's own, of one of its inputs."""

Widget = tuple[str, str]
"""A node inside, and the name of its widget."""


@dataclass(eq=False, kw_only=True)
class Scope:
    """A sheet at one place: subgraphs that are used twice have two.

    Attributes:
        sheet: Nodes and links.
        prefix: What the ids inside begin with: `"12:5:"`.
        definition: What the sheet is the inside of, or None for the canvas itself.
        shell: The instance that it belongs to.
        parent: The scope that the instance stands in.
        constants: Values of the subgraph's inputs that are not linked, by name.
        overrides: Values that the instance sets on widgets inside, by node id and widget name.
        inner: Scopes of the instances on this sheet, by node id.
    """

    sheet: CanvasGraph
    prefix: str = ""
    definition: Definition | None = None
    shell: CanvasNode | None = None
    parent: Scope | None = None
    constants: dict[str, Any] = field(default_factory=dict[str, Any])
    overrides: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    inner: dict[str, Scope] = field(default_factory=dict[str, "Scope"])

    @cached_property
    def shell_inputs(self) -> list[CanvasInput]:
        """The instance's inputs in the order of the definition.

        Files leave out those that only stand for a widget, so they are matched by name.
        """
        if self.definition is None or self.shell is None:
            return []
        given = {one.name: one for one in self.shell.inputs}
        ports = self.definition.inputs
        by_place = self.shell.inputs if len(self.shell.inputs) == len(ports) else ()
        found: list[CanvasInput] = []
        for index, port in enumerate(ports):
            match = given.get(port.name) or (by_place[index] if by_place else None)
            found.append(match or CanvasInput(name=port.name, type=port.type))
        return found


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A node of the unfolded canvas.

    Attributes:
        id: Its path: `"12:5"`.
        node: The node.
        scope: The sheet it stands on.
        active: Neither it nor an instance around it is muted or bypassed.
    """

    id: str
    node: CanvasNode
    scope: Scope
    active: bool


class Expansion:
    """A canvas with its subgraphs and group nodes unfolded.

    Args:
        canvas: The canvas.
        slots_of: Gives the places of a node's widget values, for group nodes.

    Raises:
        WorkflowFormatError: Subgraphs contain themselves, or too many nodes come out.
    """

    def __init__(self, canvas: Canvas, slots_of: Callable[[CanvasNode], list[Slot]]) -> None:
        self._definitions = dict(canvas.definitions)
        self._groups = canvas.groups
        self._slots_of = slots_of
        self.nodes: list[Placed] = []
        self._unfold(Scope(sheet=canvas.sheet))

    def definition_of(self, node: CanvasNode) -> Definition | None:
        """Return the subgraph or group that a node is an instance of, or None."""
        if node.type not in self._definitions and node.type.startswith(GROUP_PREFIXES):
            raw = self._groups.get(node.type[len(GROUP_PREFIXES[0]) :])
            if raw is not None:
                self._definitions[node.type] = read_group(node.type, raw, self._slots_of)
        return self._definitions.get(node.type)

    def _unfold(self, root: Scope) -> None:
        # The stack holds the rest of each sheet that is being walked, outermost first.
        open_ = [(root, iter(root.sheet.nodes.values()), True)]
        met = 0
        while open_:
            scope, rest, active = open_[-1]
            node = next(rest, None)
            if node is None:
                open_.pop()
                continue
            met += 1
            if met > MAX_NODES:
                refuse(f"the subgraphs unfold to more than {MAX_NODES} nodes")
            runs = active and node.mode not in {MUTED, BYPASSED}
            definition = self.definition_of(node)
            if definition is None:
                placed = Placed(id=scope.prefix + node.id, node=node, scope=scope, active=runs)
                self.nodes.append(placed)
                continue
            if len(open_) > MAX_NESTING:
                refuse(f"the subgraphs nest deeper than {MAX_NESTING} levels, or in a circle")
            inner = self._enter(scope, node, definition)
            open_.append((inner, iter(inner.sheet.nodes.values()), runs))

    def _enter(self, scope: Scope, node: CanvasNode, definition: Definition) -> Scope:
        inner = Scope(
            sheet=definition.sheet,
            prefix=f"{scope.prefix}{node.id}:",
            definition=definition,
            shell=node,
            parent=scope,
        )
        scope.inner[node.id] = inner
        self._hand_in(inner)
        return inner

    def _hand_in(self, scope: Scope) -> None:
        """Give the values of an instance's widgets to what they belong to."""
        shell, parent, definition = scope.shell, scope.parent, scope.definition
        if shell is None or parent is None or definition is None:
            return
        ports = {port.name for port in definition.inputs}
        from_outside = dict(parent.overrides.get(shell.id, {}))
        for target, value in _shell_values(shell, _targets(shell, definition)):
            owner, name = target
            given = from_outside.pop(name, value)
            if given is None:
                continue
            if owner == _OWN and name in ports:
                scope.constants[name] = given
            else:
                scope.overrides.setdefault(owner, {})[name] = given


def _targets(shell: CanvasNode, definition: Definition) -> list[Widget | None]:
    if definition.widgets:
        return list(definition.widgets)
    proxies: Any = shell.properties.get("proxyWidgets")
    if isinstance(proxies, list) and proxies:
        return [_proxy(entry) for entry in cast("list[Any]", proxies)]
    return [(_OWN, port.name) for port in definition.inputs if _stands_for_widget(port, definition)]


def _proxy(entry: Any) -> Widget | None:
    if isinstance(entry, list):
        parts = cast("list[Any]", entry)
        if len(parts) > 1 and isinstance(parts[1], str):
            return str(parts[0]), parts[1]
    return None


def _stands_for_widget(port: Port, definition: Definition) -> bool:
    for id_ in port.links:
        link = definition.sheet.links.get(id_)
        target = definition.sheet.nodes.get(link.target) if link else None
        if target and any(one.link == id_ and one.widget for one in target.inputs):
            return True
    return False


def _shell_values(shell: CanvasNode, targets: list[Widget | None]) -> Iterator[tuple[Widget, Any]]:
    values = shell.widgets_values
    for index, target in enumerate(targets):
        if target is None:
            continue
        if isinstance(values, dict):
            yield target, values.get(target[1])
        else:
            yield target, values[index] if values and index < len(values) else None
