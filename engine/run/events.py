"""What happens during a run, as frozen structs with a sequence number per job."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="event"):
    """The base of all events.

    Attributes:
        job: The job's id.
        sequence: Counts from 0 within the job, without gaps.
    """

    job: str
    sequence: int = 0


class Started(Event, frozen=True, kw_only=True, tag="started"):
    """The run begins.

    Attributes:
        nodes: Ids of the nodes that the targets may need.
    """

    nodes: tuple[str, ...]


class Cached(Event, frozen=True, kw_only=True, tag="cached"):
    """Nodes whose results are there already, told before the first one runs.

    It comes again for nodes of the file that turn out to be known only then: their inputs came out
    as in another run, or nobody knew that they would be asked for.
    """

    nodes: tuple[str, ...]


class OfNode(Event, frozen=True, kw_only=True):
    """The base of events that belong to one node.

    Attributes:
        node: Its id, dotted inside expansions.
        display_node: The node that the editor marks in its place.
        parent_node: The node whose expansion brought it; None for one of the user's file.
        real_node: The node of the user's file from which the expansions started; `node` itself
            where there were none.
    """

    node: str
    display_node: str
    parent_node: str | None = None
    real_node: str = ""


class NodeStarted(OfNode, frozen=True, kw_only=True, tag="node_started"):
    """A node begins to run; once more after it asked for lazy inputs."""


class Progress(OfNode, frozen=True, kw_only=True, tag="progress"):
    """A node tells how far it is.

    Attributes:
        step: Steps done.
        total: Steps in all.
        preview: A PIL picture to look at, or None. Never leaves the process in this form.
        exact: The picture is a result rather than a preview: it is passed on as it is, neither
            scaled nor compressed with loss.
    """

    step: float
    total: float
    preview: Any = None
    exact: bool = False


class ProgressText(OfNode, frozen=True, kw_only=True, tag="progress_text"):
    """A node says in words what it does."""

    text: str


class Custom(Event, frozen=True, kw_only=True, tag="custom"):
    """A message that a pack sends to its own part of the editor, passed on untouched.

    Attributes:
        name: The message's name; a number where `data` is the bytes of a binary message.
        data: What the pack says.
        client: The one client that gets it; None for all.
    """

    name: str | int
    data: Any
    client: str | None = None


class Report(Event, frozen=True, kw_only=True, tag="report"):
    """Facts of a node's own, such as a point of a loss curve (`kind` is `training`)."""

    node: str
    kind: str
    data: Mapping[str, Any]


class NodeFinished(OfNode, frozen=True, kw_only=True, tag="node_finished"):
    """A node is done: it ran, or it came from the cache and is wanted or has something to show.

    A node that returned nodes is done when these are.

    Attributes:
        ui: What the editor shows; empty where that is nothing.
        cached: The node did not run.
        blocked: The node was not called, since an input must not be used.
        seconds: Wall time of the node.
        peak_bytes: Peak memory of the node on its device (host memory on a CPU).
    """

    ui: Mapping[str, Any]
    cached: bool = False
    blocked: bool = False
    seconds: float = 0.0
    peak_bytes: int = 0


class Warned(Event, frozen=True, kw_only=True, tag="warned"):
    """Something the user should know that stops nothing."""

    node: str | None
    message: str


class Blocked(OfNode, frozen=True, kw_only=True, tag="blocked"):
    """A node was not called because an input must not be used; the run goes on.

    Attributes:
        message: Why, in the words of the node that blocked it.
    """

    message: str


class Failed(Event, frozen=True, kw_only=True, tag="failed"):
    """The run ended with an error.

    Attributes:
        node: Id of the node that failed, or None.
        kind: Machine-readable name of what went wrong.
        problems: Rendered sentences.
        real_node: The node of the user's file that it belongs to, or None.
        node_type: The kind of `real_node`.
        exception_type: `ValueError`, or `module.Qualname` for what Python does not bring along.
        exception_message: Its text; for memory that ran out also how to mend it.
        traceback: As Python formats it, without the line of the exception itself.
        current_inputs: The items of the node's inputs: plain numbers, texts, truth values and
            None as they are, everything else in words.
        executed: Ids of the nodes that ran in this run.
    """

    node: str | None
    kind: str
    problems: tuple[str, ...]
    real_node: str | None = None
    node_type: str | None = None
    exception_type: str = ""
    exception_message: str = ""
    traceback: tuple[str, ...] = ()
    current_inputs: Mapping[str, list[Any]] = {}
    executed: tuple[str, ...] = ()


class Interrupted(Event, frozen=True, kw_only=True, tag="interrupted"):
    """The user stopped the run.

    Attributes:
        node: Id of the node that was running, or None.
        real_node: The node of the user's file that it belongs to, or None.
        node_type: The kind of `real_node`.
        executed: Ids of the nodes that ran in this run.
    """

    node: str | None
    real_node: str | None = None
    node_type: str | None = None
    executed: tuple[str, ...] = ()


class Finished(Event, frozen=True, kw_only=True, tag="finished"):
    """The run ended well."""

    seconds: float


Listener = Callable[[Event], None]
"""Takes events in order, from whichever thread they arise in; must return quickly."""
