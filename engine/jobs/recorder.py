"""The node that a worker runs, written where it can be read after the worker has died."""

from __future__ import annotations

import mmap
import os
import tempfile

_SIZE = 4096
_LENGTH_BYTES = 2


class Recorder:
    """A page of memory that two processes share.

    Messages wait a little before they are sent, and what waits dies with its process; this page
    does not.

    Args:
        descriptor: Of a file of one page, as `new_page` makes it.
    """

    def __init__(self, descriptor: int) -> None:
        self._page = mmap.mmap(descriptor, _SIZE)

    def write(self, node: str) -> None:
        """Note a node's id; empty for none."""
        text = node.encode()[: _SIZE - _LENGTH_BYTES]
        self._page[: _LENGTH_BYTES + len(text)] = len(text).to_bytes(_LENGTH_BYTES) + text

    def read(self) -> str:
        """Return the node's id."""
        length = int.from_bytes(self._page[:_LENGTH_BYTES])
        return self._page[_LENGTH_BYTES : _LENGTH_BYTES + length].decode("utf-8", "replace")

    def close(self) -> None:
        """Let go of the page."""
        self._page.close()


def new_page() -> int:
    """Return the descriptor of a new page."""
    with tempfile.TemporaryFile(prefix="loom-node-") as file:
        file.truncate(_SIZE)
        return os.dup(file.fileno())
