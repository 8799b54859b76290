"""Order between an answer and the messages that follow it on another connection."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Gate:
    """Holds back what a client would hear of a job before it has the answer to its submission.

    Many clients begin to listen when they have the answer, and would miss a job that is over by
    then. The job runs meanwhile; what is held leaves in its order.

    Args:
        send: Sends a frame of a type.
    """

    def __init__(self, send: Callable[[bytes, str], None]) -> None:
        self._send = send
        self._closed: set[str] = set()
        self._held: deque[tuple[str | None, bytes, str]] = deque()

    def put(self, frame: bytes, type: str, job: str | None = None) -> None:  # noqa: A002
        """Send a frame, or keep it until its job's gate and those before it are open.

        Args:
            frame: A whole frame.
            type: What it is.
            job: What it is about, where that is one job.
        """
        if self._held or job in self._closed:
            self._held.append((job, frame, type))
        else:
            self._send(frame, type)

    def close(self, job: str) -> None:
        """Hold back what is about a job."""
        self._closed.add(job)

    def open(self, job: str) -> None:
        """Let go of what is about a job, and of what waited behind it."""
        self._closed.discard(job)
        while self._held and self._held[0][0] not in self._closed:
            _, frame, type_ = self._held.popleft()
            self._send(frame, type_)
