"""What the cache knows about a step, and what it is told about one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, cast

from engine.cache.index import Record
from engine.graph.keys import NOTHING, demanded, digest, nonce

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from engine.cache.results import ResultsCache
    from engine.files import Folders
    from engine.graph.model import Link
    from engine.run.addresses import Addresses
    from engine.run.step import Step


class Lookup:
    """Finds records by the keys of steps, and writes them.

    Args:
        cache: Keeps the records.
        addresses: Makes the keys.
        folders: Where saved files are looked for.
        known: Records of nodes by id; what is written is added.

    Attributes:
        known: The same.
    """

    def __init__(
        self,
        cache: ResultsCache,
        addresses: Addresses,
        folders: Folders,
        known: dict[str, Record],
    ) -> None:
        self._cache = cache
        self._addresses = addresses
        self.known = known
        self._roots = {
            "output": str(folders.output),
            "temp": str(folders.temp),
            "input": str(folders.input),
        }

    def value_id(self, link: Link) -> bytes:
        """Return the id of the value that a link carries, whose source is known."""
        values = self.known[link.node].values
        return values[link.slot] if link.slot < len(values) else NOTHING

    def result(self, key: bytes) -> Record | None:
        """Return what is known under a key, unless files that it tells of are gone."""
        record = self._cache.find(key)
        if record is not None and record.ui and not self._files_exist(record.ui):
            return None
        return record

    def find(self, step: Step) -> Record | None:
        """Return what is known about a step whose inputs' value ids are known.

        Sets the step's key, which covers the lazy inputs asked for so far.
        """
        if step.sought:
            step.sought = False
            return None
        step.key = self._last_key(step)
        record = self.result(step.key)
        if record is not None and not set(record.asks) <= set(step.not_asked()):
            return None
        return record

    def linked_files(self, step: Step) -> list[str]:
        """Return the linked inputs that name files, whose values therefore enter the key."""
        facts = step.facts
        return [
            name
            for name in step.links
            if (declared := facts.input(name)) is not None and declared.folder is not None
        ]

    def final_key(self, step: Step) -> bytes:
        """Return the key under which the result of a step that has run is kept.

        Where a file changed under the step's feet, or the node says that the result is none to
        keep, that is a key that nobody will ever find.
        """
        if step.provisional or not self._addresses.files_held_still(step):
            step.key = digest(nonce())
        else:
            step.key = self._last_key(step)
        return step.key

    def write(self, step: Step, record: Record) -> None:
        """Keep what a step gave, and what it asked for on the way."""
        self.known[step.id] = record
        if step.asked:
            for key, asks in self._keys(step):
                if asks:
                    self._cache.record(key, Record(asks=asks, seconds=record.seconds))
        self._cache.record(step.key, record)

    def _last_key(self, step: Step) -> bytes:
        if not step.asked and not step.facts.names_files:
            return self._addresses.first(step, self.value_id)
        return [key for key, _ in self._keys(step)][-1]

    def _keys(self, step: Step) -> Iterator[tuple[bytes, tuple[str, ...]]]:
        """Yield the keys of a step, each with what it asks for next; the last asks nothing."""
        key = self._addresses.first(step, self.value_id)
        files = self.linked_files(step) if step.links else ()
        if files:
            key = demanded(key, [self._linked_file(step, name) for name in files])
        for names in step.asked:
            yield key, names
            key = self._addresses.after(key, step, names, self.value_id)
        yield key, ()

    def _linked_file(self, step: Step, name: str) -> bytes:
        declared = step.facts.input(name)
        items = self._cache.get(self.value_id(step.links[name]))
        folder = declared.folder if declared is not None else None
        names = [item for item in items if isinstance(item, str)] if folder else []
        parts = [step.facts.entries[name].constant]
        for item in names:
            part, file = self._addresses.file_part(str(folder), item, name)
            step.files = (*step.files, file)
            parts.append(part)
        return b"".join(parts)

    def _files_exist(self, ui: Mapping[str, list[Any]]) -> bool:
        """Tell whether the files that a node saved are still there."""
        return all(
            os.path.exists(self._path(cast("dict[str, Any]", item)))  # noqa: PTH110 - a hot loop
            for items in ui.values()
            for item in items
            if isinstance(item, dict) and "filename" in item
        )

    def _path(self, item: Mapping[str, Any]) -> str | Path:
        root = self._roots.get(item.get("type", "output"), self._roots["output"])
        return f"{root}/{item.get('subfolder') or '.'}/{item['filename']}"
