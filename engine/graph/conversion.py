"""From what the editor shows to what runs: UI format to graph, as the editor queues it."""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.errors import Problem
from engine.graph.canvas_memory import recall
from engine.graph.expansion import Expansion, Placed
from engine.graph.model import Graph, Link, Node
from engine.graph.prompt_text import choose, fill_in
from engine.graph.sources import VIRTUAL, Constant, Open, Sources
from engine.graph.widget_values import CONTROLS, Slot, by_name, default_of, slots, widgets

if TYPE_CHECKING:
    from engine.declare.spec import InputSpec, NodeSpec, NodeType
    from engine.graph.canvas import Canvas, CanvasNode

Lookup = Callable[[str], "NodeType | None"]
"""Gives the kind of node behind an id; `Registry.get` is one."""
_PREFIX = "filename_prefix"


@dataclass(frozen=True, kw_only=True)
class Converted:
    """A graph, and what could not be taken over from the file that it comes from.

    Attributes:
        graph: What runs.
        notes: Each thing that was left out or guessed, with its node and input.
    """

    graph: Graph
    notes: tuple[Problem, ...] = ()


def convert(
    canvas: Canvas, lookup: Lookup, *, seed: int = 0, now: datetime.datetime | None = None
) -> Converted:
    """Return the graph that the editor would queue for a canvas.

    Nodes of unknown kinds are kept, with their values named as well as the file allows.

    Args:
        canvas: The canvas.
        lookup: Declares the widgets of the nodes.
        seed: Decides the choices `{a|b}` of dynamic prompts.
        now: The time for `%date:...%`; the current one when left out.

    Raises:
        WorkflowFormatError: Subgraphs contain themselves, or unfold to too many nodes.
    """
    made = _Conversion(canvas, lookup, seed, now or datetime.datetime.now().astimezone())
    graph = made.graph()
    return Converted(graph=graph, notes=tuple(made.notes))


class _Conversion:
    def __init__(self, canvas: Canvas, lookup: Lookup, seed: int, now: datetime.datetime) -> None:
        self._lookup = lookup
        self._seed = seed
        self._now = now
        self._specs: dict[str, NodeSpec | None] = {}
        self._expansion = Expansion(canvas, self._slots)
        self._sources = Sources()
        self._named: dict[str, Placed] | None = None
        self.notes: list[Problem] = []

    def graph(self) -> Graph:
        running = [
            placed
            for placed in self._expansion.nodes
            if placed.active and placed.node.type not in VIRTUAL
        ]
        ids = {placed.id for placed in running}
        return Graph({placed.id: self._node(placed, ids) for placed in running})

    def _node(self, placed: Placed, ids: set[str]) -> Node:
        node, spec = placed.node, self._spec(placed.node.type)
        values = self._values(placed)
        self._count_left_over(placed, values.left_over)
        inputs = dict(values.given)
        for target in node.inputs:
            if target.link is not None:
                self._link(placed, target.name, self._sources.of(placed.scope, target), inputs)
        declared = {one.name: one for one in widgets(spec, inputs)} if spec else {}
        for name, value in inputs.items():
            if isinstance(value, str):
                inputs[name] = self._text(placed, declared.get(name), name, value)
        self._drop_dangling(placed, inputs, ids)
        made = Node(
            id=placed.id,
            type=node.type,
            inputs=inputs,
            title=node.title or (spec.title if spec else node.type),
        )
        return recall(made, node.properties, spec)

    def _link(
        self, placed: Placed, name: str, source: Link | Constant | Open, inputs: dict[str, Any]
    ) -> None:
        if isinstance(source, Link):
            inputs[name] = source
        elif isinstance(source, Constant):
            inputs[name] = source.value
        elif source.reason is not None:
            kept = "; its own value is used" if name in inputs else ""
            self._note(placed, "link_without_source", f"{source.reason}{kept}", name)

    def _drop_dangling(self, placed: Placed, inputs: dict[str, Any], ids: set[str]) -> None:
        for name, value in list(inputs.items()):
            if isinstance(value, Link) and value.node not in ids:
                del inputs[name]
                self._note(placed, "link_without_source", f"node {value.node} does not run", name)

    def _values(self, placed: Placed) -> _Values:
        """Return the values of a node's own widgets by name."""
        node, spec = placed.node, self._spec(placed.node.type)
        if isinstance(node.widgets_values, dict):
            values = _from_object(node.widgets_values, spec)
        elif spec is not None:
            values = _Values(*by_name(spec.inputs, node.positional()))
        else:
            values = _guessed(node)
        values.given |= placed.scope.overrides.get(node.id, {})
        if spec is not None:
            for one in widgets(spec, values.given):
                values.given.setdefault(one.name, default_of(one))
            values.given = {one.name: values.given[one.name] for one in widgets(spec, values.given)}
        return values

    def _count_left_over(self, placed: Placed, left_over: list[Any]) -> None:
        if left_over and self._spec(placed.node.type) is None:
            self._note(
                placed,
                "unknown_widget_values",
                f"the kind of node is not known, so {len(left_over)} of its values have no name",
                got=repr(left_over)[:200],
            )
        elif any(value is not None and value != "" for value in left_over):
            self._note(
                placed,
                "widget_values_left_over",
                "the file has more values than the node has widgets",
                got=repr(left_over)[:200],
            )

    def _text(self, placed: Placed, spec: InputSpec | None, name: str, value: str) -> str:
        if spec is not None and spec.options.get("dynamicPrompts"):
            # The same file and seed give the same choices, whatever else the canvas holds.
            value = choose(value, random.Random(f"{self._seed}:{placed.id}:{name}"))  # noqa: S311
        if name == _PREFIX and "%" in value:
            value, unknown = fill_in(value, self._now, self._widget)
            for reference in unknown:
                self._note(placed, "unknown_reference", f"{reference} names no widget", name)
        return value

    def _widget(self, node: str, name: str) -> Any:
        if self._named is None:
            by_title = {one.node.title: one for one in reversed(self._expansion.nodes)}
            by_search = {
                one.node.properties.get("Node name for S&R"): one
                for one in reversed(self._expansion.nodes)
                if isinstance(one.node.properties.get("Node name for S&R"), str)
            }
            self._named = {
                key: one for key, one in (by_title | by_search).items() if key is not None
            }
        return self._values(self._named[node]).given[name]

    def _slots(self, node: CanvasNode) -> list[Slot]:
        spec = self._spec(node.type)
        if spec is None:
            return []
        named, _ = by_name(spec.inputs, node.positional())
        return list(slots(spec.inputs, named))

    def _spec(self, type_: str) -> NodeSpec | None:
        if type_ not in self._specs:
            kind = self._lookup(type_)
            self._specs[type_] = kind.spec if kind is not None else None
        return self._specs[type_]

    def _note(
        self, placed: Placed, kind: str, message: str, name: str | None = None, **more: Any
    ) -> None:
        node = placed.node
        self.notes.append(
            Problem(
                kind=kind,
                message=message,
                node=placed.id,
                node_type=node.type,
                title=node.title,
                input=name,
                **more,
            )
        )


@dataclass
class _Values:
    given: dict[str, Any]
    left_over: list[Any]


def _from_object(values: dict[str, Any], spec: NodeSpec | None) -> _Values:
    if spec is None:
        return _Values(dict(values), [])
    given: dict[str, Any] = {}
    for one in widgets(spec, given):
        if one.name in values:
            given[one.name] = values[one.name]
    return _Values(given, [value for name, value in values.items() if name not in given])


def _guessed(node: CanvasNode) -> _Values:
    """Name the values of an unknown kind of node by the sockets of its widgets."""
    if node.named_values:
        return _Values(dict(node.named_values), [])
    names = [one.widget for one in node.inputs if one.widget]
    values = [value for value in node.positional() if value not in CONTROLS]
    if len(values) < len(names) or not names:
        return _Values({}, node.positional())
    return _Values(dict(zip(names, values, strict=False)), values[len(names) :])
