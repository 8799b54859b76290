"""The file behind the queue: SQLite, written by one thread that commits many changes at once."""

from __future__ import annotations

import asyncio
import fcntl
import os
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from engine.errors import FileProblemError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

T = TypeVar("T")

FORMAT = 1
"""Version of the tables; a file of a later one is refused."""
_MOST_AT_ONCE = 1000
_SCHEMA = """
CREATE TABLE IF NOT EXISTS job (
    sequence INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    key TEXT UNIQUE,
    state TEXT NOT NULL,
    number REAL NOT NULL,
    fair INTEGER NOT NULL,
    rank REAL NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    client TEXT,
    previews TEXT,
    workflow TEXT,
    created INTEGER NOT NULL,
    started INTEGER,
    ended INTEGER,
    done INTEGER UNIQUE,
    summary BLOB,
    targets BLOB NOT NULL,
    extra BLOB NOT NULL,
    entry BLOB,
    graph BLOB,
    prompt BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS job_live ON job (state) WHERE done IS NULL;
CREATE INDEX IF NOT EXISTS job_listed ON job (created, id, state, workflow)
    WHERE done IS NOT NULL;
CREATE TABLE IF NOT EXISTS events (id TEXT PRIMARY KEY, done INTEGER NOT NULL, log BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS events_done ON events (done);
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pace (type TEXT PRIMARY KEY, seconds REAL NOT NULL) WITHOUT ROWID;
"""


class _Write(NamedTuple):
    work: Callable[[sqlite3.Connection], Any]
    durable: bool
    answer: asyncio.Future[Any]


class Store:
    """The file, open for this process alone.

    Writes are done in the order in which they were asked for, by one thread. Whatever waits when
    the thread is free goes into one transaction, so that one wait for the disk serves them all.
    Reads have a thread and a connection of their own and see what is committed.

    Args:
        path: The file; its folder is made where needed. A second file with the suffix `.lock`
            beside it keeps other processes away.

    Raises:
        FileProblemError: Another process has it open, or it is of a later version.
    """

    def __init__(self, path: Path) -> None:
        self._loop = asyncio.get_running_loop()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = _locked(path)
        try:
            self._connection = _connect(path)
            self._connection.executescript(_SCHEMA)
            _check_format(self._connection, path)
            self._reader = _connect(path)
        except BaseException:
            os.close(self._lock)
            raise
        self._reading = ThreadPoolExecutor(1, thread_name_prefix="queue-reader")
        self._writes: SimpleQueue[_Write | None] = SimpleQueue()
        self._full = True
        self._thread = threading.Thread(target=self._write_all, name="queue-writer", daemon=True)
        self._thread.start()

    def write(
        self, work: Callable[[sqlite3.Connection], T], *, durable: bool = False
    ) -> asyncio.Future[T]:
        """Do something in the next transaction.

        Args:
            work: Gets the connection, in the writer's thread. Where it raises, the others of its
                transaction are done all the same, so it makes one change that is whole by itself.
            durable: The disk has it when the future is done, whatever happens to the machine.
                Otherwise it survives the end of this process, however that comes.

        Returns:
            A future of what the work returned, done after the commit.
        """
        answer: asyncio.Future[T] = self._loop.create_future()
        self._writes.put(_Write(work, durable, answer))
        return answer

    async def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Return what a function of a connection for reading returns."""
        return await self._loop.run_in_executor(self._reading, work, self._reader)

    async def close(self) -> None:
        """Finish what was asked for and let go of the file."""
        self._writes.put(None)
        await asyncio.to_thread(self._thread.join)
        await asyncio.to_thread(self._reading.shutdown)
        await asyncio.sleep(0)  # the last answers are on their way to the loop
        self._reader.close()
        self._connection.close()
        os.close(self._lock)

    def _write_all(self) -> None:
        last = False
        while not last:
            batch: list[_Write] = []
            first = self._writes.get()
            try:
                while first is not None and len(batch) < _MOST_AT_ONCE:
                    batch.append(first)
                    first = self._writes.get_nowait()
            except Empty:
                pass
            else:
                last = first is None
                if first is not None:
                    batch.append(first)
            if batch:
                self._commit(batch)

    def _commit(self, batch: list[_Write]) -> None:
        results: list[tuple[asyncio.Future[Any], Any, BaseException | None]] = []
        try:
            self._make_durable(full=any(write.durable for write in batch))
            self._connection.execute("BEGIN IMMEDIATE")
            for write in batch:
                try:
                    results.append((write.answer, write.work(self._connection), None))
                except Exception as error:
                    results.append((write.answer, None, error))
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            results = [(write.answer, None, error) for write in batch]
        self._loop.call_soon_threadsafe(_answer_all, results)

    def _make_durable(self, *, full: bool) -> None:
        if full != self._full:
            self._connection.execute(f"PRAGMA synchronous = {'FULL' if full else 'NORMAL'}")
            self._full = full


def _answer_all(results: list[tuple[asyncio.Future[Any], Any, BaseException | None]]) -> None:
    for answer, value, error in results:
        if answer.done():
            continue
        if error is None:
            answer.set_result(value)
        else:
            answer.set_exception(error)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _check_format(connection: sqlite3.Connection, path: Path) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > FORMAT:
        raise FileProblemError(
            f"the queue {path} was written by a newer version",
            expected=f"format {FORMAT} or older",
            got=f"format {version}",
            hint="start the newer version, or move the file away to begin with an empty queue",
        )
    connection.execute(f"PRAGMA user_version = {FORMAT}")


def _locked(path: Path) -> int:
    """Return an open file that keeps other processes away until it is closed."""
    lock = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise FileProblemError(
            f"another server uses the queue {path}",
            hint="stop it, or start this one with another --user-directory",
        ) from None
    return lock
