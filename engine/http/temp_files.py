"""The folder for temporary files, kept within a budget: the oldest previews go first."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

LOG = logging.getLogger("engine.http")

_YOUNG = 3600.0
"""Seconds in which a file may be one that a job or a page is about to read."""
_PAUSE = 3600.0
"""Seconds between two looks while the server runs."""


class _Found(NamedTuple):
    changed: float
    size: int
    path: str


@dataclass(frozen=True)
class Pruned:
    """What was deleted.

    Attributes:
        files: So many.
        size: Their bytes.
    """

    files: int
    size: int


async def keep_small(folder: Path, most_bytes: int) -> None:
    """Prune a folder now and every hour, until cancelled.

    Args:
        folder: For temporary files.
        most_bytes: What may stay.
    """
    while True:
        pruned = await asyncio.to_thread(prune, folder, most_bytes)
        if pruned.files:
            LOG.info("%d old files (%d bytes) of %s deleted", pruned.files, pruned.size, folder)
        await asyncio.sleep(_PAUSE)


def prune(folder: Path, most_bytes: int) -> Pruned:
    """Delete the files that changed longest ago, until the others are within a budget.

    Files of the last hour stay whatever they take, and so do folders. Links are neither followed
    nor deleted. A node whose preview is gone makes it anew when it is asked for again.

    Args:
        folder: For temporary files; it may be missing.
        most_bytes: What may stay.
    """
    found = sorted(_files(folder))
    over = sum(file.size for file in found) - most_bytes
    oldest = time.time() - _YOUNG
    files = size = 0
    for file in found:
        if size >= over or file.changed > oldest:
            break
        try:
            Path(file.path).unlink()
        except OSError:  # deleted meanwhile, or not ours to delete
            continue
        files += 1
        size += file.size
    return Pruned(files, size)


def _files(folder: Path) -> Iterator[_Found]:
    rest = [str(folder)]
    while rest:
        try:
            entries = list(os.scandir(rest.pop()))
        except OSError:
            continue
        for entry in entries:
            try:
                if entry.is_dir(follow_symlinks=False):
                    rest.append(entry.path)
                elif entry.is_file(follow_symlinks=False):
                    stat = entry.stat(follow_symlinks=False)
                    yield _Found(stat.st_mtime, stat.st_size, entry.path)
            except OSError:
                continue
