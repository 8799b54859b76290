"""A file on its way in: it gets its name when it is whole, or never."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
import shutil
import time
from pathlib import Path
from typing import Self

_NO_HARD_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK})
PREFIX = ".part-"
"""How the names of files begin that are not whole yet."""
_BLOCK = 2**20
_STALE_SECONDS = 3600


class Part:
    """What has come so far, under a name that nobody asks for; gone at the end of the block.

    Args:
        folder: Where it lies meanwhile; best on the file system of the target. Made if missing.

    Raises:
        OSError: The folder cannot be made or written.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{PREFIX}{secrets.token_hex(8)}"
        self.size = 0
        self._hash = hashlib.sha256()
        self._file = self.path.open("xb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # What `finish` did not bring to the disk is thrown away, so its errors are too.
        with contextlib.suppress(OSError):
            self._file.close()
        self.path.unlink(missing_ok=True)

    def write(self, data: bytes) -> None:
        """Add bytes.

        Raises:
            OSError: The disk is full.
        """
        self._file.write(data)
        self._hash.update(data)
        self.size += len(data)

    def finish(self) -> None:
        """Bring everything to the disk; nothing is written after it.

        Raises:
            OSError: The disk is full.
        """
        self._file.flush()
        os.fsync(self._file.fileno())

    def is_same_as(self, other: Path) -> bool:
        """Tell whether a file has the same content, byte for byte as far as SHA-256 can tell."""
        if not other.is_file() or other.stat().st_size != self.size:
            return False
        with other.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest() == self._hash.digest()

    def publish(self, target: Path, *, overwrite: bool) -> bool:
        """Give the finished file its name, at once and as a whole.

        Args:
            target: Its folder is made if it is missing.
            overwrite: A file of that name is replaced; otherwise it stays as it is.

        Returns:
            False where a file of that name is there already and stays.

        Raises:
            OSError: The target is a folder, or beneath a file, or cannot be written.
        """
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            return put_in_place(self.path, target, overwrite=overwrite)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
        with Part(target.parent) as near:
            with self.path.open("rb") as source:
                while data := source.read(_BLOCK):
                    near.write(data)
            near.finish()
            return put_in_place(near.path, target, overwrite=overwrite)

    def append_to(self, target: Path) -> None:
        """Add the finished file's bytes to the end of another file, all of them or none.

        Args:
            target: It and its folder are made if they are missing.

        Raises:
            OSError: The disk is full, or the target is no file.
        """
        target.parent.mkdir(parents=True, exist_ok=True)
        size = target.stat().st_size if target.exists() else 0
        try:
            with self.path.open("rb") as source, target.open("ab") as file:
                shutil.copyfileobj(source, file)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            with contextlib.suppress(OSError):
                os.truncate(target, size)
            raise


def sweep(folder: Path) -> None:
    """Delete what uploads left in a folder whose server was killed; of the last hour nothing.

    Args:
        folder: Where parts lie; those in folders beneath stay.
    """
    with contextlib.suppress(OSError):
        oldest = time.time() - _STALE_SECONDS
        for entry in os.scandir(folder):
            if (
                entry.name.startswith(PREFIX)
                and entry.stat(follow_symlinks=False).st_mtime < oldest
            ):
                Path(entry.path).unlink(missing_ok=True)


def put_in_place(part: Path, target: Path, *, overwrite: bool) -> bool:
    """Give a file another name on the same file system, at once.

    Args:
        part: The file; the old name may stay beside the new one.
        target: The new name; its folder is there.
        overwrite: A file of that name is replaced.

    Returns:
        False where a file of that name is there already and stays.

    Raises:
        OSError: As for `Part.publish`.
    """
    if overwrite:
        part.replace(target)
        return True
    try:
        # Unlike a rename, a link never takes the place of another file.
        os.link(part, target)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        return _reserve(part, target)
    return True


def _reserve(part: Path, target: Path) -> bool:
    """Publish where the file system has no links: an empty file holds the place for a moment."""
    try:
        target.touch(exist_ok=False)
    except FileExistsError:
        return False
    part.replace(target)
    return True
