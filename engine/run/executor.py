"""Runs graphs."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from engine.run.client import Client
from engine.run.context import Surroundings
from engine.run.controls import Controls
from engine.run.facts import Catalogue
from engine.run.lanes import Lanes
from engine.run.memory_meter import MemoryMeter
from engine.run.out_of_memory import empty_allocators
from engine.run.resources import Resources
from engine.run.running import Run
from engine.run.stream import EventStream

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.cache.results import ResultsCache
    from engine.content import ContentHashes
    from engine.declare.registry import Registry
    from engine.files import Folders
    from engine.graph.model import Graph
    from engine.run.events import Listener
    from engine.run.result import RunResult


class Executor:
    """Runs graphs, one at a time; one object serves many runs.

    Args:
        registry: Knows the kinds of nodes.
        cache: Keeps results between runs.
        folders: Where files are.
        content: Hashes of files.

    Attributes:
        resources: Objects that nodes share and that outlive a run.
    """

    def __init__(
        self, registry: Registry, cache: ResultsCache, folders: Folders, content: ContentHashes
    ) -> None:
        self.resources = Resources(cache)
        self._registry = registry
        self._cache = cache
        self._folders = folders
        self._content = content
        self._lanes = Lanes()
        self._meter = MemoryMeter()
        self._lock = threading.Lock()

    def run(  # noqa: PLR0913 - a run has as many sides as it has
        self,
        graph: Graph,
        targets: Iterable[str] | None = None,
        *,
        job_id: str = "local",
        listener: Listener | None = None,
        interrupt: threading.Event | None = None,
        client: Client | None = None,
        controls: Controls | None = None,
    ) -> RunResult:
        """Run what the targets need and return what came of it.

        Nodes of the device lane run in the calling thread, one at a time. A second call from
        another thread waits for the first.

        Args:
            graph: A valid graph.
            targets: Ids of the wanted nodes; all that save or show something when left out.
            job_id: Names the run in events.
            listener: Gets the events, from whichever thread they arise in.
            interrupt: Stops the run within one step of a node when set.
            client: Who asks for the run; nobody in particular when left out.
            controls: Takes what users ask of nodes meanwhile; nobody asks when left out.

        Raises:
            LoomError: A node failed, ran out of memory or was interrupted; carries its node.
        """
        catalogue = Catalogue(self._registry)
        if targets is None:
            nodes = graph.nodes.values()
            targets = [node.id for node in nodes if catalogue.of(node).is_output]
        wanted = tuple(targets)
        around = Surroundings(
            original=graph,
            nodes=dict(graph.nodes),
            folders=self._folders,
            content=self._content,
            resources=self.resources,
            stream=EventStream(job_id, listener),
            interrupt=interrupt or threading.Event(),
            client=client or Client(),
            controls=controls or Controls(),
        )
        with self._lock:
            run = Run(around, catalogue, self._cache, self._lanes, self._meter)
            try:
                return run.all(wanted)
            finally:
                around.stream.close()
                self._cache.end_run()
                self._content.save()

    def free(self, *, results: bool, models: bool) -> int:
        """Give back memory between two runs; returns how many bytes of results were given up.

        Args:
            results: Give up kept results. Those on disk stay where they outlive the process anyway.
            models: Ask whatever holds models to let go of them.
        """
        with self._lock:
            before = self._cache.stats()
            if results and self._cache.policy.kind in {"auto", "ram"}:
                self._cache.evict()
            elif results:
                self._cache.clear()
            if models:
                self.resources.release()
            empty_allocators()
            after = self._cache.stats()
        return before.ram.bytes + before.gpu.bytes - after.ram.bytes - after.gpu.bytes

    def close(self) -> None:
        """End the threads; the next run starts them again."""
        with self._lock:
            self._lanes.close()
            self._meter.close()
            self._meter = MemoryMeter()
