"""The nodes between the start and the end of a loop, and copies of them for the next round."""

import itertools
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine import Graph, InputError, Link, Node

START = "LoopStart"
INDEX = 1
FIRST_VALUE = 2
"""Slots at the start of a loop: `loop`, `index`, then the carried values."""


@dataclass(frozen=True)
class Body:
    """What runs again in each round.

    Attributes:
        start: The start of the loop.
        needed: The nodes between start and end.
        leaves: The nodes that depend on the start and that the end does not need: those that
            save or show what a round made.
    """

    start: Node
    needed: tuple[str, ...]
    leaves: tuple[str, ...]

    def entering(self) -> dict[str, Any]:
        """Return what the round begins with: links and constants by slot name."""
        prefix = "values."
        inputs = self.start.inputs.items()
        return {name.removeprefix(prefix): v for name, v in inputs if name.startswith(prefix)}


@dataclass(frozen=True)
class Move:
    """How links change from a node to its copy.

    Attributes:
        renamed: New ids by old ones.
        replaced: What takes the place of a link.
    """

    renamed: Mapping[str, str]
    replaced: Mapping[Link, Any]

    def value(self, value: Any) -> Any:
        """Return what the copy has in the place of a link or constant."""
        if not isinstance(value, Link):
            return value
        if value in self.replaced:
            return self.replaced[value]
        return Link(self.renamed.get(value.node, value.node), value.slot)

    def node(self, node: Node) -> Node:
        """Return the copy of a node; the editor shows it as the original."""
        return replace(
            node,
            id=self.renamed[node.id],
            inputs={name: self.value(value) for name, value in node.inputs.items()},
            display_id=node.display_id or node.id,
        )


STAYING = Move({}, {})
"""The first round: the nodes of the file themselves."""


def body_of(graph: Graph, start: Link, end: str, original: Collection[str]) -> Body:
    """Return the nodes of a loop, in the order of the graph.

    Args:
        graph: With the expansions so far.
        start: Where the end's input `loop` leads.
        end: Id of the end.
        original: Ids of the file's nodes.

    Raises:
        InputError: The link does not lead to the start of a loop.
    """
    first = graph.nodes.get(start.node)
    if first is None or first.type != START:
        raise InputError(
            "the link does not come from the start of a loop",
            input="loop",
            expected=f"the output `loop` of {START}",
            got=first.type if first else start.node,
        )
    level = _level(graph, first.id, original)
    targets = _targets(graph, level)
    after_end = _reached([end], targets)
    found = _reached([first.id], targets, stop=end) - after_end - {first.id}
    needed = _reached([end], {node: _sources(graph, node) & found for node in {*found, end}})
    ordered = [node for node in level if node in found]
    return Body(
        start=first,
        needed=tuple(node for node in ordered if node in needed),
        leaves=tuple(node for node in ordered if node not in needed),
    )


def round_ids(prefix: str, index: int, nodes: Iterable[str]) -> dict[str, str]:
    """Return new ids for the copies of one round."""
    return {node: f"{prefix}.{index}.{place}" for place, node in enumerate(nodes)}


def gate_id(prefix: str, index: int, place: int) -> str:
    """Return the id of a node that a round has besides its copies."""
    return f"{prefix}.{index}.gate{place}"


def _level(graph: Graph, start: str, original: Collection[str]) -> list[str]:
    """Return the nodes that were made together with the start: the file, or one round."""
    if start in original:
        return list(original)
    prefix, index, _ = start.rsplit(".", 2)
    names = (*_numbered(graph, f"{prefix}.{index}."), *_numbered(graph, f"{prefix}.{index}.gate"))
    return list(names)


def _numbered(graph: Graph, prefix: str) -> Iterator[str]:
    names = (f"{prefix}{place}" for place in itertools.count())
    return itertools.takewhile(graph.nodes.__contains__, names)


def _sources(graph: Graph, node: str) -> set[str]:
    return {link.node for _, link in graph.nodes[node].links()}


def _targets(graph: Graph, level: Iterable[str]) -> Mapping[str, set[str]]:
    targets: defaultdict[str, set[str]] = defaultdict(set)
    for node in level:
        for source in _sources(graph, node):
            targets[source].add(node)
    return targets


def _reached(
    starts: Iterable[str], following: Mapping[str, set[str]], stop: str | None = None
) -> set[str]:
    found = set(starts)
    rest = list(found)
    while rest:
        for node in following.get(rest.pop(), ()):
            if node not in found and node != stop:
                found.add(node)
                rest.append(node)
    return found
