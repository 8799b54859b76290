"""What a run needs to know about a kind of node, asked once per run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.declare.spec import type_name
from engine.errors import InvalidWorkflowError, Problem
from engine.graph.keys import constant_head, encode, link_head, nonce

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from engine.declare.registry import Registry
    from engine.declare.spec import InputSpec, NodeType
    from engine.graph.model import Node


class Entry:
    """One input of a kind of node, as making keys and wiring steps need it.

    Attributes:
        declared: The declaration; None for inputs that the kind does not know.
        constant: What stands before a constant of this input in a key.
        link: What stands before the value id of a link of this input in a key.
        folder: The folder whose file a constant names.
        plain: A link of this input stands for the value behind it, which is always needed.
        raw: The node gets the link itself.
        lazy: The input is computed only when it is asked for.
        gathers: The node takes all items in one call.
    """

    __slots__ = ("constant", "declared", "folder", "gathers", "lazy", "link", "plain", "raw")

    def __init__(self, name: str, declared: InputSpec | None) -> None:
        self.declared = declared
        self.constant = constant_head(name.encode())
        self.link = link_head(name.encode())
        self.folder = None if declared is None else declared.folder
        self.raw = declared is not None and declared.raw_link
        self.lazy = declared is not None and declared.lazy
        self.plain = not self.raw and not self.lazy
        self.gathers = declared is not None and declared.gather


class Layout:
    """The inputs that a node of a kind was given, by which many nodes are alike.

    Args:
        entries: The inputs by name.
        reads_graph: The kind looks at the graph whatever its inputs are.

    Attributes:
        entries: The inputs with their names, sorted by name.
        lazy: Names of those that are lazy.
        files: Names of those whose values name files.
        sees_graph: A node may see more of the graph than the values of its links.
    """

    __slots__ = ("entries", "files", "lazy", "sees_graph")

    def __init__(self, entries: Mapping[str, Entry], *, reads_graph: bool) -> None:
        self.entries = tuple(sorted(entries.items()))
        self.lazy = frozenset(name for name, entry in self.entries if entry.lazy)
        self.files = tuple(name for name, entry in self.entries if entry.folder is not None)
        self.sees_graph = reads_graph or any(entry.raw for _, entry in self.entries)


class _Entries(dict[str, Entry]):
    """What is known about the inputs of a kind, asked for at the first look."""

    def __init__(self, kind: NodeType) -> None:
        super().__init__()
        self._kind = kind

    def __missing__(self, name: str) -> Entry:
        entry = self[name] = Entry(name, self._kind.input(name))
        return entry


class Facts:
    """A kind of node, with its answers kept: third-party classes compute theirs each time.

    Args:
        kind: The kind of node.
    """

    __slots__ = (
        "_layouts",
        "entries",
        "fingerprints",
        "header",
        "identity",
        "is_output",
        "kind",
        "lane",
        "list_slots",
        "names_files",
        "reads_graph",
        "special",
        "takes_lists",
    )

    def __init__(self, kind: NodeType) -> None:
        spec = kind.spec
        self.kind = kind
        self.lane = spec.lane
        self.fingerprints = kind.fingerprints
        self.is_output = spec.is_output
        self.takes_lists = spec.takes_lists
        self.list_slots = tuple(output.is_list for output in spec.outputs)
        self.identity = spec.keeps_identity or any(
            declared.section == "hidden" and type_name(declared.type) == "UNIQUE_ID"
            for declared in spec.inputs
        )
        self.reads_graph = any(
            declared.section == "hidden" and type_name(declared.type) == "DYNPROMPT"
            for declared in spec.inputs
        )
        self.special = self.identity or self.is_output
        self.names_files = any(declared.folder is not None for declared in spec.inputs)
        self.header = encode([spec.id, kind.code], _nothing_is_opaque)
        self.entries = _Entries(kind)
        self._layouts: dict[tuple[str, ...], Layout] = {}

    def input(self, name: str) -> InputSpec | None:
        """Return the declaration of one input, dynamic ones included, or None."""
        return self.entries[name].declared

    def layout(self, names: Iterable[str]) -> Layout:
        """Return what the kind says about the inputs of these names."""
        key = tuple(names)
        layout = self._layouts.get(key)
        if layout is None:
            entries = {name: self.entries[name] for name in key}
            layout = self._layouts[key] = Layout(entries, reads_graph=self.reads_graph)
        return layout


class Catalogue:
    """The facts of all kinds that a run meets.

    Args:
        registry: Knows the kinds of nodes.
    """

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._facts: dict[str, Facts] = {}

    def of(self, node: Node) -> Facts:
        """Return the facts of a node's kind.

        Raises:
            InvalidWorkflowError: There is no such kind.
        """
        facts = self._facts.get(node.type)
        if facts is None:
            kind = self._registry.get(node.type)
            if kind is None:
                raise _unknown(node, self._registry.nearest(node.type))
            facts = self._facts[node.type] = Facts(kind)
        return facts


def _nothing_is_opaque(value: Any) -> bytes:
    del value
    return nonce()


def _unknown(node: Node, nearest: str | None) -> InvalidWorkflowError:
    problem = Problem(
        kind="invalid_prompt",
        message="there is no such kind of node",
        node=node.id,
        title=node.title,
        got=node.type,
        nearest=nearest,
    )
    return InvalidWorkflowError((problem,))
