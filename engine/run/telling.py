"""What a run tells about its nodes, to whoever listens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.run.events import (
    Blocked,
    Cached,
    Failed,
    Interrupted,
    NodeFinished,
    NodeStarted,
    Warned,
)
from engine.run.failure import describe, plain_inputs

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from engine.errors import LoomError
    from engine.run.scheduling import Scheduler
    from engine.run.step import Step
    from engine.run.stream import EventStream


@dataclass(frozen=True, kw_only=True)
class Done:
    """What is told about a node that ran.

    Attributes:
        ui: What the editor shows.
        seconds: Wall time.
        peak_bytes: Peak memory on its device.
        blocked: No call was made.
    """

    ui: Mapping[str, list[Any]]
    blocked: bool = False
    seconds: float = 0.0
    peak_bytes: int = 0


class Teller:
    """Tells what happens to the steps of a run; costs next to nothing where nobody listens.

    Args:
        stream: Takes the events.
        scheduler: Knows the nodes of the run.
    """

    def __init__(self, stream: EventStream, scheduler: Scheduler) -> None:
        self._stream = stream
        self._scheduler = scheduler
        self._told = 0
        self._unfolding: dict[Step, Done] = {}

    def started(self, step: Step) -> None:
        """A step begins to run, or to ask for lazy inputs."""
        if self._stream.heard:
            self._stream.send(NodeStarted, **self._place(step))

    def finished(self, step: Step, done: Done) -> None:
        """A step has run. One that returned nodes is told of when these are done."""
        if not self._stream.heard:
            return
        if step.expansion:
            self._unfolding[step] = done
        else:
            self._send_finished(step, done)

    def unfolded(self, steps: Iterable[Step]) -> None:
        """Steps that returned nodes have their own results now; those told already are left out."""
        for step in steps:
            done = self._unfolding.pop(step, None)
            if done is not None:
                self._send_finished(step, done)

    def hits(self, wanted: Collection[str], *, first: bool = False) -> None:
        """Tell of nodes that were known already, where that was not told yet.

        Args:
            wanted: Ids of the targets, which are told of even if they show nothing.
            first: Nothing ran so far.
        """
        hits = self._scheduler.hits
        if self._stream.heard:
            if first:
                found = set(hits)
                in_order = [node_id for node_id in self._scheduler.nodes if node_id in found]
                self._stream.send(Cached, nodes=tuple(in_order))
            elif late := [node_id for node_id in hits[self._told :] if self._is_news(node_id)]:
                self._stream.send(Cached, nodes=tuple(late))
            for node_id in hits[self._told :]:
                ui = self._scheduler.known[node_id].ui
                if ui or node_id in wanted:
                    place = self._scheduler.places.of(node_id)._asdict()
                    self._stream.send(NodeFinished, **place, ui=ui, cached=True)
        self._told = len(hits)

    def blocked(self, step: Step, message: str) -> None:
        """A call of a step was not made."""
        if self._stream.heard:
            self._stream.send(Blocked, **self._place(step), message=message)

    def warned(self, node: str | None, message: str) -> None:
        """Something the user should know, about a node or in general."""
        self._stream.send(Warned, node=node, message=message)

    def failed(
        self, error: LoomError, lists: Mapping[str, list[Any]], executed: Collection[str]
    ) -> None:
        """The run ended with an error.

        Args:
            error: The error.
            lists: The inputs of the node that failed.
            executed: Ids of the nodes that ran.
        """
        if self._stream.heard:
            found = describe(error)
            self._stream.send(
                Failed,
                kind=error.kind,
                problems=tuple(problem.render() for problem in error.problems),
                exception_type=found.exception_type,
                exception_message=found.exception_message,
                traceback=found.traceback,
                current_inputs=plain_inputs(lists),
                executed=self._complete(executed),
                **self._real(error.problem.node),
            )

    def interrupted(self, node: str | None, executed: Collection[str]) -> None:
        """The user stopped the run while a node ran, or between two nodes."""
        if self._stream.heard:
            self._stream.send(Interrupted, executed=self._complete(executed), **self._real(node))

    def _is_news(self, node_id: str) -> bool:
        """Tell whether a node of the file turned out to be known from another run."""
        place = self._scheduler.places.of(node_id)
        return place.parent_node is None and not self._scheduler.is_twin(node_id)

    def _send_finished(self, step: Step, done: Done) -> None:
        self._stream.send(
            NodeFinished,
            **self._place(step),
            ui=done.ui,
            blocked=done.blocked,
            seconds=done.seconds,
            peak_bytes=done.peak_bytes,
        )

    def _real(self, node: str | None) -> dict[str, str | None]:
        if node is None:
            return {"node": None, "real_node": None, "node_type": None}
        real = self._scheduler.places.of(node).real_node
        return {"node": node, "real_node": real, "node_type": self._scheduler.nodes[real].type}

    def _place(self, step: Step) -> dict[str, Any]:
        return self._scheduler.places.of(step.id)._asdict()

    def _complete(self, executed: Collection[str]) -> tuple[str, ...]:
        """Return which nodes ran to their end: those whose expansions run have not."""
        unfolding = {step.id for step in self._unfolding}
        return tuple(node for node in executed if node not in unfolding)
