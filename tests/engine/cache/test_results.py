from __future__ import annotations

import errno
import multiprocessing
import os
import sqlite3
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from engine.cache.budgets import Budgets
from engine.cache.index import Record
from engine.cache.results import GONE, ResultsCache

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KIB = 1024
DEAR = 10.0


def array(number: int, kib: int = 100) -> Any:
    return [np.full(kib * KIB, number, np.uint8)]


def value_id(number: int) -> bytes:
    return b"c" + bytes([number]) * 20


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "results"


def opened(folder: Path | None, **budgets: int) -> ResultsCache:
    return ResultsCache(
        Budgets(**{"ram": 1_000 * KIB, "disk": 1_000 * KIB, **budgets}), folder=folder
    )


def files(folder: Path) -> Iterator[Path]:
    return folder.rglob("*.safetensors")


def test_a_value_comes_back() -> None:
    cache = opened(None)
    cache.put(value_id(1), [1, "a", None], 0.0)
    assert cache.get(value_id(1)) == [1, "a", None]
    assert cache.get(value_id(2)) is GONE


def test_results_hold_no_more_than_others_leave_to_them(folder: Path) -> None:
    cache = opened(folder)
    left = [500 * KIB]
    cache.share("cpu", lambda: left[0])
    for number in range(4):
        cache.put(value_id(number), array(number), DEAR)
    assert cache.stats().ram.entries == 4
    left[0] = 250 * KIB
    cache.put(value_id(4), array(4), DEAR)
    assert cache.bytes_on("cpu") <= 250 * KIB
    assert cache.stats().ram.budget == 250 * KIB
    assert all(int(cache.get(value_id(number))[0][0]) == number for number in range(5))


def test_results_are_given_up_for_others_but_not_lost(folder: Path) -> None:
    cache = opened(folder)
    for number in range(4):
        cache.put(value_id(number), array(number), DEAR)
    cache.use([value_id(3)])
    assert 150 * KIB <= cache.give_up("cpu", 150 * KIB) <= 250 * KIB
    assert cache.give_up("cpu", 1_000 * KIB) <= 200 * KIB
    assert cache.stats().ram.entries == 1  # the one that a node reads
    assert cache.stats().ram.budget == 1_000 * KIB
    assert all(int(cache.get(value_id(number))[0][0]) == number for number in range(4))


def test_what_is_dear_per_byte_stays() -> None:
    cache = opened(None, ram=450 * KIB)
    for number, seconds in enumerate([1.0, 5.0, 0.1, 3.0, 4.0, 0.2]):
        cache.put(value_id(number), array(number), seconds)
    assert [number for number in range(6) if cache.holds(value_id(number))] == [0, 1, 3, 4]


def test_what_is_not_asked_for_leaves_in_the_end_however_dear() -> None:
    cache = opened(None, ram=450 * KIB)
    cache.put(value_id(0), array(0), 3.0)
    for number in range(1, 50):
        cache.put(value_id(number), array(number), 1.0)
    assert not cache.holds(value_id(0))


def test_held_values_are_not_lost() -> None:
    cache = opened(None, ram=250 * KIB)
    cache.hold([value_id(0)])
    for number in range(6):
        cache.put(value_id(number), array(number), number)
    assert cache.holds(value_id(0))
    cache.release([value_id(0)])
    cache.put(value_id(9), array(9), 9.0)
    assert not cache.holds(value_id(0))


def test_shared_storages_cost_once() -> None:
    cache = opened(None)
    whole = np.zeros(500 * KIB, np.uint8)
    for number in range(50):
        cache.put(value_id(number), [whole[number:]], 1.0)
    assert cache.stats().ram.entries == 50
    assert cache.stats().ram.bytes < 600 * KIB


def test_a_value_larger_than_the_budget_is_not_kept() -> None:
    cache = opened(None, ram=50 * KIB)
    cache.put(value_id(1), array(1), DEAR)
    assert cache.stats().ram.bytes == 0


def test_evicting_leaves_what_is_held() -> None:
    cache = opened(None)
    for number in range(4):
        cache.put(value_id(number), array(number), 1.0)
    cache.hold([value_id(2)])
    assert cache.evict() > 300 * KIB
    assert [number for number in range(4) if cache.holds(value_id(number))] == [2]


def test_dear_values_and_records_survive_the_process(folder: Path) -> None:
    cache = opened(folder)
    cache.put(value_id(1), array(1), DEAR)
    cache.put(value_id(2), array(2), 0.0)
    cache.record(b"key", Record(values=(value_id(1),), seconds=DEAR, ui={"text": ["x"]}))
    # No close: the process may have been killed.
    again = opened(folder)
    assert again.find(b"key") == Record(values=(value_id(1),), seconds=DEAR, ui={"text": ["x"]})
    assert np.array_equal(again.get(value_id(1))[0], array(1)[0])
    assert again.get(value_id(2)) is GONE
    cache.close()
    again.close()


def test_the_disk_budget_holds_and_the_dearest_stay(folder: Path) -> None:
    cache = opened(folder, disk=350 * KIB)
    for number in range(8):
        cache.put(value_id(number), array(number), DEAR * (number + 1))
    cache.evict()
    assert cache.stats().disk.bytes <= 350 * KIB
    assert sum(path.stat().st_size for path in files(folder)) <= 350 * KIB
    assert cache.holds(value_id(7))
    cache.close()


@pytest.mark.parametrize("damage", ["flip", "truncate", "empty", "remove", "other"])
def test_a_damaged_file_is_found_out_and_removed(folder: Path, damage: str) -> None:
    cache = opened(folder)
    cache.put(value_id(1), array(1), DEAR)
    cache.put(value_id(2), array(2), DEAR)
    cache.evict()
    path = next(path for path in files(folder) if value_id(1).hex() in path.name)
    other = next(path for path in files(folder) if value_id(2).hex() in path.name)
    content = bytearray(path.read_bytes())
    content[-5] ^= 1
    match damage:
        case "flip":
            path.write_bytes(content)
        case "truncate":
            path.write_bytes(content[:1_000])
        case "empty":
            path.write_bytes(b"")
        case "remove":
            path.unlink()
        case _:
            path.write_bytes(other.read_bytes())
    assert cache.get(value_id(1)) is GONE
    assert not path.exists()
    assert not cache.holds(value_id(1))
    assert cache.get(value_id(2)) is not GONE
    cache.close()


def test_a_damaged_index_is_built_anew(folder: Path) -> None:
    cache = opened(folder)
    cache.put(value_id(1), array(1), DEAR)
    cache.close()
    (folder / "index.sqlite").write_bytes(b"nonsense" * 1_000)
    again = opened(folder)
    assert again.find(b"key") is None
    again.put(value_id(2), array(2), DEAR)
    again.evict()
    assert again.get(value_id(2)) is not GONE
    again.close()


def test_a_full_disk_is_told_once_and_stops_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    cache = opened(folder)
    monkeypatch.setattr(os, "fsync", full)
    for number in range(3):
        cache.put(value_id(number), array(number), DEAR)
    warnings = cache.take_warnings()
    assert len(warnings) == 1
    assert "No space left" in warnings[0]
    assert cache.get(value_id(1)) is not GONE
    assert not list(folder.rglob("*.part"))
    cache.close()


def test_a_folder_that_cannot_be_used_is_told_once_and_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    cache = opened(tmp_path / "file" / "results")
    cache.put(value_id(1), array(1), DEAR)
    cache.record(b"key", Record(values=(value_id(1),), seconds=DEAR))
    assert cache.find(b"key") is not None
    assert cache.get(value_id(1)) is not GONE
    assert len(cache.take_warnings()) == 1
    cache.close()


def test_held_values_move_to_disk_when_memory_is_short(folder: Path) -> None:
    cache = opened(folder, ram=250 * KIB)
    ids = [value_id(number) for number in range(6)]
    cache.hold(ids)
    for number in range(6):
        cache.put(ids[number], array(number), 0.0)
    assert cache.stats().ram.bytes <= 250 * KIB
    for number in range(6):
        assert cache.get(ids[number])[0][0] == number
    cache.release(ids)
    cache.close()


def test_clearing_forgets_everything(folder: Path) -> None:
    cache = opened(folder)
    cache.put(value_id(1), array(1), DEAR)
    cache.record(b"key", Record(values=(value_id(1),), seconds=DEAR))
    cache.clear()
    assert cache.find(b"key") is None
    assert cache.get(value_id(1)) is GONE
    assert not list(files(folder))
    cache.close()


def _fill(folder: Path, start: int) -> None:
    cache = ResultsCache(Budgets(ram=0, disk=500 * KIB), folder=folder)
    for number in range(40):
        name = value_id((start + number) % 50)
        cache.put(name, array((start + number) % 50, 20), DEAR)
        cache.record(b"%d/%d" % (start, number), Record(values=(name,), seconds=DEAR))
        found = cache.get(name)
        if found is not GONE and found[0][0] != (start + number) % 50:
            os._exit(3)
    cache.close()


def test_two_processes_may_share_a_folder(folder: Path) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_fill, args=(folder, start)) for start in (0, 25)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0]
    with sqlite3.connect(folder / "index.sqlite") as index:
        assert index.execute("SELECT COUNT(*) FROM result").fetchone() == (80,)
        rows = index.execute("SELECT id FROM value").fetchall()
    index.close()
    cache = ResultsCache(folder=folder)
    for (name,) in rows:
        assert cache.get(name)[0][0] == name[1]
    cache.close()
