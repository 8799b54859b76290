"""What is in a user's folder, in the shapes that the front end lists it in."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from engine.http.part import PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterator


class FileInfo(msgspec.Struct, frozen=True):
    """A file and what the file system says about it.

    Attributes:
        path: Relative, with `/` between its parts.
        size: In bytes.
        modified: Seconds since 1970.
        created: Seconds since 1970; of the last change of name or rights on Linux.
    """

    path: str
    size: int
    modified: float
    created: float


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """A file or folder.

    Attributes:
        name: The last part of its path.
        path: Relative to the user's folder.
        type: What it is.
        size: Of a file, in bytes.
        modified: Of a file, seconds since 1970.
    """

    name: str
    path: str
    type: Literal["file", "directory"]
    size: int | None = None
    modified: float | None = None


def info_of(path: Path, root: Path) -> FileInfo:
    """Return what is known about a file.

    Args:
        path: The file.
        root: What its path is told relative to.

    Raises:
        OSError: It is gone.
    """
    stat = path.stat()
    return FileInfo(path.relative_to(root).as_posix(), stat.st_size, stat.st_mtime, stat.st_ctime)


def files_in(folder: Path, *, deep: bool) -> list[FileInfo]:
    """Return the files in a folder, sorted by path; links are left out.

    Args:
        folder: The folder.
        deep: Files in the folders beneath count too.
    """
    found = [
        FileInfo(
            Path(entry.path).relative_to(folder).as_posix(),
            stat.st_size,
            stat.st_mtime,
            stat.st_ctime,
        )
        for entry, stat in _walk(folder, deep=deep)
        if entry.is_file(follow_symlinks=False)
    ]
    return sorted(found, key=lambda one: one.path)


def tree_of(folder: Path, root: Path) -> list[Entry]:
    """Return everything beneath a folder: folders first, then by name; links are left out.

    Args:
        folder: The folder.
        root: What paths are told relative to.
    """
    found: list[Entry] = []
    for entry, stat in _walk(folder, deep=True):
        path = Path(entry.path).relative_to(root).as_posix()
        if entry.is_dir(follow_symlinks=False):
            found.append(Entry(entry.name, path, "directory"))
        elif entry.is_file(follow_symlinks=False):
            found.append(Entry(entry.name, path, "file", stat.st_size, stat.st_mtime))
    return sorted(found, key=lambda one: (one.type == "file", one.name.lower(), one.path))


def _walk(folder: Path, *, deep: bool) -> Iterator[tuple[os.DirEntry[str], os.stat_result]]:
    waiting = [folder]
    while waiting:
        try:
            entries = list(os.scandir(waiting.pop()))
        except OSError:  # removed or locked meanwhile
            continue
        for entry in entries:
            if entry.name.startswith(PREFIX):
                continue
            try:
                stat = entry.stat(follow_symlinks=False)
            except OSError:
                continue
            yield entry, stat
            if deep and entry.is_dir(follow_symlinks=False):
                waiting.append(Path(entry.path))
