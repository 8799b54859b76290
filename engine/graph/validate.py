"""Every problem of a graph at once, before anything runs."""

from __future__ import annotations
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from engine.declare.spec import NodeType
    from engine.errors import Problem
    from engine.files import Folders
    from engine.graph.model import Graph


class Catalogue(Protocol):
    """The kinds of nodes there are; `Registry` is one."""

    def get(self, id: str, /) -> NodeType | None:  # noqa: A002 - the term of the field
        """Return a kind of node, or None."""
        ...

    def nearest(self, id: str, /) -> str | None:  # noqa: A002
        """Return the id most like the given one."""
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


def validate(
    graph: Graph,
    registry: Catalogue,
    targets: Collection[str] | None = None,
    *,
    folders: Folders | None = None,
) -> Validated:
    """Check a graph."""
    del registry, folders
    return Validated(graph=graph, targets=tuple(targets or graph.nodes))
