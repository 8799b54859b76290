"""Content hashes of files, remembered while a file stays the same."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class NamedFile:
    """A file that a workflow names.

    Attributes:
        path: Where it is.
        sha256: Hash of its whole content, lower-case hex.
    """

    path: Path
    sha256: str


class ContentHashes:
    """SHA-256 of files, memoised by path, size, modification time and inode.

    Args:
        memo: File that keeps the memo between processes; None keeps it in memory only.
    """

    def __init__(self, memo: Path | None = None) -> None:
        self._memo = memo
        self._known: dict[tuple[str, int, int, int], str] = {}

    def of(self, path: Path) -> str:
        """Return the SHA-256 of a file's content, lower-case hex."""
        stat = path.stat()
        key = (str(path), stat.st_size, stat.st_mtime_ns, stat.st_ino)
        if key not in self._known:
            with path.open("rb") as file:
                self._known[key] = hashlib.file_digest(file, "sha256").hexdigest()
        return self._known[key]
