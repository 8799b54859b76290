"""The files beneath a folder, remembered as long as no folder changes."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_RACY_NS = 2_000_000_000
"""Coarsest common file clock (FAT): a folder this young may change again without a new time."""
_GONE = -1
_SKIPPED = ".git"


@dataclass(frozen=True, slots=True)
class _Listing:
    """What was found.

    Attributes:
        names: Relative paths with `/`, sorted.
        changed: The folders that were looked into, with the times of their last changes.
        settled: All these times were old enough to tell every later change.
    """

    names: tuple[str, ...]
    changed: tuple[tuple[str, int], ...]
    settled: bool

    def holds(self) -> bool:
        """Tell whether nothing was added or removed since."""
        return self.settled and all(_time(folder) == then for folder, then in self.changed)


class Listings:
    """Lists files. A second look costs one question for each folder, however many files it has.

    Safe to use from many threads.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[str, frozenset[str]], _Listing] = {}

    def of(self, root: Path, suffixes: frozenset[str]) -> tuple[str, ...]:
        """Return the files beneath a folder as relative paths with `/`, sorted.

        Links to folders are followed, each real folder once; `.git` is skipped.

        Args:
            root: The folder; where there is none, nothing is found.
            suffixes: Lower-case suffixes with their dot; none at all means every file.
        """
        key = (str(root), suffixes)
        listing = self._known.get(key)
        if listing is None or not listing.holds():
            listing = self._known[key] = _look(str(root), suffixes)
        return listing.names


def folders_beneath(root: Path) -> Iterator[str]:
    """Yield a folder and those beneath it; links are followed, each real folder comes once."""
    seen: set[tuple[int, int]] = set()
    rest = [str(root)]
    while rest:
        folder = rest.pop()
        try:
            stat = os.stat(folder)  # noqa: PTH116 - asked for thousands of folders
            known = (stat.st_dev, stat.st_ino) in seen
            found = [] if known else [one.path for one in os.scandir(folder) if _is_folder(one)]
        except OSError:
            continue
        if not known:
            seen.add((stat.st_dev, stat.st_ino))
            rest.extend(sorted(found, reverse=True))
            yield folder


def _look(root: str, suffixes: frozenset[str]) -> _Listing:
    began = time.time_ns()
    names: list[str] = []
    changed: list[tuple[str, int]] = []
    seen: set[tuple[int, int]] = set()
    rest = [(root, "")]
    while rest:
        folder, prefix = rest.pop()
        changed.append((folder, _time(folder)))
        try:
            stat = os.stat(folder)  # noqa: PTH116 - asked for thousands of folders
            entries = list(os.scandir(folder))
        except OSError:
            continue
        if (stat.st_dev, stat.st_ino) in seen:
            continue
        seen.add((stat.st_dev, stat.st_ino))
        for entry in entries:
            if _is_folder(entry):
                if entry.name != _SKIPPED:
                    rest.append((entry.path, f"{prefix}{entry.name}/"))
            elif not suffixes or os.path.splitext(entry.name)[1].lower() in suffixes:  # noqa: PTH122
                names.append(prefix + entry.name)
    newest = max(then for _, then in changed)
    return _Listing(tuple(sorted(names)), tuple(changed), began - newest > _RACY_NS)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a circle of links
        return False


def _time(folder: str) -> int:
    try:
        return os.stat(folder).st_mtime_ns  # noqa: PTH116 - asked for thousands of folders
    except OSError:
        return _GONE
