"""A graph as a Python script that builds it: plain to read, and read back without running it."""

from __future__ import annotations

import keyword
import math
import re
from typing import TYPE_CHECKING, Any, cast

from engine.graph.flow import Flow
from engine.graph.model import BrokenLink, Link

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.graph.model import Graph, Node

_HEAD = '''"""A workflow. Run it with `loom run`, or import `graph` from it."""

from engine import Flow

flow = Flow()
'''
_WIDTH = 100
_LONG_TEXT = 60
_LONG_NAME = 40
RESERVED = frozenset(name for name in dir(Flow) if not name.startswith("_"))
"""Names that are methods of a flow, so that no kind of node can be called by them."""
_TAKEN = {"flow", "graph", "Flow", "float"}


def write_script(graph: Graph) -> str:
    """Return Python that builds a graph: the same ids, titles, constants, links and order.

    Args:
        graph: Any graph, also one with cycles or dangling links.
    """
    return _Writer(graph).text()


class _Writer:
    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._used = {link.node for node in graph.nodes.values() for _, link in node.links()}
        self._names: dict[str, str] = {}
        self._taken: dict[str, int] = dict.fromkeys(_TAKEN, 1)

    def text(self) -> str:
        order = _writing_order(self._graph)
        parts = [_HEAD]
        parts.extend(self._statement(self._graph.nodes[id_]) for id_ in order)
        kept = [self._kept(node) for node in self._graph.nodes.values()]
        parts.extend(line for line in kept if line)
        same = order == list(self._graph.nodes)
        arguments = [] if same else [f"order={_literal(list(self._graph.nodes))}"]
        parts.append("\n" + _call("graph = flow.graph", arguments))
        return "\n".join(parts) + "\n"

    def _statement(self, node: Node) -> str:
        arguments = [_quoted(node.id)]
        if node.title is not None:
            arguments.append(_text(node.title))
        arguments.extend(self._arguments(node))
        if _is_name(node.type) and node.type not in RESERVED and not node.type.startswith("_"):
            head = f"flow.{node.type}"
        else:
            head = "flow.node"
            arguments.insert(0, _quoted(node.type))
        name = self._name(node) if node.id in self._used else None
        statement = _call(f"{name} = {head}" if name else head, arguments)
        if name:
            # From here on, and not in the node's own inputs.
            self._names[node.id] = name
        return statement

    def _arguments(self, node: Node) -> Iterator[str]:
        for name, value in node.inputs.items():
            written = self._written(value)
            if _is_name(name):
                yield f"{name}={written}"
            else:
                yield f"**{{{_quoted(name)}: {written}}}"

    def _written(self, value: Any) -> str:
        if isinstance(value, Link):
            known = self._names.get(value.node)
            return (
                f"{known}[{value.slot}]"
                if known
                else f"flow.link({_quoted(value.node)}, {value.slot})"
            )
        if isinstance(value, BrokenLink):
            return f"flow.broken({_literal(value.value)})"
        return _literal(value)

    def _kept(self, node: Node) -> str | None:
        arguments = [_quoted(node.id)]
        if node.is_changed is not None:
            arguments.append(f"is_changed={_literal(node.is_changed)}")
        if node.extra:
            arguments.append(f"extra={_literal(dict(node.extra))}")
        return _call("flow.keep", arguments) if len(arguments) > 1 else None

    def _name(self, node: Node) -> str:
        for words in (node.title or "", node.type, "node"):
            base = _snake(words)
            if base:
                break
        name = base
        while name in self._taken:
            self._taken[base] += 1
            name = f"{base}_{self._taken[base]}"
        self._taken.setdefault(base, 1)
        self._taken[name] = 1
        return name


def _writing_order(graph: Graph) -> list[str]:
    """Return the ids so that sources come first, else as they are in the file."""
    ids = list(graph.nodes)
    place = {id_: index for index, id_ in enumerate(ids)}
    links = [(link.node, node.id) for node in graph.nodes.values() for _, link in node.links()]
    if all(place.get(source, -1) < place[target] for source, target in links):
        return ids
    import networkx as nx

    try:
        return list(nx.lexicographical_topological_sort(graph.view(), key=place.__getitem__))
    except nx.NetworkXUnfeasible:
        return ids


def _call(head: str, arguments: list[str]) -> str:
    line = f"{head}({', '.join(arguments)})"
    if len(line) <= _WIDTH and "\n" not in line:
        return line
    return f"{head}(\n" + "".join(f"    {argument},\n" for argument in arguments) + ")"


def _literal(value: Any) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")'
    if isinstance(value, list):
        return f"[{', '.join(_literal(one) for one in cast('list[Any]', value))}]"
    if isinstance(value, dict):
        pairs = cast("dict[str, Any]", value).items()
        return "{" + ", ".join(f"{_quoted(key)}: {_literal(one)}" for key, one in pairs) + "}"
    return repr(value)


def _text(value: str) -> str:
    if "\n" not in value or len(value) <= _LONG_TEXT:
        return _quoted(value)
    lines = value.splitlines(keepends=True)
    return "(\n" + "".join(f"        {_quoted(line)}\n" for line in lines) + "    )"


def _quoted(value: str) -> str:
    # Python prefers single quotes and this project double ones, where neither needs escaping.
    written = repr(value)
    return f'"{written[1:-1]}"' if written[0] == "'" and '"' not in value else written


def _snake(words: str) -> str:
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", words)
    name = re.sub(r"[^a-z0-9]+", "_", split.lower()).strip("_")[:_LONG_NAME].strip("_")
    if not name or name[0].isdigit():
        return ""
    return f"{name}_" if keyword.iskeyword(name) or keyword.issoftkeyword(name) else name


def _is_name(text: str) -> bool:
    return text.isidentifier() and text.isascii() and not keyword.iskeyword(text)
