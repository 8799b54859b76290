"""Runs graphs."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import TYPE_CHECKING, Any

from engine.declare.spec import Blocker
from engine.declare.types import Lazy
from engine.errors import LoomError, NodeFailedError
from engine.graph.model import Link
from engine.run.context import Resources, RunContext
from engine.run.events import Finished, NodeFinished, NodeStarted
from engine.run.result import RunResult, Timing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from engine.cache.results import ResultsCache
    from engine.content import ContentHashes
    from engine.declare.registry import Registry
    from engine.files import Folders
    from engine.graph.model import Graph
    from engine.run.events import Listener


class Executor:
    """Runs graphs; one object serves many runs.

    Args:
        registry: Knows the kinds of nodes.
        cache: Keeps results between runs.
        folders: Where files are.
        content: Hashes of files.
    """

    def __init__(
        self, registry: Registry, cache: ResultsCache, folders: Folders, content: ContentHashes
    ) -> None:
        self._registry = registry
        self._cache = cache
        self._folders = folders
        self._content = content
        self._resources = Resources()

    def run(
        self,
        graph: Graph,
        targets: Iterable[str] | None = None,
        *,
        job_id: str = "local",
        listener: Listener | None = None,
        interrupt: threading.Event | None = None,
        extra_pnginfo: Mapping[str, Any] | None = None,
    ) -> RunResult:
        """Run what the targets need and return what came of it.

        Args:
            graph: A valid graph.
            targets: Ids of the wanted nodes; all output nodes when left out.
            job_id: Names the run in events.
            listener: Gets the events, from whichever thread they arise in.
            interrupt: Stops the run when set.
            extra_pnginfo: What the client wants saved beside results.

        Raises:
            LoomError: A node failed, ran out of memory or was interrupted; carries its node.
        """
        run = _Run(self, graph, job_id, listener, interrupt or threading.Event(), extra_pnginfo)
        return asyncio.run(run.all(targets))

    def close(self) -> None:
        """End the threads."""


class _Run:
    def __init__(
        self, owner: Any, graph: Graph, job: str, listener: Any, interrupt: Any, png: Any
    ) -> None:
        self.owner, self.graph, self.job, self.listener = owner, graph, job, listener
        self.interrupt, self.png = interrupt, png
        self.nodes = dict(graph.nodes)
        self.done: dict[str, tuple[list[Any], ...]] = {}
        self.ui: dict[str, Any] = {}
        self.timings: dict[str, Timing] = {}
        self.sequence = 0

    def emit(self, event: Any) -> None:
        if self.listener is not None:
            import msgspec

            self.listener(msgspec.structs.replace(event, sequence=self.sequence))
            self.sequence += 1

    async def all(self, targets: Any) -> RunResult:
        began = time.perf_counter()
        if targets is None:
            targets = [
                n.id
                for n in self.graph.nodes.values()
                if self.owner._registry.get(n.type).spec.is_output
            ]
        for target in targets:
            await self.value(target)
        seconds = time.perf_counter() - began
        self.emit(Finished(job=self.job, seconds=seconds))
        return RunResult(
            ui=self.ui,
            executed=tuple(self.timings),
            cached=(),
            timings=self.timings,
            seconds=seconds,
            _values=self.done.__getitem__,
        )

    async def value(self, node_id: str) -> tuple[list[Any], ...]:
        if node_id not in self.done:
            node = self.nodes[node_id]
            self.emit(NodeStarted(job=self.job, node=node_id, display_node=node_id))
            began = time.perf_counter()
            try:
                self.done[node_id] = await self.compute(node)
            except LoomError as error:
                raise error.at(node=node.id, node_type=node.type, title=node.title) from error
            except Exception as error:
                raise NodeFailedError(f"{type(error).__name__}: {error}").at(
                    node=node.id, node_type=node.type, title=node.title
                ) from error
            self.timings[node_id] = Timing(seconds=time.perf_counter() - began, peak_bytes=0)
            self.emit(
                NodeFinished(
                    job=self.job,
                    node=node_id,
                    display_node=node_id,
                    ui=self.ui.get(node_id, {}),
                    seconds=self.timings[node_id].seconds,
                )
            )
        return self.done[node_id]

    async def compute(self, node: Any) -> tuple[list[Any], ...]:
        kind = self.owner._registry.get(node.type)
        spec = kind.spec
        inputs: dict[str, list[Any]] = {}
        lazy: dict[str, Link] = {}
        for name, value in node.inputs.items():
            declared = kind.input(name)
            if not isinstance(value, Link):
                if declared is not None:
                    inputs[name] = [value]
            elif declared is not None and declared.raw_link:
                inputs[name] = [value]
            elif declared is not None and declared.lazy:
                lazy[name] = value
            else:
                inputs[name] = (await self.value(value.node))[value.slot]
        context = RunContext(
            job_id=self.job,
            node_id=node.id,
            folders=self.owner._folders,
            content=self.owner._content,
            prompt={
                n.id: {
                    "class_type": n.type,
                    "inputs": {
                        k: [v.node, v.slot] if isinstance(v, Link) else v
                        for k, v in n.inputs.items()
                    },
                }
                for n in self.graph.nodes.values()
            },
            extra_pnginfo=self.png,
            resources=self.owner._resources,
            interrupt=self.interrupt,
            emit=self.emit if self.listener else None,
        )
        gathered = {
            name
            for name in inputs
            if spec.takes_lists or ((d := kind.input(name)) is not None and d.gather)
        }
        lengths = [len(v) for k, v in inputs.items() if k not in gathered]
        outputs: list[list[Any]] = [[] for _ in spec.outputs]
        for i in range(max(lengths, default=1)):
            items = {
                k: v if k in gathered else v[min(i, len(v) - 1)] for k, v in inputs.items()
            }
            while lazy:
                asked = kind.missing(items, tuple(lazy), context)
                asked = asked if isinstance(asked, tuple) else await asked
                if not (new := [name for name in asked if name in lazy]):
                    break
                for name in new:
                    inputs[name] = (await self.value(lazy[name].node))[lazy.pop(name).slot]
                    items[name] = inputs[name][min(i, len(inputs[name]) - 1)]
            for name, link in lazy.items():

                async def fetch(link: Link = link, i: int = i) -> Any:
                    values = (await self.value(link.node))[link.slot]
                    return values[min(i, len(values) - 1)]

                items[name] = Lazy(fetch)
            context.check_interrupt()
            returned = kind.call(items, context)
            if hasattr(returned, "__await__"):
                returned = await returned
            for key, shown in returned.ui.items():
                self.ui.setdefault(node.id, {}).setdefault(key, []).extend(shown)
            if returned.expand is not None:
                self.nodes.update(returned.expand.nodes)
            for slot, output in enumerate(spec.outputs):
                given = returned.outputs
                value = given if isinstance(given, Blocker) else given[slot]
                if isinstance(value, Link):
                    outputs[slot].extend((await self.value(value.node))[value.slot])
                elif output.is_list and not isinstance(value, Blocker):
                    outputs[slot].extend(value)
                else:
                    outputs[slot].append(value)
        return tuple(outputs)
