"""What is known about the nodes of a graph before any of them runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from engine.errors import LoomError
from engine.graph.keys import NOTHING, digest
from engine.graph.model import Link
from engine.graph.plan import cycle_error

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from engine.cache.index import Record
    from engine.graph.model import Node
    from engine.run.addresses import Addresses, Recipe
    from engine.run.facts import Catalogue, Facts, Layout
    from engine.run.lookup import Lookup


class Unknown(NamedTuple):
    """A node of whose result nothing is known so far.

    Attributes:
        recipe: What the node itself says; None where something upstream is unknown too.
        key: Its key, under which nothing was found; empty where it has none yet.
        number: Counts the nodes of the run as they are come across, targets first.
    """

    recipe: Recipe | None = None
    key: bytes = b""
    number: int = 0


_Opened = tuple["Node", "Facts", "Layout", "Sequence[Link]", int]


class Survey:
    """Walks up from the targets and looks up what it can; linear in nodes and links.

    Most nodes of most runs come from the cache. They cost a key and a lookup here, and nothing of
    what a step needs is made for them.

    Args:
        nodes: The nodes as they stand.
        catalogue: The facts of their kinds.
        addresses: Makes the keys.
        lookup: Finds records.
        known: Records of nodes by id; what is found is added.

    Attributes:
        hits: Ids of the nodes that were found, in that order.
    """

    def __init__(
        self,
        nodes: Mapping[str, Node],
        catalogue: Catalogue,
        addresses: Addresses,
        lookup: Lookup,
        known: dict[str, Record],
    ) -> None:
        self.hits: list[str] = []
        self._nodes = nodes
        self._catalogue = catalogue
        self._addresses = addresses
        self._lookup = lookup
        self._known = known
        self._met: set[str] = set()
        self._count = 0

    def look(self, ids: Iterable[str]) -> list[tuple[str, Unknown]]:
        """Return the nodes that are not known, among some nodes and all they depend on.

        Every node comes after its sources; nodes of earlier calls are left out. A depth-first walk
        with its own stack, as deep as memory allows; of several sources the last one comes first,
        as in ComfyUI.

        Args:
            ids: Ids of nodes.

        Raises:
            LoomError: A node depends on itself, or names a file that is not there.
        """
        met, opened = self._met, dict[str, _Opened]()
        unknown: list[tuple[str, Unknown]] = []
        stack = list(ids)[::-1]
        while stack:
            node_id = stack[-1]
            if node_id in met:
                stack.pop()
                continue
            if node_id not in opened:
                node = self._nodes[node_id]
                facts = self._catalogue.of(node)
                layout = facts.layout(node.inputs)
                links = _needed_links(node.inputs, layout)
                self._count += 1
                opened[node_id] = node, facts, layout, links, self._count
                sources = [link.node for link in links if link.node not in met]
                if sources:
                    for source in sources:
                        if source in opened:
                            path = list(opened)
                            raise cycle_error(path[path.index(source) :])
                    stack += sources
                    continue
            met.add(stack.pop())
            found = self._find(*opened.pop(node_id))
            if found is not None:
                unknown.append((node_id, found))
        return unknown

    def _find(
        self, node: Node, facts: Facts, layout: Layout, links: Sequence[Link], number: int
    ) -> Unknown | None:
        """Look a node up whose sources have been looked up; None where it is known now."""
        known = self._known
        for link in links:
            if link.node not in known:
                return Unknown(number=number)
        try:
            recipe = self._addresses.recipe(node, facts, layout)
        except LoomError as error:
            raise error.at(node=node.id, node_type=node.type, title=node.title) from error
        links_files = layout.files and any(type(node.inputs[one]) is Link for one in layout.files)
        if layout.sees_graph or layout.lazy or links_files:
            # The key depends on more than can be told before the run.
            return Unknown(recipe, number=number)
        parts = [recipe.content]
        for head, link in recipe.links:
            values = known[link.node].values
            parts += (head, values[link.slot] if link.slot < len(values) else NOTHING)
        key = digest(b"".join(parts))
        record = self._lookup.result(key)
        if record is None:
            return Unknown(recipe, key, number)
        known[node.id] = record
        self.hits.append(node.id)
        return None


def _needed_links(inputs: Mapping[str, Any], layout: Layout) -> list[Link]:
    """Return the links of a node that it depends on in any case: those that are not lazy."""
    lazy = layout.lazy
    if not lazy:
        return [value for value in inputs.values() if type(value) is Link]
    return [value for name, value in inputs.items() if type(value) is Link and name not in lazy]
