"""What the routes work with, made once when the server starts."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.http.metrics import Metrics

if TYPE_CHECKING:
    from engine.declare.registry import Registry
    from engine.files import Folders
    from engine.http.catalogue import Catalogue
    from engine.http.log_lines import LogLines
    from engine.http.options import ServeOptions
    from engine.http.sockets import Sockets
    from engine.jobs.dispatcher import Dispatcher
    from engine.jobs.events_log import EventLog
    from engine.jobs.queue import JobQueue


@dataclass(frozen=True, kw_only=True)
class Services:
    """Everything behind the routes.

    Attributes:
        options: What the command line asked for.
        folders: Where files are.
        registry: The built-in kinds of nodes; packs live in the workers.
        queue: Jobs that wait, run and ran.
        dispatcher: Gives jobs to workers.
        log: What happened during each job.
        sockets: The clients that listen.
        lines: The last lines of the log.
        catalogue: The kinds of nodes as clients see them.
        token: What every request must carry; None where only this machine can ask.
        metrics: What has been counted.
        drawing: Held while a picture is decoded, so that few take memory at a time.
    """

    options: ServeOptions
    folders: Folders
    registry: Registry
    queue: JobQueue
    dispatcher: Dispatcher
    log: EventLog
    sockets: Sockets
    lines: LogLines
    catalogue: Catalogue
    token: str | None = None
    metrics: Metrics = field(default_factory=Metrics)
    drawing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))
