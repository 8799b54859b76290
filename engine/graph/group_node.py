"""Legacy group nodes (`workflow>name`), read as the subgraphs that they became."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from engine.graph.canvas import (
    SUBGRAPH_INPUT,
    SUBGRAPH_OUTPUT,
    CanvasGraph,
    CanvasLink,
    CanvasNode,
    Definition,
    Port,
)
from engine.graph.json_text import items, mapping, refuse
from engine.graph.ui_format import read_node

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.graph.widget_values import Slot

GROUP_PREFIXES = ("workflow>", "workflow/")
"""What the types of group nodes begin with; the second is the older form."""
_ENDS = 4


def read_group(id_: str, raw: Any, slots_of: Callable[[CanvasNode], list[Slot]]) -> Definition:
    """Return a group node as a subgraph definition; its inner ids count from 0.

    Args:
        id_: The type of the group's instances.
        raw: The group's entry in `extra.groupNodes`.
        slots_of: Gives the places of a node's widget values.

    Raises:
        WorkflowFormatError: The entry is malformed.
    """
    if not isinstance(raw, dict):
        refuse(f"the group node {id_} is not an object")
    return _Group(id_, cast("dict[str, Any]", raw)).definition(slots_of)


class _Group:
    def __init__(self, id_: str, raw: Mapping[str, Any]) -> None:
        self._id = id_
        self._config = mapping(raw.get("config"))
        self._nodes = [
            read_node({**mapping(node), "id": index}, f"the group node {id_}")
            for index, node in enumerate(items(raw.get("nodes")))
        ]
        self._links: dict[str, CanvasLink] = {}
        self._into: dict[tuple[str, int], str] = {}
        self._names: dict[Any, int] = {}
        for ends in map(items, items(raw.get("links"))):
            if len(ends) >= _ENDS and all(isinstance(end, int) for end in ends[:_ENDS]):
                self._link(str(ends[0]), ends[1], str(ends[2]), ends[3])
        external = [items(one) for one in items(raw.get("external"))]
        self._external = {(str(one[0]), str(one[1])) for one in external if len(one) > 1}
        self._used = {(link.origin, link.origin_slot) for link in self._links.values()}

    def definition(self, slots_of: Callable[[CanvasNode], list[Slot]]) -> Definition:
        widgets = tuple(widget for node in self._nodes for widget in self._widgets(node, slots_of))
        inputs = self._inputs()
        outputs = self._outputs()
        return Definition(
            id=self._id,
            name=self._id[len(GROUP_PREFIXES[0]) :],
            sheet=CanvasGraph(
                nodes={node.id: self._wired(node) for node in self._nodes}, links=self._links
            ),
            inputs=inputs,
            outputs=outputs,
            widgets=widgets,
        )

    def _link(self, origin: str, origin_slot: int, target: str, target_slot: int) -> str:
        link = CanvasLink(
            id=str(len(self._links)),
            origin=origin,
            origin_slot=origin_slot,
            target=target,
            target_slot=target_slot,
        )
        self._links[link.id] = link
        if target != SUBGRAPH_OUTPUT:
            self._into[target, target_slot] = link.id
        return link.id

    def _inputs(self) -> tuple[Port, ...]:
        ports: list[Port] = []
        free = [
            (node, index, one)
            for node in self._nodes
            for index, one in enumerate(node.inputs)
            if (node.id, index) not in self._into and self._visible(node, "input", one.name)
        ]
        # Converted widgets come after the sockets.
        for node, index, one in sorted(free, key=lambda entry: entry[2].widget is not None):
            link = self._link(SUBGRAPH_INPUT, len(ports), node.id, index)
            name = self._unique(node, self._renamed(node, one.name))
            ports.append(Port(name=name, type=one.type, links=(link,)))
        return tuple(ports)

    def _outputs(self) -> tuple[Port, ...]:
        ports: list[Port] = []
        for node in self._nodes:
            for slot, output in enumerate(node.outputs):
                outside = (node.id, str(slot)) in self._external
                hidden = (node.id, slot) in self._used and not outside
                if hidden or not self._visible(node, "output", str(slot)):
                    continue
                link = self._link(node.id, slot, SUBGRAPH_OUTPUT, len(ports))
                ports.append(Port(name=output.name, type=output.type, links=(link,)))
        return tuple(ports)

    def _widgets(
        self, node: CanvasNode, slots_of: Callable[[CanvasNode], list[Slot]]
    ) -> list[tuple[str, str] | None]:
        converted = {one.widget for one in node.inputs if one.widget}
        found: list[tuple[str, str] | None] = []
        for slot in slots_of(node):
            # A hidden widget has a value at the group all the same.
            if slot.name in converted:
                continue
            found.append((node.id, slot.name) if slot.role == "value" else None)
        return found

    def _wired(self, node: CanvasNode) -> CanvasNode:
        inputs = tuple(
            replace(one, link=self._into.get((node.id, index)))
            for index, one in enumerate(node.inputs)
        )
        return replace(node, inputs=inputs)

    def _setting(self, node: CanvasNode, side: str, name: str) -> Mapping[str, Any]:
        return mapping(mapping(mapping(self._config.get(node.id)).get(side)).get(name))

    def _visible(self, node: CanvasNode, side: str, name: str) -> bool:
        return self._setting(node, side, name).get("visible") is not False

    def _renamed(self, node: CanvasNode, name: str) -> str:
        given = self._setting(node, "input", name).get("name")
        return given if isinstance(given, str) else name

    def _unique(self, node: CanvasNode, name: str) -> str:
        if name in self._names:
            owner = node.title or node.type
            self._names[owner, name] = count = self._names.get((owner, name), 0) + 1
            name = f"{owner} {name}" if count == 1 else f"{owner} {count} {name}"
        self._names[name] = 1
        return name
