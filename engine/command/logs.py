"""The server's log: lines for people, or JSON for programs."""

from __future__ import annotations

import datetime
import json
import logging
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.http.options import ServeOptions

_FORMAT = "%(asctime)s %(levelname)-7s %(message)s"
_FACTS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, logger, message, and what was passed as `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as JSON."""
        when = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
        told = {
            "time": when.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        told |= {name: value for name, value in vars(record).items() if name not in _FACTS}
        if record.exc_info:
            told["traceback"] = self.formatException(record.exc_info)
        return json.dumps(told, default=str)


def start_logging(options: ServeOptions, *others: logging.Handler) -> None:
    """Send the log of the whole process where the options say, and to other handlers."""
    handler = logging.StreamHandler(sys.stdout if options.log_stdout else sys.stderr)
    formatter = JsonLines() if options.log_json else logging.Formatter(_FORMAT, "%H:%M:%S")
    handler.setFormatter(formatter)
    logging.basicConfig(level=options.verbose, handlers=[handler, *others], force=True)
    # The event loop would tell of every slow callback at this level.
    logging.getLogger("asyncio").setLevel(logging.WARNING)
