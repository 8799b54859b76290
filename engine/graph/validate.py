"""Every problem of a graph at once, before anything runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

from engine.errors import InvalidWorkflowError, Problem
from engine.graph.model import Graph
from engine.graph.node_check import Kind, NodeCheck
from engine.graph.plan import order

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    import networkx as nx

    from engine.declare.spec import NodeType
    from engine.files import Folders
    from engine.graph.model import Node


_LONG_RING = 20


class Catalogue(Protocol):
    """The kinds of nodes there are; `Registry` is one."""

    def get(self, id: str) -> NodeType | None:  # noqa: A002 - the word of the field
        """Return the kind of node with an id, or None."""
        ...

    def nearest(self, id: str) -> str | None:  # noqa: A002
        """Return the id most like one that does not exist, or None."""
        ...


@dataclass(frozen=True, kw_only=True)
class Validated:
    """What validation found.

    Attributes:
        graph: The graph with its constants converted to the types of their inputs.
        targets: The targets that can run.
        failed: The targets that cannot, because something they need is wrong.
        problems: Everything that is wrong, in the order of the workflow's nodes.
        warnings: What is odd and stops nothing.
    """

    graph: Graph
    targets: tuple[str, ...]
    failed: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()

    def raise_problems(self) -> None:
        """Raise where anything is wrong at all.

        Raises:
            InvalidWorkflowError: With all problems.
        """
        if self.problems:
            raise InvalidWorkflowError(self.problems)


def validate(
    graph: Graph,
    registry: Catalogue,
    targets: Collection[str] | None = None,
    *,
    folders: Folders | None = None,
) -> Validated:
    """Check a graph: kinds of nodes, links, types, values, cycles, and what nodes check themselves.

    Linear in nodes and links. Nodes that no target needs are checked for their kind only. A kind
    that nobody knows, anywhere in the graph, fails all targets, as in ComfyUI.

    Args:
        graph: Any graph.
        registry: The kinds of nodes there are.
        targets: Ids of the nodes that are wanted; all output nodes when left out.
        folders: Where the files are that choices name; None checks no files.
    """
    return _Validation(graph, registry, folders).of(targets)


class _Validation:
    def __init__(self, graph: Graph, registry: Catalogue, folders: Folders | None) -> None:
        self._graph = graph
        self._registry = registry
        self._folders = folders
        self._by_type: dict[str, Kind | None] = {}
        self._kinds: dict[str, Kind] = {}
        self._by_node: dict[str, list[Problem]] = {}
        self._whole: list[Problem] = []
        self._warnings: list[Problem] = []

    def of(self, targets: Collection[str] | None) -> Validated:
        known = self._find_kinds()
        wanted = self._targets(targets)
        needed = _upstream(self._graph, wanted)
        nodes: dict[str, Node] = dict(self._graph.nodes)
        for id_ in needed:
            kind = self._kinds.get(id_)
            if kind is not None:
                nodes[id_] = self._check(self._graph.nodes[id_], kind)
        self._find_cycles(needed)
        bad = _downstream(self._graph, self._by_node, needed)
        good = tuple(id_ for id_ in wanted if known and id_ not in bad)
        in_order = (self._by_node.get(id_, ()) for id_ in self._graph.nodes)
        return Validated(
            graph=Graph(nodes),
            targets=good,
            failed=tuple(id_ for id_ in wanted if id_ not in set(good)),
            problems=(*self._whole, *(one for problems in in_order for one in problems)),
            warnings=tuple(self._warnings),
        )

    def _find_kinds(self) -> bool:
        """Find the kind of each node; return whether all are known."""
        for node in self._graph.nodes.values():
            if node.type not in self._by_type:
                type_ = self._registry.get(node.type)
                self._by_type[node.type] = Kind.of(type_) if type_ is not None else None
            kind = self._by_type[node.type]
            if kind is None:
                self._add(node.id, self._unknown(node))
            else:
                self._kinds[node.id] = kind
        return None not in self._by_type.values()

    def _unknown(self, node: Node) -> Problem:
        nearest = self._registry.nearest(node.type)
        return Problem(
            kind="missing_node_type",
            message=f"there is no kind of node {node.type!r}",
            node=node.id,
            node_type=node.type,
            title=node.title,
            nearest=nearest,
            hint=None if nearest else "install the pack that has this kind of node",
            extra={
                "details": f"Node ID '#{node.id}'",
                "node_id": node.id,
                "class_type": node.type,
                "node_title": node.title or node.type,
            },
        )

    def _targets(self, targets: Collection[str] | None) -> list[str]:
        if targets is None:
            found = [id_ for id_, kind in self._kinds.items() if kind.spec.is_output]
        else:
            found = [id_ for id_ in dict.fromkeys(targets) if id_ in self._graph.nodes]
            self._whole.extend(map(_no_target, set(targets) - set(found)))
        if not found and not self._whole and not self._by_node:
            message = "nothing in the workflow saves or shows a result"
            hint = "add a node such as SaveImage or PreviewImage"
            extra = {"details": ""}
            problem = Problem(kind="prompt_no_outputs", message=message, hint=hint, extra=extra)
            self._whole.append(problem)
        return found

    def _check(self, node: Node, kind: Kind) -> Node:
        check = NodeCheck(node, kind, self._graph, self._kinds, self._folders)
        checked = check.run()
        if check.problems:
            self._by_node.setdefault(node.id, []).extend(check.problems)
        self._warnings.extend(check.warnings)
        return checked

    def _find_cycles(self, needed: Mapping[str, None]) -> None:
        nodes = self._graph.nodes

        def sources(id_: str) -> Iterator[str]:
            return (link.node for _, link in nodes[id_].links() if link.node in nodes)

        try:
            order(needed, sources)
        except InvalidWorkflowError:
            self._name_cycles([(source, id_) for id_ in needed for source in sources(id_)])

    def _name_cycles(self, links: list[tuple[str, str]]) -> None:
        # Loaded here because graphs without cycles do not need it, and loading takes a while.
        import networkx as nx

        view = nx.DiGraph(links)
        for members in nx.strongly_connected_components(view):
            some = next(iter(members))
            if len(members) > 1 or view.has_edge(some, some):
                self._add_cycle(view, members)

    def _add_cycle(self, view: nx.DiGraph[str], members: set[str]) -> None:
        import networkx as nx

        start = next(id_ for id_ in self._graph.nodes if id_ in members)
        component = nx.DiGraph(view.subgraph(members))
        edges = cast("list[tuple[str, str]]", nx.find_cycle(component, start))  # pyright: ignore[reportUnknownMemberType]
        ring = [source for source, _ in edges]
        shown = [*ring, ring[0]]
        if len(shown) > _LONG_RING:
            shown = [*shown[: _LONG_RING // 2], "...", *shown[-_LONG_RING // 2 :]]
        path = " -> ".join(
            f"{id_} ({self._graph.nodes[id_].type})" if id_ in members else id_ for id_ in shown
        )
        for id_ in ring:
            node = self._graph.nodes[id_]
            problem = Problem(
                kind="dependency_cycle",
                message="the node depends on itself",
                node=id_,
                node_type=node.type,
                title=node.title,
                got=path,
                hint="remove one of these links",
                extra={"details": path, "node_id": id_, "cycle_nodes": ring},
            )
            self._add(id_, problem)

    def _add(self, id_: str, problem: Problem) -> None:
        self._by_node.setdefault(id_, []).append(problem)


def _no_target(id_: str) -> Problem:
    return Problem(
        kind="prompt_no_outputs",
        message=f"there is no node {id_}, which was asked for",
        extra={"details": ""},
    )


def _upstream(graph: Graph, targets: Iterable[str]) -> dict[str, None]:
    """Return the targets and all that they depend on, in the order of the graph."""
    found = set(targets)
    rest = list(found)
    while rest:
        for _, link in graph.nodes[rest.pop()].links():
            if link.node not in found and link.node in graph.nodes:
                found.add(link.node)
                rest.append(link.node)
    return dict.fromkeys(id_ for id_ in graph.nodes if id_ in found)


def _downstream(graph: Graph, bad: Iterable[str], needed: Iterable[str]) -> set[str]:
    """Return the bad nodes and all that depend on them."""
    found = set(bad)
    if not found:
        return found
    users: dict[str, list[str]] = {}
    for id_ in needed:
        for _, link in graph.nodes[id_].links():
            users.setdefault(link.node, []).append(id_)
    rest = list(found)
    while rest:
        for user in users.get(rest.pop(), ()):
            if user not in found:
                found.add(user)
                rest.append(user)
    return found
