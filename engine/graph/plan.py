"""What may have to run for some targets, in an order in which it could."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.errors import InvalidWorkflowError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping

    from engine.graph.model import Node


def order(
    targets: Iterable[str], sources: Callable[[str], Iterable[str]], known: Container[str] = ()
) -> list[str]:
    """Return the targets and all they depend on, every node after its sources.

    A depth-first walk with its own stack: linear in nodes and links, and as deep as memory allows.
    Written out because it runs before every job; networkx takes longer for its view of the graph
    than a whole run that is served from the cache.

    Args:
        targets: Ids of the wanted nodes.
        sources: Ids that a node depends on.
        known: Ids that are taken as done and left out.

    Raises:
        InvalidWorkflowError: A node depends on itself.
    """
    found: list[str] = []
    done: set[str] = set()
    open_: dict[str, Iterator[str]] = {}
    for target in targets:
        if target in done or target in known:
            continue
        open_[target] = iter(sources(target))
        while open_:
            current = next(reversed(open_))
            for source in open_[current]:
                if source in open_:
                    raise cycle_error(_path(open_, source))
                if source not in done and source not in known:
                    open_[source] = iter(sources(source))
                    break
            else:
                del open_[current]
                done.add(current)
                found.append(current)
    return found


def closure(targets: Iterable[str], nodes: Mapping[str, Node]) -> tuple[str, ...]:
    """Return the targets and everything upstream, lazy links included, in no particular order."""
    found: dict[str, None] = dict.fromkeys(targets)
    rest = list(found)
    while rest:
        for _, link in nodes[rest.pop()].links():
            if link.node in nodes and link.node not in found:
                found[link.node] = None
                rest.append(link.node)
    return tuple(found)


def cycle_error(ids: list[str]) -> InvalidWorkflowError:
    """Return the error for nodes that wait for each other."""
    problem = Problem(
        kind="dependency_cycle",
        message="these nodes wait for each other and can never run",
        node=ids[0],
        got=" -> ".join([*ids[:20], *(["..."] if len(ids) > 20 else []), ids[0]]),  # noqa: PLR2004
        hint="remove one of the links of the cycle",
        extra={"cycle": ids},
    )
    return InvalidWorkflowError((problem,))


def _path(open_: Mapping[str, object], first: str) -> list[str]:
    ids = list(open_)
    return ids[ids.index(first) :]
