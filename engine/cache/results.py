"""The results cache: what nodes gave, by key, over three tiers with byte budgets."""

from __future__ import annotations

import threading
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from engine.cache.budgets import Budgets
from engine.cache.disk import DiskTier
from engine.cache.index import Index, Record
from engine.cache.memory import Entry, MemoryTier
from engine.cache.policy import Policy, Retention
from engine.cache.stats import CacheStats, TierStats
from engine.cache.values import fingerprint, handle, measure, move
from engine.declare.spec import Blocker
from engine.graph.keys import content_id

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from pathlib import Path

    from engine.cache.kinds import Size

SMALL_BYTES = 16 * 1024**2
"""Up to this size an output is known by its content; hashing so much takes some 15 ms."""

GONE: Final[Any] = object()
"""What `get` returns for a value that no tier has."""

handle(Blocker)


class ResultsCache:
    """Keeps what nodes gave. Safe to use from many threads; the disk tier from many processes.

    Values are known by value ids; a node's key leads to the ids of its values. The ids stay known
    after the values are gone, so that a run which finds everything at its ends loads nothing.

    Args:
        budgets: Bytes for each tier.
        folder: Where the disk tier lives; None keeps results in memory only.
        policy: What outlives a run besides.

    Attributes:
        policy: What outlives a run.
        budgets: Bytes for each tier.
    """

    def __init__(
        self,
        budgets: Budgets | None = None,
        *,
        folder: Path | None = None,
        policy: Policy | None = None,
    ) -> None:
        budgets = budgets or Budgets()
        self.policy = policy or Policy()
        self._retention = Retention(self.policy) if self.policy.counts_runs else None
        self.budgets = budgets
        self._lock = threading.RLock()
        self._held: Counter[bytes] = Counter()
        self._used: Counter[bytes] = Counter()
        self._gpu = MemoryTier(budgets.gpu, self._held)
        self._ram = MemoryTier(budgets.ram, self._held)
        self._warnings: list[str] = []
        self._disk: DiskTier | None = None
        if folder is not None and budgets.disk > 0:
            self._disk = DiskTier(folder, budgets.disk, self._warnings.append)
        self._index = Index(self._disk)

    def find(self, key: bytes) -> Record | None:
        """Return what is known about a node's key, whether or not its values are still kept."""
        record = self._index.records.get(key)
        if self._retention is None and (record is not None or self._disk is None):
            return record
        with self._lock:
            record = self._index.find(key)
            if self._retention is not None and record is not None:
                self._retention.note(key)
            return record

    def record(self, key: bytes, record: Record) -> None:
        """Keep what is known about a node's key."""
        with self._lock:
            self._index.put(key, record)
            if self._retention is not None:
                self._retention.note(key)

    def holds(self, value_id: bytes) -> bool:
        """Tell whether some tier has a value."""
        if value_id in self._ram.entries or value_id in self._gpu.entries:
            return True
        with self._lock:
            return self._disk is not None and self._disk.holds(value_id)

    def get(self, value_id: bytes) -> Any:
        """Return a value, on the device where it belongs, or `GONE`."""
        with self._lock:
            entry = self._gpu.entries.get(value_id)
            if entry is not None:
                self._gpu.touch(entry)
                return entry.value
            entry = self._ram.entries.get(value_id)
            if entry is None:
                return self._read_back(value_id)
            self._ram.touch(entry)
            return entry.value if entry.home == "cpu" else self._promote(entry)

    def identify(self, value: Any) -> tuple[bytes | None, Size]:
        """Return the content id of a value, or None where it has none, and its size."""
        size = measure(value)
        content = fingerprint(value) if size.total <= SMALL_BYTES else None
        return None if content is None else content_id(content), size

    def put(self, value_id: bytes, value: Any, seconds: float, size: Size | None = None) -> None:
        """Keep a value in place of what has its id.

        A value that took longer to compute than reading it back would is on disk when this
        returns, so that a crash does not cost it again.

        Args:
            value_id: Its id.
            value: The value; nobody may change it from now on.
            seconds: What computing it took.
            size: Its size, where that is known already.
        """
        size = size or measure(value)
        entry = Entry(value_id, value, size, seconds, home=size.device)
        with self._lock:
            if self._disk is not None and entry.is_dear:
                self._save(self._disk, entry)
            self._insert(entry)
            self._shrink()

    def hold(self, value_ids: Iterable[bytes]) -> None:
        """Keep values from being lost until `release`; they may still move to a slower tier."""
        with self._lock:
            for value_id in value_ids:
                self._held[value_id] += 1

    def release(self, value_ids: Iterable[bytes]) -> None:
        """Undo `hold`."""
        with self._lock:
            for value_id in value_ids:
                self._held[value_id] -= 1
                if self._held[value_id] == 0:
                    del self._held[value_id]
                    if self.policy.kind == "none":
                        self._drop(value_id)
                    self._gpu.release(value_id)
                    self._ram.release(value_id)
            self._shrink()

    def use(self, value_ids: Iterable[bytes]) -> None:
        """Keep values in memory, where they are, until `unuse`: a node reads them."""
        with self._lock:
            for value_id in value_ids:
                self._used[value_id] += 1
                self._held[value_id] += 1

    def unuse(self, value_ids: Iterable[bytes]) -> None:
        """Undo `use`."""
        ids = list(value_ids)
        with self._lock:
            self._used.subtract(ids)
            for value_id in ids:
                if self._used[value_id] <= 0:
                    del self._used[value_id]
            self.release(ids)

    def evict(self) -> int:
        """Give up everything in memory that no run needs; returns how many bytes that freed."""
        with self._lock:
            before = self._ram.bytes + self._gpu.bytes
            for tier in (self._gpu, self._ram):
                for value_id in [kept for kept in tier.entries if kept not in self._held]:
                    tier.remove(value_id)
            return before - self._ram.bytes - self._gpu.bytes

    def bytes_on(self, device: str) -> int:
        """Return what results hold of a device's memory; see `share`."""
        return self._tier(device).bytes

    def share(self, device: str, room: Callable[[], int]) -> None:
        """Let the results on a device hold no more than others leave to them.

        Args:
            device: `cpu` or a kind of accelerator.
            room: Returns the bytes that are left; called from any thread, so it must not wait.
        """
        self._tier(device).room = room

    def give_up(self, device: str, count: int) -> int:
        """Free so many bytes on a device where no node reads them now; returns how many it was."""
        with self._lock:
            tier = self._tier(device)
            before, room = tier.bytes, tier.room
            tier.room = lambda: max(before - count, 0)
            try:
                self._shrink()
            finally:
                tier.room = room
            return before - tier.bytes

    def clear(self) -> None:
        """Forget everything that no run needs, on disk too."""
        with self._lock:
            self.evict()
            self._index.clear()
            if self._disk is not None:
                self._disk.clear()

    def end_run(self) -> None:
        """Give up what does not outlive a run, and write what is known about keys to disk."""
        with self._lock:
            if self.policy.kind == "none":
                self.clear()
            if self._retention is not None:
                self._forget(self._retention.end_run())
            self._index.flush()
            if self._disk is not None:
                self._disk.trim_index()

    def close(self) -> None:
        """Write what is left to write and let go of the files; the next use opens them again."""
        with self._lock:
            self._index.flush()
            if self._disk is not None:
                self._disk.close()

    def take_warnings(self) -> list[str]:
        """Return what the user should know since the last call."""
        with self._lock:
            warnings = list(self._warnings)
            self._warnings.clear()
            return warnings

    def stats(self) -> CacheStats:
        """Return what the cache holds."""
        with self._lock:
            disk = (self._disk.bytes(), self._disk.count()) if self._disk else (0, 0)
            return CacheStats(
                gpu=self._gpu.stats(),
                ram=self._ram.stats(),
                disk=TierStats(bytes=disk[0], budget=self.budgets.disk, entries=disk[1]),
                records=len(self._index),
                held=len(self._held),
            )

    def _forget(self, keys: Collection[bytes]) -> None:
        """Forget what is known about some keys, and the values that no other key leads to."""
        if not keys:
            return
        leaving = {one for key in keys for one in _values_of(self._index.forget(key))}
        if self._disk is not None:
            self._disk.forget(keys)
        for record in self._index.records.values():
            leaving.difference_update(record.values)
        for value_id in leaving - self._held.keys():
            self._drop(value_id)
            if self._disk is not None:
                self._disk.remove(value_id)

    def _tier(self, device: str) -> MemoryTier:
        return self._ram if device == "cpu" else self._gpu

    def _drop(self, value_id: bytes) -> None:
        self._gpu.remove(value_id)
        self._ram.remove(value_id)

    def _insert(self, entry: Entry) -> None:
        here, there = (self._ram, self._gpu)
        if entry.size.device != "cpu":
            here, there = there, here
        there.remove(entry.id)
        here.add(entry)

    def _read_back(self, value_id: bytes) -> Any:
        loaded = None if self._disk is None else self._disk.load(value_id)
        if loaded is None:
            return GONE
        value, seconds = loaded
        size = measure(value)
        self._insert(Entry(value_id, value, size, seconds, home=size.device))
        self._shrink(but=value_id)
        return value

    def _promote(self, entry: Entry) -> Any:
        value = move(entry.value, entry.home)
        size = measure(value)
        self._insert(Entry(entry.id, value, size, entry.seconds, home=entry.home, uses=entry.uses))
        self._shrink(but=entry.id)
        return value

    def _shrink(self, but: bytes | None = None) -> None:
        """Bring every tier back into its budget, as far as nobody needs what is in it."""
        if self._gpu.bytes > self._gpu.budget:
            for entry in self._gpu.victims():
                self._demote(entry)
            for entry in self._spillable(self._gpu, but):
                self._demote(entry)
        if self._ram.bytes > self._ram.budget:
            for entry in self._ram.victims():
                if self._disk is not None and entry.is_dear and not self._disk.holds(entry.id):
                    self._save(self._disk, entry)
                self._ram.remove(entry.id)
            self._spill(but)

    def _demote(self, entry: Entry) -> None:
        """Move an entry from the device to host memory."""
        value = move(entry.value, "cpu")
        self._insert(
            Entry(entry.id, value, measure(value), entry.seconds, home=entry.home, uses=entry.uses)
        )

    def _spill(self, but: bytes | None) -> None:
        """Move values that are held but not read right now to disk."""
        if self._disk is None:
            return
        for entry in self._spillable(self._ram, but):
            if self._disk.holds(entry.id) or self._save(self._disk, entry):
                self._ram.remove(entry.id)

    def _spillable(self, tier: MemoryTier, but: bytes | None) -> Iterable[Entry]:
        """Yield, while a tier is over its budget, what is held but not used, the largest first."""
        if tier.bytes <= tier.budget:
            return
        entries = [
            entry
            for entry in tier.entries.values()
            if entry.id in self._held and entry.id not in self._used and entry.id != but
        ]
        for entry in sorted(entries, key=lambda entry: -entry.size.total):
            if tier.bytes <= tier.budget:
                return
            yield entry

    def _save(self, disk: DiskTier, entry: Entry) -> bool:
        if not disk.save(entry.id, entry.value, entry.seconds):
            return False
        disk.shrink(self._held.__contains__)
        return True


def _values_of(record: Record | None) -> Iterable[bytes]:
    return () if record is None else record.values
