"""What a user's workflows held before: no client can overwrite or delete one beyond recovery."""

from __future__ import annotations

import contextlib
import os
import shutil
from typing import TYPE_CHECKING

from engine.files import beneath
from engine.http.part import PREFIX

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "versions"
"""Where former contents lie: `versions/workflows/a.json/<tag>.json` for `workflows/a.json`."""
_OF = "workflows"
_MOST = 200
_MOST_BYTES = 256 * 2**20
"""All former contents of one workflow; the newest stays whatever it takes."""


def tag_of(path: Path) -> str | None:
    """Return the ETag of a file as `GET` tells it, without quotes; None where there is no file."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return f"{stat.st_mtime_ns:x}-{stat.st_size:x}"


def make_newer(path: Path, other: Path) -> None:
    """Give a file a later time than the one that it replaces, so that they never share a tag.

    Clocks of file systems tick a few hundred times a second, and may be put back.

    Args:
        path: What is to be newer.
        other: What it replaces, if that is there.
    """
    with contextlib.suppress(OSError):
        own, there = path.stat(), other.stat().st_mtime_ns
        if own.st_mtime_ns <= there:
            os.utime(path, ns=(own.st_atime_ns, there + 1))


def is_versioned(home: Path, path: Path) -> bool:
    """Tell whether former contents of a file are kept: it is a workflow, not the list of bookmarks.

    Args:
        home: The user's folder.
        path: From the path door.
    """
    parts = path.relative_to(home.resolve()).parts
    return len(parts) > 1 and parts[0] == _OF and path.suffix == ".json" and path.name[0] != "."


def keep_version(home: Path, path: Path) -> None:
    """Keep what a workflow holds before it is replaced or deleted; the newest 200 or 256 MB stay.

    Args:
        home: The user's folder.
        path: From the path door; it may be missing, and files that are no workflows are left alone.

    Raises:
        OSError: The disk is full.
    """
    tag = tag_of(path)
    if tag is None or not path.is_file() or not is_versioned(home, path):
        return
    folder = _folder_of(home, path)
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"{tag}.json"
    if kept.exists():
        return
    try:
        os.link(path, kept)
    except OSError:  # no hard links on this file system
        part = folder / f"{PREFIX}{tag}"
        shutil.copy2(path, part)
        part.replace(kept)
    _forget_old(folder)


def move_versions(home: Path, source: Path, target: Path) -> None:
    """Let former contents follow a workflow that got another name.

    Args:
        home: The user's folder.
        source: The old path, from the path door.
        target: The new one.
    """
    if source == target or not (is_versioned(home, source) and is_versioned(home, target)):
        return
    old, new = _folder_of(home, source), _folder_of(home, target)
    if not old.is_dir():
        return
    new.mkdir(parents=True, exist_ok=True)
    for kept in _newest_first(old):
        kept.replace(new / kept.name)
    with contextlib.suppress(OSError):  # of a workflow in a folder of the same name, perhaps
        old.rmdir()


def _folder_of(home: Path, path: Path) -> Path:
    return beneath(home, f"{FOLDER}/{path.relative_to(home.resolve()).as_posix()}")


def _forget_old(folder: Path) -> None:
    size = 0
    for number, kept in enumerate(_newest_first(folder)):
        size += kept.stat().st_size
        if number >= _MOST or (number > 0 and size > _MOST_BYTES):
            kept.unlink(missing_ok=True)


def _newest_first(folder: Path) -> list[Path]:
    kept = [path for path in folder.glob("*.json") if path.is_file()]
    return sorted(kept, key=lambda path: path.stat().st_mtime_ns, reverse=True)
