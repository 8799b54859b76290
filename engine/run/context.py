"""The run as its nodes see it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from engine.content import NamedFile
from engine.errors import InterruptedRunError
from engine.graph.api_format import write_api
from engine.graph.model import Graph
from engine.run.events import Progress, Report

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Mapping

    from engine.content import ContentHashes
    from engine.files import Folders
    from engine.graph.model import Node
    from engine.run.resources import Resources
    from engine.run.stream import EventStream

T = TypeVar("T")

_PREVIEW_SECONDS = 0.1


@dataclass(kw_only=True)
class Surroundings:
    """What all nodes of a run share.

    Attributes:
        original: The graph of the file.
        nodes: The nodes as they stand, those of expansions included.
        folders: Where files are.
        content: Hashes of files.
        resources: Objects that outlive the run.
        stream: Takes events.
        interrupt: Set when the run must stop.
        extra_pnginfo: What the client wants saved beside results.
    """

    original: Graph
    nodes: dict[str, Node]
    folders: Folders
    content: ContentHashes
    resources: Resources
    stream: EventStream
    interrupt: threading.Event
    extra_pnginfo: Mapping[str, Any] | None
    _prompt: dict[str, Any] | None = None

    def prompt(self) -> Mapping[str, Any]:
        """Return the file's graph as API JSON, made at the first call."""
        if self._prompt is None:
            self._prompt = write_api(self.original)
        return self._prompt


class RunContext:
    """The run as one node sees it: see the protocol `Context`.

    Args:
        around: What all nodes of the run share.
        node_id: The node.
        display: Id of the node of the user's file that stands for it.
    """

    __slots__ = ("_around", "_display", "_node_id", "_previewed")

    def __init__(self, around: Surroundings, node_id: str, display: str) -> None:
        self._around = around
        self._node_id = node_id
        self._display = display
        self._previewed = 0.0

    @property
    def job_id(self) -> str:
        """The id of the job."""
        return self._around.stream.job

    @property
    def node_id(self) -> str:
        """The id of the node, dotted inside expansions."""
        return self._node_id

    @property
    def folders(self) -> Folders:
        """Where models, inputs, outputs and runs are."""
        return self._around.folders

    def file(self, folder: str, name: str, *, input_name: str | None = None) -> NamedFile:
        """Return a file that a workflow names, with the hash of its content.

        Raises:
            FileProblemError: There is no such file.
        """
        path = self._around.folders.find(folder, name, input_name=input_name)
        return NamedFile(path=path, sha256=self._around.content.of(path))

    @property
    def prompt(self) -> Mapping[str, Any]:
        """The whole graph as API JSON."""
        return self._around.prompt()

    @property
    def graph(self) -> Graph:
        """The graph as it stands, with the nodes that expansions added."""
        return Graph(self._around.nodes)

    @property
    def extra_pnginfo(self) -> Mapping[str, Any] | None:
        """What the client wants saved beside results."""
        return self._around.extra_pnginfo

    def progress(self, step: float, total: float, *, preview: Any = None) -> None:
        """Tell the user how far the node is.

        Previews come ten times a second at most, so that making them never slows a node down;
        the last step's is always made.

        Raises:
            InterruptedRunError: The run must stop.
        """
        self.check_interrupt()
        stream = self._around.stream
        if stream.heard:
            picture = self._picture(preview, last=step >= total)
            stream.send(
                Progress,
                node=self._node_id,
                display_node=self._display,
                step=step,
                total=total,
                preview=picture,
            )

    def report(self, kind: str, data: Mapping[str, Any]) -> None:
        """Send facts of the node's own to whoever watches."""
        self._around.stream.send(Report, node=self._node_id, kind=kind, data=data)

    def check_interrupt(self) -> None:
        """Raise `InterruptedRunError` when the run must stop."""
        if self._around.interrupt.is_set():
            raise InterruptedRunError("the run was interrupted")

    def resource(self, name: str, make: Callable[[], T]) -> T:
        """Return an object that lives as long as the worker."""
        return self._around.resources.get(name, make)

    def _picture(self, preview: Any, *, last: bool) -> Any:
        if preview is None:
            return None
        now = time.monotonic()
        if now - self._previewed < _PREVIEW_SECONDS and not last:
            return None
        self._previewed = now
        return preview() if callable(preview) else preview
