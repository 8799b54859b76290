"""The tier of the results cache on disk: one checksummed file per value, and an index in SQLite."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import sqlite3
import time
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import msgspec

from engine.cache.kinds import UnsavableValueError
from engine.cache.values import put_together, take_apart

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable
    from pathlib import Path

_FORMAT = "1"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS result (key BLOB PRIMARY KEY, record BLOB, used REAL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS value
    (id BLOB PRIMARY KEY, bytes INTEGER, seconds REAL, priority REAL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS value_priority ON value (priority);
"""
_MOST_RECORDS = 500_000
_STALE_SECONDS = 600
_BUSY_SECONDS = 10
_SURE_FOR = 100
"""After so many changes the sum of all sizes is asked for again: others may share the folder."""


class DiskTier:
    """Values and the index on disk. Not thread-safe: the cache holds the lock.

    Several processes may share a folder. A value is one safetensors file whose metadata holds the
    JSON part and a checksum; it appears by a rename, so that it is there as a whole or not at all.
    Nothing here fails a run: what cannot be written or read is not there, and `warn` says why.

    Args:
        folder: Holds everything; made at the first use.
        budget: Bytes of all values together.
        warn: Takes a sentence for the user.
    """

    def __init__(self, folder: Path, budget: int, warn: Callable[[str], None]) -> None:
        self.budget = budget
        self._folder = folder
        self._warn = warn
        self._warned = False
        self._index: sqlite3.Connection | None = None
        self._clock = 0.0
        self._bytes = 0
        self._unsure = _SURE_FOR

    def find(self, key: bytes) -> bytes | None:
        """Return the record kept under a node's key."""
        row = self._one("SELECT record FROM result WHERE key = ?", (key,))
        return None if row is None else row[0]

    def record(self, records: Iterable[tuple[bytes, bytes]]) -> None:
        """Keep records under nodes' keys, all in one transaction."""
        now = time.time()
        rows = [(key, record, now) for key, record in records]
        self._write("INSERT OR REPLACE INTO result VALUES (?, ?, ?)", rows)

    def holds(self, value_id: bytes) -> bool:
        """Tell whether a value is here."""
        return self._one("SELECT 1 FROM value WHERE id = ?", (value_id,)) is not None

    def load(self, value_id: bytes) -> tuple[Any, float] | None:
        """Return a value and what computing it took in seconds, or None where it is not here.

        A file that is not what was written is removed.
        """
        row = self._one("SELECT seconds, bytes FROM value WHERE id = ?", (value_id,))
        if row is None:
            return None
        try:
            value = _read(self._path(value_id), value_id)
        except Exception:
            self.remove(value_id)
            return None
        worth = self._clock + 2 * row[0] / (row[1] + 1)
        self._write("UPDATE value SET priority = ? WHERE id = ?", [(worth, value_id)])
        return value, row[0]

    def save(self, value_id: bytes, value: Any, seconds: float) -> bool:
        """Keep a value; returns whether it is kept.

        Args:
            value_id: Its id.
            value: The value.
            seconds: What computing it took.
        """
        try:
            tree, buffers = take_apart(value)
        except UnsavableValueError:
            return False
        size = sum(int(buffer.nbytes) for buffer in buffers)
        if size > self.budget:
            return False
        try:
            path = self._path(value_id)
            size = _write(path, value_id, tree, buffers)
        except OSError as error:
            self._complain(error)
            return False
        self._bytes += size
        row = (value_id, size, seconds, self._clock + seconds / (size + 1))
        kept = self._write("INSERT OR REPLACE INTO value VALUES (?, ?, ?, ?)", [row])
        if not kept:
            path.unlink(missing_ok=True)
        return kept

    def remove(self, value_id: bytes) -> None:
        """Give up a value."""
        self._write("DELETE FROM value WHERE id = ?", [(value_id,)])
        with contextlib.suppress(OSError):
            self._path(value_id).unlink(missing_ok=True)

    def forget(self, keys: Iterable[bytes]) -> None:
        """Forget the records under nodes' keys."""
        self._write("DELETE FROM result WHERE key = ?", [(key,) for key in keys])

    def shrink(self, needed: Callable[[bytes], bool]) -> None:
        """Give up the least worthy values until the budget holds.

        Args:
            needed: Tells whether a value must stay.
        """
        self._unsure += 1
        if self._bytes <= self.budget and self._unsure < _SURE_FOR:
            return
        excess = self.bytes() - self.budget
        rows = self._all("SELECT id, bytes, priority FROM value ORDER BY priority")
        for value_id, size, priority in rows:
            if excess <= 0:
                break
            if not needed(value_id):
                self.remove(value_id)
                self._clock = max(self._clock, priority)
                self._bytes -= size
                excess -= size

    def bytes(self) -> int:
        """Return how many bytes all values take."""
        row = self._one("SELECT COALESCE(SUM(bytes), 0) FROM value", ())
        self._bytes, self._unsure = 0 if row is None else row[0], 0
        return self._bytes

    def count(self) -> int:
        """Return how many values are kept."""
        row = self._one("SELECT COUNT(*) FROM value", ())
        return 0 if row is None else row[0]

    def clear(self) -> None:
        """Give up everything."""
        self._write("DELETE FROM value", [()])
        self._write("DELETE FROM result", [()])
        shutil.rmtree(self._folder / "values", ignore_errors=True)

    def trim_index(self) -> None:
        """Forget the oldest records beyond the number that is kept."""
        row = self._one("SELECT COUNT(*) FROM result", ())
        excess = 0 if row is None else row[0] - _MOST_RECORDS
        if excess > 0:
            statement = (
                "DELETE FROM result WHERE key IN (SELECT key FROM result ORDER BY used LIMIT ?)"
            )
            self._write(statement, [(excess,)])

    def close(self) -> None:
        """Close the index; the next call opens it again."""
        if self._index is not None:
            self._index.close()
            self._index = None

    def _path(self, value_id: bytes) -> Path:
        name = value_id.hex()
        return self._folder / "values" / name[2:4] / f"{name}.safetensors"

    def _open(self) -> sqlite3.Connection:
        if self._index is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._index = _connect(self._folder / "index.sqlite")
            _sweep(self._folder / "values")
            row = self._index.execute("SELECT MIN(priority) FROM value").fetchone()
            self._clock = row[0] or 0.0
        return self._index

    def _one(self, statement: str, arguments: tuple[Any, ...]) -> tuple[Any, ...] | None:
        rows = self._all(statement, arguments)
        return rows[0] if rows else None

    def _all(self, statement: str, arguments: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        with self._forgiving():
            return self._open().execute(statement, arguments).fetchall()
        return []

    def _write(self, statement: str, rows: list[tuple[Any, ...]]) -> bool:
        with self._forgiving():
            index = self._open()
            with index:
                index.executemany(statement, rows)
            return True
        return False

    @contextlib.contextmanager
    def _forgiving(self) -> Generator[None]:
        """An index that cannot be read or written costs what it holds, and never a run."""
        try:
            yield
        except (sqlite3.OperationalError, OSError) as error:
            self._complain(error)
        except sqlite3.DatabaseError:
            self._rebuild()

    def _rebuild(self) -> None:
        """Start again with an empty tier: an index that cannot be read says nothing about it."""
        self.close()
        for name in ("index.sqlite", "index.sqlite-wal", "index.sqlite-shm"):
            (self._folder / name).unlink(missing_ok=True)
        shutil.rmtree(self._folder / "values", ignore_errors=True)

    def _complain(self, error: Exception) -> None:
        if not self._warned:
            self._warned = True
            self._warn(f"the disk tier of the results cache cannot be used: {error}")


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.executescript(_SCHEMA)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _sweep(folder: Path) -> None:
    """Remove files that a process left half-written when it died."""
    for path in folder.glob("*/*.part"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > _STALE_SECONDS:
                path.unlink()


def _checksum(value_id: bytes, tree: bytes, buffers: list[Any]) -> str:
    hasher = blake2b(b"%d:" % len(tree) + tree + value_id, digest_size=20)
    for buffer in buffers:
        hasher.update(b"%d:" % buffer.nbytes)
        hasher.update(buffer.data)
    return hasher.hexdigest()


def _write(path: Path, value_id: bytes, tree: Any, buffers: list[Any]) -> int:
    import safetensors.numpy as files

    save_file: Any = files.save_file  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    text = msgspec.json.encode(tree)
    metadata = {
        "format": _FORMAT,
        "value": text.decode("utf-8", "surrogatepass"),
        "checksum": _checksum(value_id, text, buffers),
    }
    part = path.with_name(f"{path.name}.{secrets.token_hex(6)}.part")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        save_file({str(n): buffer for n, buffer in enumerate(buffers)}, part, metadata=metadata)
        with part.open("rb") as file:
            os.fsync(file.fileno())
            size = os.fstat(file.fileno()).st_size
        part.replace(path)
    except Exception as error:
        part.unlink(missing_ok=True)
        raise error if isinstance(error, OSError) else OSError(str(error)) from error
    return size


def _read(path: Path, value_id: bytes) -> Any:
    import numpy as np
    import safetensors

    opened: Any = safetensors.safe_open(path, framework="numpy")  # pyright: ignore[reportUnknownMemberType]
    with opened as file:
        metadata: dict[str, str] = file.metadata()
        buffers: list[Any] = [np.array(file.get_tensor(str(n))) for n in range(len(file.keys()))]
    text = metadata["value"].encode("utf-8", "surrogatepass")
    if metadata["format"] != _FORMAT or metadata["checksum"] != _checksum(value_id, text, buffers):
        raise ValueError("the file is not what was written")
    return put_together(msgspec.json.decode(text), buffers)
