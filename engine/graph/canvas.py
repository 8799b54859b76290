"""What the editor shows: nodes on sheets, joined by links, with subgraphs as nodes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

SUBGRAPH_INPUT = "-10"
"""Id of the node inside a subgraph whose outputs are the subgraph's inputs."""
SUBGRAPH_OUTPUT = "-20"
"""Id of the node inside a subgraph whose inputs are the subgraph's outputs."""
MUTED = 2
BYPASSED = 4


@dataclass(frozen=True, kw_only=True)
class CanvasInput:
    """A socket at the left of a node.

    Attributes:
        name: The name on the wire.
        type: The wire type, as the file has it: text, a list or a number.
        link: Id of the link that ends here, or None.
        widget: Name of the widget that the socket stands for, or None.
    """

    name: str
    type: Any = "*"
    link: str | None = None
    widget: str | None = None


@dataclass(frozen=True, kw_only=True)
class CanvasOutput:
    """A socket at the right of a node."""

    name: str
    type: Any = "*"


@dataclass(frozen=True, kw_only=True)
class CanvasNode:
    """A node on the canvas.

    Attributes:
        id: As text, though files mostly have numbers.
        type: The kind of node, the id of a subgraph definition, or the name of a group node.
        title: What the user calls it; None where it has its kind's title.
        mode: 2 is muted, 4 is bypassed; everything else runs.
        widgets_values: By position, or by name, or None.
        named_values: The same by name, which newer editors write beside it.
        properties: Whatever the editor and its extensions remember.
    """

    id: str
    type: str
    title: str | None = None
    mode: int = 0
    inputs: tuple[CanvasInput, ...] = ()
    outputs: tuple[CanvasOutput, ...] = ()
    widgets_values: list[Any] | dict[str, Any] | None = None
    named_values: Mapping[str, Any] = field(default_factory=dict[str, Any])
    properties: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def positional(self) -> list[Any]:
        """Return the widget values by position; empty where they are by name."""
        return self.widgets_values if isinstance(self.widgets_values, list) else []


@dataclass(frozen=True, kw_only=True)
class CanvasLink:
    """A wire from an output to an input."""

    id: str
    origin: str
    origin_slot: int
    target: str
    target_slot: int
    type: Any = "*"


@dataclass(frozen=True, kw_only=True)
class CanvasGraph:
    """The nodes and links of one sheet: the canvas itself, or the inside of a subgraph."""

    nodes: Mapping[str, CanvasNode]
    links: Mapping[str, CanvasLink]


@dataclass(frozen=True, kw_only=True)
class Port:
    """An input or output of a subgraph definition.

    Attributes:
        links: Ids of the links inside that end at it or begin at it.
    """

    name: str
    type: Any = "*"
    links: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Definition:
    """A subgraph, of which nodes are instances.

    Attributes:
        sheet: What is inside.
        widgets: The widgets inside that an instance's `widgets_values` set, in their order, as
            (node id, widget name); None stands for a value that reaches no widget. Only group
            nodes have this: subgraphs name theirs at each instance.
    """

    id: str
    name: str
    sheet: CanvasGraph
    inputs: tuple[Port, ...] = ()
    outputs: tuple[Port, ...] = ()
    widgets: tuple[tuple[str, str] | None, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Canvas:
    """A workflow as the editor saves it.

    Attributes:
        sheet: The outermost nodes and links.
        definitions: Subgraphs by id.
        groups: Legacy group nodes by name, as the file has them.
        raw: The whole file; everything that the views leave out is here.
    """

    sheet: CanvasGraph
    definitions: Mapping[str, Definition]
    groups: Mapping[str, Any]
    raw: Mapping[str, Any]
