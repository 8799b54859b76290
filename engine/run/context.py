"""The run as its nodes see it."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from engine.content import NamedFile
from engine.errors import InterruptedRunError
from engine.graph.api_format import write_api
from engine.graph.model import Graph
from engine.run.client import Client
from engine.run.controls import Controls
from engine.run.events import Custom, Progress, ProgressText, Report
from engine.run.place import Places

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Generator, Mapping

    from engine.content import ContentHashes
    from engine.files import Folders
    from engine.graph.model import Node
    from engine.run.resources import Resources
    from engine.run.stream import EventStream

T = TypeVar("T")

_PREVIEW_SECONDS = 0.1
_LISTEN_SECONDS = 0.1
"""A node that waits for a request looks so often whether the run must stop."""


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
        client: Who asked for the run.
        places: Where the nodes stand.
        controls: What users ask of the nodes meanwhile.
    """

    original: Graph
    nodes: dict[str, Node]
    folders: Folders
    content: ContentHashes
    resources: Resources
    stream: EventStream
    interrupt: threading.Event
    client: Client = field(default_factory=Client)
    places: Places = field(default_factory=Places)
    controls: Controls = field(default_factory=Controls)
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

    Attributes:
        list_index: Which item of mapped lists the call is for; set before each call.
        provisional: What the node returns is used in this run and not kept.
    """

    __slots__ = ("_around", "_place", "_previewed", "list_index", "provisional")

    def __init__(self, around: Surroundings, node_id: str) -> None:
        self.list_index = 0
        self.provisional = False
        self._around = around
        self._place = around.places.of(node_id)
        self._previewed = 0.0

    @property
    def job_id(self) -> str:
        """The id of the job."""
        return self._around.stream.job

    @property
    def node_id(self) -> str:
        """The id of the node, dotted inside expansions."""
        return self._place.node

    @property
    def parent_id(self) -> str | None:
        """The node whose expansion brought this one; None for one of the user's file."""
        return self._place.parent_node

    @property
    def real_id(self) -> str:
        """The node of the user's file from which the expansions started, or this one."""
        return self._place.real_node

    @property
    def display_id(self) -> str:
        """The node that the editor marks in place of this one."""
        return self._place.display_node

    def at(self, node_id: str) -> RunContext:
        """Return the run as another node sees it."""
        return RunContext(self._around, node_id)

    @property
    def client_id(self) -> str | None:
        """The client that asked for the run; None where it has no name."""
        return self._around.client.id

    @property
    def previews(self) -> str | None:
        """How previews are to be made: `none`, or the name of a method; None is up to the node."""
        return self._around.client.previews

    @property
    def saves_metadata(self) -> bool:
        """Saved files are to tell how they were made."""
        return self._around.client.saves_metadata

    def secret(self, name: str) -> str | None:
        """Return a token of the client's, or None."""
        return self._around.client.secrets.get(name)

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
        return self._around.client.extra_pnginfo

    def progress(
        self, step: float, total: float, *, preview: Any = None, exact: bool = False
    ) -> None:
        """Tell the user how far the node is.

        Previews are made ten times a second at most, so that making them never slows a node down;
        the last step's is always made. Pictures that are there already are all passed on.

        Raises:
            InterruptedRunError: The run must stop.
        """
        self.check_interrupt()
        stream = self._around.stream
        if stream.heard:
            picture = preview if exact else self._picture(preview, last=step >= total)
            place = self._place._asdict()
            stream.send(Progress, **place, step=step, total=total, preview=picture, exact=exact)

    def say(self, text: str) -> None:
        """Tell the user in words what the node does."""
        if self._around.stream.heard:
            self._around.stream.send(ProgressText, **self._place._asdict(), text=text)

    def report(self, kind: str, data: Mapping[str, Any]) -> None:
        """Send facts of the node's own to whoever watches."""
        self._around.stream.send(Report, node=self._place.node, kind=kind, data=data)

    def send(self, name: str | int, data: Any, client: str | None = None) -> None:
        """Send a message to the pack's own part of the editor."""
        self._around.stream.send(Custom, name=name, data=data, client=client)

    def check_interrupt(self) -> None:
        """Raise `InterruptedRunError` when the run must stop."""
        if self._around.interrupt.is_set():
            raise InterruptedRunError("the run was interrupted")

    @property
    def interrupted(self) -> bool:
        """Whether the run must stop."""
        return self._around.interrupt.is_set()

    def interrupt(self) -> None:
        """Stop the run at its next step, as if the user had asked for it."""
        self._around.interrupt.set()

    @contextmanager
    def offer(self, *actions: str) -> Generator[None]:
        """Let users ask something of the node while the block lasts."""
        self._tell_offer(actions)
        try:
            yield
        finally:
            self._tell_offer(())

    def asked(self, seconds: float = 0.0) -> str | None:
        """Return what the node is asked for next, or None; wait so long for it.

        Raises:
            InterruptedRunError: The run must stop.
        """
        deadline = time.monotonic() + seconds
        while True:
            self.check_interrupt()
            left = max(deadline - time.monotonic(), 0.0)
            action = self._around.controls.take(self._place.node, min(left, _LISTEN_SECONDS))
            if action is not None or left == 0.0:
                return action

    def keep_nothing(self) -> None:
        """Note that what the node returns is not what its inputs ask for."""
        self.provisional = True

    def release(self) -> None:
        """Ask whatever holds memory for the nodes, such as models, to let go of it."""
        self._around.resources.release()

    def resource(self, name: str, make: Callable[[], T]) -> T:
        """Return an object that lives as long as the worker."""
        return self._around.resources.get(name, make)

    def _tell_offer(self, actions: tuple[str, ...]) -> None:
        self._around.controls.offer(self._place.node, actions)
        self.report("controls", {"actions": list(actions)})

    def _picture(self, preview: Any, *, last: bool) -> Any:
        if not callable(preview):
            return preview
        now = time.monotonic()
        early = now - self._previewed < _PREVIEW_SECONDS and not last
        if early or self.previews == "none":
            return None
        self._previewed = now
        return preview()
