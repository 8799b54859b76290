"""What a node may see of the run it belongs to: a narrow view, so that the engine can change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager

    from engine.content import NamedFile
    from engine.files import Folders
    from engine.graph.model import Graph

T = TypeVar("T")


class Context(Protocol):
    """The run, as one node sees it. Safe to use from the thread that the node runs in."""

    @property
    def job_id(self) -> str:
        """The id of the job (`prompt_id` on the wire)."""
        ...

    @property
    def node_id(self) -> str:
        """The id of the node, dotted inside expansions."""
        ...

    @property
    def folders(self) -> Folders:
        """Where models, inputs, outputs and runs are."""
        ...

    def file(self, folder: str, name: str, *, input_name: str | None = None) -> NamedFile:
        """Return a file that a workflow names, with the hash of its content.

        Args:
            folder: A kind of model, `input`, `output` or `temp`.
            name: The relative path as workflows write it.
            input_name: The node's input, for the message.

        Raises:
            FileProblemError: There is no such file.
        """
        ...

    @property
    def prompt(self) -> Mapping[str, Any]:
        """The whole graph as API JSON, for saving beside results."""
        ...

    @property
    def saves_metadata(self) -> bool:
        """Saved files are to tell how they were made."""
        ...

    @property
    def extra_pnginfo(self) -> Mapping[str, Any] | None:
        """What the client wants saved beside results; `workflow` holds the canvas file."""
        ...

    @property
    def graph(self) -> Graph:
        """The graph as it stands: the file's nodes, and those that expansions added so far.

        A node that looks at it must declare the links that it follows as `Link` parameters.
        """
        ...

    @property
    def parent_id(self) -> str | None:
        """The node whose expansion brought this one; None for one of the user's file."""
        ...

    @property
    def real_id(self) -> str:
        """The node of the user's file from which the expansions started, or this one."""
        ...

    @property
    def display_id(self) -> str:
        """The node that the editor marks in place of this one."""
        ...

    @property
    def list_index(self) -> int:
        """Which item of mapped lists the call is for, from 0."""
        ...

    def at(self, node_id: str) -> Context:
        """Return the run as another node sees it."""
        ...

    @property
    def client_id(self) -> str | None:
        """The client that asked for the run; None where it has no name."""
        ...

    @property
    def previews(self) -> str | None:
        """How previews are to be made: `none`, or the name of a method; None is up to the node."""
        ...

    def secret(self, name: str) -> str | None:
        """Return a token that the client sent for nodes (`api_key_comfy_org`), or None."""
        ...

    def progress(
        self, step: float, total: float, *, preview: Any = None, exact: bool = False
    ) -> None:
        """Tell the user how far the node is; raises `InterruptedRunError` when the run must stop.

        Args:
            step: Steps done.
            total: Steps in all.
            preview: A PIL picture, or a function without arguments that makes one; the function
                is called only where somebody looks.
            exact: The picture is a result: it goes to the client as it is.
        """
        ...

    def say(self, text: str) -> None:
        """Tell the user in words what the node does right now."""
        ...

    def send(self, name: str | int, data: Any, client: str | None = None) -> None:
        """Send a message to the node's own part of the editor.

        Args:
            name: What the editor's part listens for; a number for a binary message.
            data: JSON values, or bytes for a binary message.
            client: The one client that gets it; None for all.
        """
        ...

    def report(self, kind: str, data: Mapping[str, Any]) -> None:
        """Send facts of the node's own to whoever watches, such as a point of a loss curve.

        Args:
            kind: Name of the event: `training`.
            data: JSON values.
        """
        ...

    def check_interrupt(self) -> None:
        """Raise `InterruptedRunError` when the run must stop."""
        ...

    @property
    def interrupted(self) -> bool:
        """Whether the run must stop."""
        ...

    def interrupt(self) -> None:
        """Stop the run at its next step, as if the user had asked for it."""
        ...

    def offer(self, *actions: str) -> AbstractContextManager[None]:
        """Let users ask something of the node while the block lasts; they hear what, and when.

        Args:
            actions: What they may ask for, such as `pause`, `resume`, `save`, `stop`.
        """
        ...

    def asked(self, seconds: float = 0.0) -> str | None:
        """Return what the node is asked for next, in the order of asking, or None.

        Args:
            seconds: How long to wait for a request. The server takes it for work, not for a hang.

        Raises:
            InterruptedRunError: The run must stop.
        """
        ...

    def keep_nothing(self) -> None:
        """Note that what the node returns is not what its inputs ask for.

        It is used in this run, by this node and those after it, and not kept for later ones: a
        run that was stopped early is an example.
        """
        ...

    def release(self) -> None:
        """Ask whatever holds memory for the nodes, such as models, to let go of it."""
        ...

    def resource(self, name: str, make: Callable[[], T]) -> T:
        """Return an object that lives as long as the worker, made at the first call.

        Args:
            name: The same name gives the same object.
            make: Makes the object.
        """
        ...
