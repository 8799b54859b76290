"""The last lines of the log, kept for `/internal/logs`, and told to whoever listens."""

from __future__ import annotations

import datetime
import logging
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_LINES = 300


@dataclass(frozen=True)
class LogLine:
    """One line.

    Attributes:
        t: When, in ISO 8601 without a time zone, as ComfyUI writes it.
        m: What, with a line break at its end.
    """

    t: str
    m: str


class LogLines(logging.Handler):
    """Keeps the newest lines of the log."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: deque[LogLine] = deque(maxlen=MOST_LINES)
        self.listeners: list[Callable[[LogLine], None]] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line and tell it to the listeners, in the thread that logs."""
        when = datetime.datetime.fromtimestamp(record.created).isoformat()
        line = LogLine(when, record.getMessage() + "\n")
        self.lines.append(line)
        for listener in tuple(self.listeners):
            listener(line)
