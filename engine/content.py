"""Content hashes of files, remembered while a file stays the same."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import msgspec

_RACY_NS = 2_000_000_000
"""Coarsest common file clock (FAT): a file this young may change again without a new time."""
_MOST_REMEMBERED = 20_000


@dataclass(frozen=True, kw_only=True)
class NamedFile:
    """A file that a workflow names.

    Attributes:
        path: Where it is.
        sha256: Hash of its whole content, lower-case hex.
    """

    path: Path
    sha256: str


class Signature(NamedTuple):
    """What a file system says about a file; it changes whenever the content does.

    Attributes:
        size: In bytes.
        modified: Modification time in nanoseconds.
        changed: Time of the last change of content or metadata in nanoseconds; unlike `modified`
            it cannot be set back.
        inode: Number of the file; another one after an atomic replacement.
    """

    size: int
    modified: int
    changed: int
    inode: int


class _Known(NamedTuple):
    signature: Signature
    sha256: str


class ContentHashes:
    """SHA-256 of files, memoised by path, size, times and inode. Safe to use from many threads.

    A hash taken within two seconds of the file's last change is not remembered, since the file
    could change again within one tick of the file system's clock.

    Args:
        memo: File that keeps the memo between processes; None keeps it in memory only. It is read
            at the first use and written, atomically, by `save`.
    """

    def __init__(self, memo: Path | None = None) -> None:
        self._memo = memo
        self._lock = threading.Lock()
        self._known: dict[str, _Known] | None = None
        self._changed = False

    def of(self, path: Path) -> str:
        """Return the SHA-256 of a file's content, lower-case hex.

        Raises:
            OSError: The file cannot be read.
        """
        return self.of_signed(path)[1]

    def of_signed(self, path: Path) -> tuple[Signature, str]:
        """Return the hash together with the signature that the file had when it was hashed."""
        name = str(path)
        signature = signature_of(name)
        with self._lock:
            known = self._load().get(name)
        if known is not None and known.signature == signature:
            return signature, known.sha256
        return self._hash(name, signature)

    def save(self) -> None:
        """Write the memo, where it changed; a disk that is full costs only the memo."""
        with self._lock:
            if self._memo is None or not self._changed:
                return
            content = msgspec.json.encode(self._known)
            self._changed = False
        with contextlib.suppress(OSError):
            _write_atomically(self._memo, content)

    def _hash(self, name: str, signature: Signature) -> tuple[Signature, str]:
        """Hash until the file held still, so that hash and signature belong together."""
        while True:
            began = time.time_ns()
            with open(name, "rb") as file:  # noqa: PTH123 - called for every file of every run
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            after = signature_of(name)
            if after == signature:
                break
            signature = after
        if began - max(signature.modified, signature.changed) > _RACY_NS:
            self._remember(name, _Known(signature, sha256))
        return signature, sha256

    def _remember(self, name: str, known: _Known) -> None:
        with self._lock:
            memo = self._load()
            memo.pop(name, None)
            memo[name] = known
            while len(memo) > _MOST_REMEMBERED:
                del memo[next(iter(memo))]
            self._changed = True

    def _load(self) -> dict[str, _Known]:
        if self._known is None:
            self._known = {}
            if self._memo is not None:
                with contextlib.suppress(OSError, msgspec.DecodeError):
                    content = self._memo.read_bytes()
                    self._known = msgspec.json.decode(content, type=dict[str, _Known])
        return self._known


def signature_of(path: str) -> Signature:
    """Return what the file system says about a file.

    Raises:
        OSError: There is no such file.
    """
    stat = os.stat(path)  # noqa: PTH116 - called for every file of every run
    return Signature(stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino)


def _write_atomically(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
