"""The server's jobs in its terminal: one line each; bars where somebody looks."""

from __future__ import annotations

import contextlib
import sys
import time
from typing import TYPE_CHECKING

import msgspec

from engine.graph.json_text import mapping

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from rich.progress import Progress, TaskID

    from engine.http.services import Services
    from engine.jobs.messages import Message

LINE_INTERVAL = 5.0
DRAW_INTERVAL = 0.1
_SHORT_ID = 8
_ENDS = {
    "execution_success": "done",
    "execution_error": "failed",
    "execution_interrupted": "interrupted",
}


@contextlib.contextmanager
def shown_jobs(services: Services) -> Generator[None]:
    """Show what runs on stderr while the block lasts."""
    view: JobLines | JobBars
    view = JobBars(services) if sys.stderr.isatty() else JobLines(services)
    end = services.log.subscribe(view)
    try:
        yield
    finally:
        end()
        view.close()


class JobLines:
    """Plain lines: when a job begins, at most every few seconds while it runs, how it ends.

    Args:
        services: Knows how far jobs are.
        write: Takes a line.
    """

    def __init__(self, services: Services, write: Callable[[str], object] | None = None) -> None:
        self._services = services
        self._write = write or _to_stderr
        self._shown: dict[str, float] = {}

    def __call__(self, job: str, messages: Sequence[Message]) -> None:
        """Show messages of one job."""
        now = time.monotonic()
        for message in messages:
            if message.type == "execution_start":
                self._shown[job] = now
                self._write(f"job {job[:_SHORT_ID]}: started")
            elif message.type in _ENDS:
                self._shown.pop(job, None)
                self._write(f"job {job[:_SHORT_ID]}: {ending(message)}")
        if job in self._shown and now - self._shown[job] >= LINE_INTERVAL:
            self._shown[job] = now
            self._write(f"job {job[:_SHORT_ID]}: {how_far(self._services, job)}")

    def close(self) -> None:
        """Nothing is held."""


class JobBars:
    """A bar for each job that runs; jobs that ended leave a line.

    Args:
        services: Knows how far jobs are.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self._bars: Progress | None = None
        self._tasks: dict[str, TaskID] = {}
        self._drawn = 0.0

    def __call__(self, job: str, messages: Sequence[Message]) -> None:
        """Show messages of one job."""
        bars = self._bars or self._start()
        for message in messages:
            if message.type == "execution_start" and job not in self._tasks:
                self._tasks[job] = bars.add_task(f"job {job[:_SHORT_ID]}", total=100, note="")
            elif message.type in _ENDS and job in self._tasks:
                bars.remove_task(self._tasks.pop(job))
                bars.console.print(f"job {job[:_SHORT_ID]}: {ending(message)}", markup=False)
        now = time.monotonic()
        if job in self._tasks and now - self._drawn >= DRAW_INTERVAL:
            self._drawn = now
            found = self._services.queue.get(job)
            percent = 0.0 if found is None else found.percent
            note = how_far(self._services, job)
            bars.update(self._tasks[job], completed=percent, note=note)
            bars.refresh()

    def close(self) -> None:
        """Stop drawing."""
        if self._bars is not None:
            self._bars.stop()

    def _start(self) -> Progress:
        """Draw from now on; loaded here because a server without jobs needs none of it."""
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        self._bars = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[note]}", style="dim", markup=False),
            console=Console(stderr=True),
            auto_refresh=False,
        )
        self._bars.start()
        return self._bars


def how_far(services: Services, job: str) -> str:
    """Return how far a job is: `40 %, 12 s left, 3 more wait`."""
    found = services.queue.get(job)
    if found is None:
        return ""
    parts = [f"{found.percent:.0f} %"]
    if found.seconds_left is not None:
        parts.append(f"{found.seconds_left:.0f} s left")
    waiting = services.queue.remaining - len(services.queue.running())
    if waiting:
        parts.append(f"{waiting} more wait")
    return ", ".join(parts)


def ending(message: Message) -> str:
    """Return how a job ended, with the reason where it failed."""
    told = _ENDS[message.type]
    if message.type != "execution_error":
        return told
    data = mapping(mapping(msgspec.json.decode(message.frame)).get("data"))
    reason = str(data.get("exception_message") or "").strip().partition("\n")[0]
    return f"{told} in node {data.get('node_id')} ({data.get('node_type')}): {reason}"


def _to_stderr(text: str) -> None:
    sys.stderr.write(f"{text}\n")
