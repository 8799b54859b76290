"""A run as one node sees it, without a graph around it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from engine.cache.results import ResultsCache
from engine.content import ContentHashes
from engine.files import Folders
from engine.graph.model import Graph, Node
from engine.run.client import Client
from engine.run.context import RunContext, Surroundings
from engine.run.resources import Resources
from engine.run.stream import EventStream

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from engine import Context
    from engine.run.events import Listener

WORKFLOW = {"nodes": [], "version": 0.4, "extra": {"name": "Käse"}}


@pytest.fixture
def make_context(tmp_path: Path) -> Callable[..., Context]:
    """Makes contexts beneath the test's folder; takes `base`, `listener`, `interrupt`."""

    def make(
        base: Path | None = None,
        listener: Listener | None = None,
        interrupt: threading.Event | None = None,
    ) -> Context:
        nodes = {"7": Node(id="7", type="SaveImage", inputs={"filename_prefix": "Ünïcode"})}
        extra: dict[str, Any] = {"workflow": WORKFLOW}
        around = Surroundings(
            original=Graph(nodes),
            nodes=nodes,
            folders=Folders.beneath(base or tmp_path),
            content=ContentHashes(),
            resources=Resources(ResultsCache()),
            stream=EventStream("job", listener),
            interrupt=interrupt or threading.Event(),
            client=Client(extra_pnginfo=extra),
        )
        return RunContext(around, "7")

    return make


@pytest.fixture
def context(make_context: Callable[..., Context]) -> Context:
    """A context beneath the test's folder."""
    return make_context()
