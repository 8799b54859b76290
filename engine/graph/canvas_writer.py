"""From what runs to what the editor shows: a graph as UI format, laid out from left to right."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from engine.declare.spec import type_name
from engine.graph.canvas_memory import PROPERTY, remember
from engine.graph.json_text import items, mapping
from engine.graph.model import BrokenLink, Link
from engine.graph.widget_values import by_position, has_widget, widgets

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.declare.spec import InputSpec, NodeSpec, NodeType
    from engine.graph.model import Graph, Node

_WIDTH = 320
_GAP_X, _GAP_Y = 80, 60
_LINE = 24
_HEADER = 40
_TEXT_LINES = 5
_MOST_OUTPUTS = 1000


def draw(graph: Graph, lookup: Callable[[str], NodeType | None]) -> dict[str, Any]:
    """Return a graph as UI JSON, format 0.4; converted back it gives the same graph.

    Args:
        graph: Links that dangle are left out.
        lookup: Declares the widgets of the nodes; the values of unknown kinds are kept by name.
    """
    return _Drawing(graph, lookup).document()


class _Drawing:
    def __init__(self, graph: Graph, lookup: Callable[[str], NodeType | None]) -> None:
        self._graph = graph
        self._specs: dict[str, NodeSpec | None] = {}
        for node in graph.nodes.values():
            if node.type not in self._specs:
                kind = lookup(node.type)
                self._specs[node.type] = kind.spec if kind is not None else None
        self._links: list[list[Any]] = []
        self._out: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        self._types: dict[tuple[str, int], Any] = {}

    def document(self) -> dict[str, Any]:
        nodes = [self._node(node) for node in self._graph.nodes.values()]
        for drawn in nodes:
            drawn["outputs"] = self._outputs(str(drawn["id"]), drawn["type"])
        self._place(nodes)
        numbers = [drawn["id"] for drawn in nodes if isinstance(drawn["id"], int)]
        return {
            "last_node_id": max(numbers, default=0),
            "last_link_id": len(self._links),
            "nodes": nodes,
            "links": self._links,
            "groups": [],
            "config": {},
            "extra": {},
            "version": 0.4,
        }

    def _node(self, node: Node) -> dict[str, Any]:
        spec = self._specs[node.type]
        memory = remember(node, spec, self._graph.nodes)
        named = {"Node name for S&R": node.type} | ({PROPERTY: memory} if memory else {})
        drawn: dict[str, Any] = {
            "id": number_of(node.id),
            "type": node.type,
            "pos": [0, 0],
            "size": [_WIDTH, 0],
            "flags": {},
            "order": 0,
            "mode": 0,
            "inputs": self._inputs(node, spec),
            "outputs": [],
            "properties": named,
            "widgets_values": self._values(node, spec),
        }
        if node.title:
            drawn["title"] = node.title
        return drawn

    def _values(self, node: Node, spec: NodeSpec | None) -> list[Any] | dict[str, Any]:
        constants = {
            name: value
            for name, value in node.inputs.items()
            if not isinstance(value, Link | BrokenLink)
        }
        return by_position(spec.inputs, constants) if spec else constants

    def _inputs(self, node: Node, spec: NodeSpec | None) -> list[dict[str, Any]]:
        shown = {one.name: one for one in widgets(spec, node.inputs)} if spec else {}
        sockets = [one for one in spec.inputs if one.section != "hidden"] if spec else []
        declared = {one.name: one for one in sockets if not has_widget(one)}
        links = dict(node.links())
        names = dict.fromkeys([*declared, *(name for name in links if name not in shown), *shown])
        drawn: list[dict[str, Any]] = []
        for name in names:
            one = declared.get(name) or shown.get(name)
            kind = plain(one) if one else "*"
            entry: dict[str, Any] = {"name": name, "type": kind, "link": None}
            if name in shown:
                entry["widget"] = {"name": name}
            if name in links and links[name].node in self._graph.nodes:
                entry["link"] = self._link(links[name], node.id, len(drawn), kind)
            drawn.append(entry)
        return drawn

    def _link(self, link: Link, target: str, slot: int, kind: Any) -> int:
        id_ = len(self._links) + 1
        source, end = number_of(link.node), number_of(target)
        self._links.append([id_, source, link.slot, end, slot, kind])
        self._out[link.node][link.slot].append(id_)
        self._types.setdefault((link.node, link.slot), kind)
        return id_

    def _outputs(self, id_: str, type_: str) -> list[dict[str, Any]]:
        spec = self._specs[type_]
        declared = spec.outputs if spec else ()
        used = self._out.get(id_, {})
        count = max([len(declared), *(slot + 1 for slot in used if slot < _MOST_OUTPUTS)])
        drawn: list[dict[str, Any]] = []
        for slot in range(count):
            kind = self._types.get((id_, slot), "*")
            name = kind if isinstance(kind, str) else "COMBO"
            if slot < len(declared):
                kind, name = plain(declared[slot]), declared[slot].name
            drawn.append({"name": name, "type": kind, "links": used.get(slot) or None})
        return drawn

    def _place(self, nodes: list[dict[str, Any]]) -> None:
        """Put each node to the right of all that feed it, below its neighbours of the column."""
        by_id = {str(drawn["id"]): drawn for drawn in nodes}
        heights: dict[int, int] = defaultdict(int)
        for order, (id_, column) in enumerate(layers(self._graph).items()):
            drawn = by_id[id_]
            height = _height(drawn)
            drawn["order"] = order
            drawn["size"] = [_WIDTH, height]
            drawn["pos"] = [column * (_WIDTH + _GAP_X), heights[column]]
            heights[column] += height + _HEADER + _GAP_Y


def layers(graph: Graph) -> dict[str, int]:
    """Return the column of each node: 0 for those that nothing feeds; nodes of a cycle share one.

    Args:
        graph: Any graph; the result has all its nodes, sources first.
    """
    import networkx as nx

    cells: nx.DiGraph[Any] = nx.condensation(nx.DiGraph(graph.view()))
    members: Mapping[Any, set[str]] = dict(cells.nodes(data="members"))
    place = {id_: index for index, id_ in enumerate(graph.nodes)}
    columns: dict[str, int] = {}
    for column, generation in enumerate(nx.topological_generations(cells)):
        ids = [id_ for cell in generation for id_ in members[cell]]
        columns.update(dict.fromkeys(sorted(ids, key=place.__getitem__), column))
    return columns


def number_of(id_: str) -> int | str:
    """Return a node's id as the number that the editor likes better, where it is one."""
    if id_.isascii() and id_.isdigit() and len(id_) < 16 and str(int(id_)) == id_:  # noqa: PLR2004
        return int(id_)
    return id_


def plain(spec: InputSpec | Any) -> Any:
    """Return a socket's type as the editor writes it."""
    return type_name(spec.type)


def _height(drawn: Mapping[str, Any]) -> int:
    lines = max(len(drawn["inputs"]), len(drawn["outputs"]), 1)
    values = drawn["widgets_values"]
    for value in [*mapping(values).values(), *items(values)]:
        lines += _TEXT_LINES if isinstance(value, str) and len(value) > 40 else 1  # noqa: PLR2004
    return lines * _LINE + _LINE
