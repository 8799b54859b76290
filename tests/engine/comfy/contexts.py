"""A run as one node of it sees it, without an executor around it."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from engine.cache.results import ResultsCache
from engine.content import ContentHashes
from engine.files import Folders
from engine.graph.model import Graph, Node
from engine.run.client import Client
from engine.run.context import RunContext, Surroundings
from engine.run.resources import Resources
from engine.run.stream import EventStream

if TYPE_CHECKING:
    from engine.run.events import Listener


def context(
    node_id: str = "1",
    *nodes: Node,
    brought: dict[str, str] | None = None,
    listener: Listener | None = None,
    client: Client | None = None,
) -> RunContext:
    """Return a run of some nodes as one of them sees it.

    Args:
        node_id: The node.
        *nodes: The nodes of the run; one of no kind in particular when left out.
        brought: The nodes that expansions brought, each with the node that was expanded.
        listener: Hears the events.
        client: Who asked for the run.
    """
    brought = brought or {}
    all_nodes = {one.id: one for one in nodes or (Node(node_id, "X"),)}
    around = Surroundings(
        original=Graph({id_: one for id_, one in all_nodes.items() if id_ not in brought}),
        nodes=all_nodes,
        folders=Folders.beneath(Path("nowhere")),
        content=ContentHashes(),
        resources=Resources(ResultsCache()),
        stream=EventStream("job", listener),
        interrupt=threading.Event(),
        client=client or Client(),
    )
    for child, parent in brought.items():
        around.places.bring(parent, [all_nodes[child]])
    return RunContext(around, node_id)
