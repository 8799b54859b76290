"""What is known about nodes' keys: which values they gave, also after the values are gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from engine.cache.disk import DiskTier

_MOST_RECORDS = 200_000
_DEAR_SECONDS = 0.005


class Record(msgspec.Struct, frozen=True, array_like=True):
    """What is known about a node's key.

    Attributes:
        values: Value ids by output slot.
        seconds: What running the node took.
        ui: What the editor shows.
        asks: Where this is not empty the node cannot tell its result yet: it asks for these lazy
            inputs first, and the key that they lead to has the rest.
    """

    values: tuple[bytes, ...] = ()
    seconds: float = 0.0
    ui: dict[str, list[Any]] = {}
    asks: tuple[str, ...] = ()


class Index:
    """Records by key. Not thread-safe: the cache holds the lock.

    Args:
        disk: Keeps the records between processes, or None.

    Attributes:
        records: Those in memory, by key; a look at them needs no lock.
    """

    def __init__(self, disk: DiskTier | None) -> None:
        self._disk = disk
        self.records: dict[bytes, Record] = {}
        self._unsaved: dict[bytes, Record] = {}

    def __len__(self) -> int:
        return len(self.records)

    def find(self, key: bytes) -> Record | None:
        """Return the record of a key."""
        record = self.records.get(key)
        if record is not None or self._disk is None:
            return record
        content = self._disk.find(key)
        if content is None:
            return None
        try:
            record = msgspec.msgpack.decode(content, type=Record)
        except msgspec.DecodeError:
            return None
        self._remember(key, record)
        return record

    def put(self, key: bytes, record: Record) -> None:
        """Keep a record; one that was dear is on disk when this returns."""
        self._remember(key, record)
        if self._disk is not None:
            self._unsaved[key] = record
            if record.seconds > _DEAR_SECONDS:
                self.flush()

    def forget(self, key: bytes) -> Record | None:
        """Forget a key in memory, and return what was known about it."""
        self._unsaved.pop(key, None)
        return self.records.pop(key, None)

    def flush(self) -> None:
        """Write to disk what is not there yet."""
        if self._disk is not None and self._unsaved:
            self._disk.record(_encoded(self._unsaved))
            self._unsaved.clear()

    def clear(self) -> None:
        """Forget everything, in memory."""
        self.records.clear()
        self._unsaved.clear()

    def _remember(self, key: bytes, record: Record) -> None:
        self.records[key] = record
        if len(self.records) > _MOST_RECORDS:
            del self.records[next(iter(self.records))]


def _encoded(records: dict[bytes, Record]) -> list[tuple[bytes, bytes]]:
    """Encode what is data; `ui` of third-party nodes can hold anything."""
    encoded: list[tuple[bytes, bytes]] = []
    for key, record in records.items():
        try:
            encoded.append((key, msgspec.msgpack.encode(record)))
        except (TypeError, ValueError, OverflowError, RecursionError):
            continue
    return encoded
