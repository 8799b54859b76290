"""`loom serve`: the HTTP server, until Ctrl-C or SIGTERM."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
import webbrowser
from typing import TYPE_CHECKING

from engine.command.job_view import shown_jobs
from engine.command.logs import start_logging
from engine.command.serve_options import plan_of
from engine.http.log_lines import LogLines
from engine.http.serving import serve

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from engine.command.serve_options import ServeOrder, ServePlan
    from engine.http.serving import Served

LOG = logging.getLogger("engine.http")


def run_server(order: ServeOrder, argv: Sequence[str]) -> int:
    """Serve what a command line asks for; return the exit code.

    Args:
        order: The options.
        argv: All arguments as they were given.

    Raises:
        LoomError: The server cannot start.
    """
    plan = plan_of(order, argv)
    lines = LogLines()
    start_logging(plan.options, lines)
    for flag in plan.ignored:
        LOG.info("%s is taken and changes nothing: that is decided as each model needs it", flag)

    @contextlib.contextmanager
    def shown(server: Served) -> Generator[None]:
        _announce(server, plan)
        with shown_jobs(server.services):
            yield

    asyncio.run(serve(plan.options, plan.folders, lines, shown))
    return 0


def _announce(server: Served, plan: ServePlan) -> None:
    token = server.services.token
    urls = [f"{url}?token={token}" if token else url for url in server.urls]
    if plan.options.announce:
        sys.stdout.write(f"{' '.join(urls)}\n")
        sys.stdout.flush()
        sys.stderr.write("the server is up; Ctrl-C ends it, and queued jobs are kept\n")
    if plan.options.open_browser:
        webbrowser.open(urls[0])
