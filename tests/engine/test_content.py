from __future__ import annotations

import hashlib
import os
import threading
from typing import TYPE_CHECKING

import pytest

from engine.content import ContentHashes

if TYPE_CHECKING:
    from pathlib import Path


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def age(path: Path) -> None:
    """Make a file look as if it had not changed for a while (its change time stays new)."""
    os.utime(path, ns=(0, 0))


def test_a_file_replaced_by_one_of_the_same_size_has_another_hash(tmp_path: Path) -> None:
    path = tmp_path / "a"
    hashes = ContentHashes()
    for content in (b"one", b"two", b"six"):
        path.write_bytes(content)
        assert hashes.of(path) == sha256(content)


def test_a_file_whose_time_was_set_back_has_another_hash(tmp_path: Path) -> None:
    path = tmp_path / "a"
    hashes = ContentHashes()
    for content in (b"one", b"two"):
        path.write_bytes(content)
        age(path)
        assert hashes.of(path) == sha256(content)


def test_a_broken_memo_is_no_memo(tmp_path: Path) -> None:
    memo, path = tmp_path / "memo.json", tmp_path / "a"
    path.write_bytes(b"x")
    for broken in (b"", b"{", b'{"a": 1}', b"\xff"):
        memo.write_bytes(broken)
        assert ContentHashes(memo).of(path) == sha256(b"x")


def test_a_memo_that_cannot_be_written_costs_nothing_but_the_memo(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x")
    hashes = ContentHashes(path / "memo.json")
    assert hashes.of(path) == sha256(b"x")
    hashes.save()


def test_many_threads_may_ask_at_once(tmp_path: Path) -> None:
    hashes, found = ContentHashes(), []
    for number in range(8):
        (tmp_path / str(number)).write_bytes(b"%d" % number)

    def ask() -> None:
        found.extend(hashes.of(tmp_path / str(number)) for number in range(8))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == sorted([sha256(b"%d" % number) for number in range(8)] * 8)


def test_a_missing_file_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        ContentHashes().of(tmp_path / "gone")
