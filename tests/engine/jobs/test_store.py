from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from engine.errors import FileProblemError
from engine.jobs.job_rows import setting, write_setting
from engine.jobs.store import FORMAT, Store


def keep(name: str, value: object) -> object:
    return lambda connection: write_setting(connection, name, value)


async def test_writes_that_wait_are_one_transaction_in_the_order_of_asking(tmp_path: Path) -> None:
    store = Store(tmp_path / "q")
    begun, go_on = threading.Event(), threading.Event()
    commits: list[str] = []

    def slow(connection: sqlite3.Connection) -> None:
        connection.set_trace_callback(commits.append)
        begun.set()
        go_on.wait(30)

    first = store.write(slow)
    begun.wait(30)
    rest = [store.write(keep("x", index), durable=True) for index in range(50)]  # type: ignore[arg-type]
    go_on.set()
    for write in (first, *rest):
        await write
    assert await store.read(lambda one: setting(one, "x")) == 49
    assert [one for one in commits if one.startswith("COMMIT")] == ["COMMIT", "COMMIT"]
    assert "PRAGMA synchronous = FULL" in commits
    await store.close()


async def test_a_write_that_fails_leaves_the_others_alone(tmp_path: Path) -> None:
    store = Store(tmp_path / "q")
    good = store.write(keep("a", 1))  # type: ignore[arg-type]
    bad = store.write(lambda one: one.execute("INSERT INTO nowhere VALUES (1)"))
    odd = store.write(lambda _: 1 // 0)
    last = store.write(keep("b", 2))  # type: ignore[arg-type]
    with pytest.raises(sqlite3.OperationalError):
        await bad
    with pytest.raises(ZeroDivisionError):
        await odd
    await good
    await last
    found = await store.read(lambda one: (setting(one, "a"), setting(one, "b")))
    assert found == (1, 2)
    await store.close()


async def test_closing_finishes_what_was_asked_for(tmp_path: Path) -> None:
    store = Store(tmp_path / "q")
    for index in range(500):
        store.write(keep("x", index))  # type: ignore[arg-type]
    await store.close()
    again = Store(tmp_path / "q")
    assert await again.read(lambda one: setting(one, "x")) == 499
    await again.close()


async def test_a_file_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    await Store(tmp_path / "q").close()
    with sqlite3.connect(tmp_path / "q") as connection:
        connection.execute(f"PRAGMA user_version = {FORMAT + 1}")
    connection.close()
    before = (tmp_path / "q").read_bytes()
    with pytest.raises(FileProblemError, match="newer version"):
        Store(tmp_path / "q")
    assert (tmp_path / "q").read_bytes() == before
