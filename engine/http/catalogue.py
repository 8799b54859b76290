"""`/object_info` as bytes that are ready to be sent, made anew only where files have changed."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.declare.catalogue import object_info
from engine.errors import FileProblemError
from engine.listing import folders_beneath

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from engine.declare.registry import Registry
    from engine.files import Folders

_SETTLED = 1.0
"""Seconds after which a folder's time of change tells every later change apart."""
_LEVEL = 6

Seen = dict[str, int]
"""Folders with the times of their last change, in nanoseconds; -1 where there is none."""


@dataclass(frozen=True)
class Text:
    """JSON, and the same compressed.

    Attributes:
        plain: UTF-8.
        zipped: Gzip.
        tag: The same for the same text.
    """

    plain: bytes
    zipped: bytes
    tag: str


class Catalogue:
    """The built-in kinds of nodes, and those of packs, as `/object_info` shows them.

    Args:
        registry: The built-in kinds.
        folders: Where the files are that choices list.
    """

    def __init__(self, registry: Registry, folders: Folders) -> None:
        self._registry = registry
        self._folders = folders
        self._listed = _listed_folders(registry)
        self._seen: Seen | None = None
        self._own = b"{}"
        self._text: tuple[bytes, bytes, Text] | None = None

    def one(self, name: str) -> bytes | None:
        """Return one built-in kind as a JSON object by its id, or None where there is none."""
        kind = self._registry.get(name)
        if kind is None:
            return None
        return _json({name: object_info(kind.spec, self._folders)})

    def all(self, foreign: bytes) -> Text:
        """Return all kinds.

        Args:
            foreign: JSON object of the kinds of packs.
        """
        own = self._built_in()
        if self._text is None or self._text[0] is not own or self._text[1] != foreign:
            parts = [part for part in (own[1:-1], foreign.strip()[1:-1].strip()) if part]
            plain = b"{%s}" % b", ".join(parts)
            zipped = gzip.compress(plain, _LEVEL, mtime=0)
            tag = hashlib.sha256(plain).hexdigest()[:32]
            self._text = (own, foreign, Text(plain, zipped, tag))
        return self._text[2]

    def _built_in(self) -> bytes:
        if self._seen is None or not _is_current(self._seen):
            seen = _times(self._roots())
            specs = self._registry.specs()
            infos = {spec.id: object_info(spec, self._folders) for spec in specs}
            own = _json(infos)
            if own != self._own:
                self._own = own
            newest = max(seen.values(), default=0)
            settled = time.time_ns() - newest > _SETTLED * 1e9
            self._seen = seen if settled else None
        return self._own

    def _roots(self) -> Iterator[Path]:
        for name in self._listed:
            try:
                yield from self._folders.roots(name)
            except FileProblemError:
                continue


def _json(value: object) -> bytes:
    return json.dumps(value, default=str).encode("ascii")


def _listed_folders(registry: Registry) -> tuple[str, ...]:
    """Return the folders whose files some choice lists."""
    named = (one.folder for spec in registry.specs() for one in spec.inputs)
    return tuple(sorted({name for name in named if name is not None}))


def _times(roots: Iterable[Path]) -> Seen:
    """Return the times of folders and of all beneath them; every new file changes one of them."""
    seen: Seen = {}
    for root in roots:
        seen[str(root)] = _time(str(root))
        for directory in folders_beneath(root):
            seen[directory] = _time(directory)
    return seen


def _time(folder: str) -> int:
    try:
        return os.stat(folder).st_mtime_ns  # noqa: PTH116 - a Path for each would cost more
    except OSError:
        return -1


def _is_current(seen: Seen) -> bool:
    return all(_time(folder) == then for folder, then in seen.items())
