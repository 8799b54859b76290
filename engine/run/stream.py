"""Events of a run, numbered, in order, from any thread."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.run.events import Event, Listener


class EventStream:
    """Numbers the events of one job and hands them on. Costs next to nothing without a listener.

    After `close` nothing is handed on any more: nodes can leave threads behind.

    Args:
        job: The job's id.
        listener: Takes the events, one at a time; None where nobody listens.
    """

    def __init__(self, job: str, listener: Listener | None) -> None:
        self.job = job
        self._listener = listener
        self._lock = threading.Lock()
        self._count = 0

    @property
    def heard(self) -> bool:
        """Somebody listens."""
        return self._listener is not None

    def send(self, event_type: type[Event], **facts: Any) -> None:
        """Make an event and hand it on.

        Args:
            event_type: What happened.
            **facts: Its fields besides job and sequence.
        """
        if self._listener is None:
            return
        with self._lock:
            if self._listener is None:
                return
            event = event_type(job=self.job, sequence=self._count, **facts)
            self._count += 1
            self._listener(event)

    def close(self) -> None:
        """Hand nothing on any more."""
        with self._lock:
            self._listener = None
