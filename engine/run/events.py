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
    """Nodes whose results are there already, told once before the first one runs."""

    nodes: tuple[str, ...]


class NodeStarted(Event, frozen=True, kw_only=True, tag="node_started"):
    """A node begins to run."""

    node: str
    display_node: str


class Progress(Event, frozen=True, kw_only=True, tag="progress"):
    """A node tells how far it is.

    Attributes:
        node: Id of the node.
        step: Steps done.
        total: Steps in all.
        preview: A PIL picture to look at, or None. Never leaves the process in this form.
    """

    node: str
    display_node: str
    step: float
    total: float
    preview: Any = None


class Report(Event, frozen=True, kw_only=True, tag="report"):
    """Facts of a node's own, such as a point of a loss curve (`kind` is `training`)."""

    node: str
    kind: str
    data: Mapping[str, Any]


class NodeFinished(Event, frozen=True, kw_only=True, tag="node_finished"):
    """A node is done, or was served from the cache and has something to show.

    Attributes:
        ui: What the editor shows.
        cached: The node did not run.
        seconds: Wall time of the node.
        peak_bytes: Peak memory of the node on its device (host memory on a CPU).
    """

    node: str
    display_node: str
    ui: Mapping[str, Any]
    cached: bool = False
    seconds: float = 0.0
    peak_bytes: int = 0


class Warned(Event, frozen=True, kw_only=True, tag="warned"):
    """Something the user should know that stops nothing."""

    node: str | None
    message: str


class Failed(Event, frozen=True, kw_only=True, tag="failed"):
    """The run ended with an error; `problems` are rendered sentences."""

    node: str | None
    kind: str
    problems: tuple[str, ...]


class Interrupted(Event, frozen=True, kw_only=True, tag="interrupted"):
    """The user stopped the run."""

    node: str | None


class Finished(Event, frozen=True, kw_only=True, tag="finished"):
    """The run ended well."""

    seconds: float


Listener = Callable[[Event], None]
"""Takes events in order, from whichever thread they arise in; must return quickly."""
