from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
import torch

from nodes.diffusion.datasets.blobs import Blobs, blob_key

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class Maker:
    """Makes tensors and remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def __call__(self, items: Sequence[int]) -> torch.Tensor:
        self.asked += items
        return torch.tensor(items, dtype=torch.float32)[:, None].repeat(1, 4)


WANTED = {blob_key("x", i): i for i in range(10)}


def test_entries_are_computed_once_even_by_another_process(tmp_path: Path) -> None:
    first, second = Maker(), Maker()
    Blobs(tmp_path).fill(WANTED, first, chunk=4)
    again = Blobs(tmp_path)
    again.fill(WANTED, second, chunk=4)
    assert sorted(first.asked) == list(range(10))
    assert second.asked == []
    assert again[blob_key("x", 7)].tolist() == [7.0] * 4


def test_only_what_is_missing_is_computed(tmp_path: Path) -> None:
    blobs, maker = Blobs(tmp_path), Maker()
    blobs.fill({key: i for key, i in WANTED.items() if i < 6}, maker)
    blobs.fill(WANTED, maker)
    assert maker.asked == list(range(10))


def test_progress_counts_what_had_to_be_done(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    Blobs(tmp_path).fill(WANTED, Maker(), chunk=4, progress=lambda *done: told.append(done))
    assert told == [(4, 10), (8, 10), (10, 10)]


def test_a_run_that_ends_keeps_its_finished_chunks(tmp_path: Path) -> None:
    def fail(items: Sequence[int]) -> torch.Tensor:
        if 4 in items:
            raise RuntimeError("power cut")
        return Maker()(items)

    with pytest.raises(RuntimeError):
        Blobs(tmp_path).fill(WANTED, fail, chunk=2)
    maker = Maker()
    Blobs(tmp_path).fill(WANTED, maker, chunk=2)
    assert maker.asked == list(range(4, 10))


@pytest.mark.parametrize("damage", [lambda data: data[:-3], lambda data: data[:-1] + b"\x01"])
def test_a_damaged_file_is_computed_again(tmp_path: Path, damage: object) -> None:
    Blobs(tmp_path).fill(WANTED, Maker())
    (path,) = tmp_path.iterdir()
    path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]
    blobs, maker = Blobs(tmp_path), Maker()
    assert blob_key("x", 1) not in blobs
    blobs.fill(WANTED, maker)
    assert sorted(maker.asked) == list(range(10))


def test_the_oldest_files_go_when_the_limit_is_reached(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path, limit=400)
    for i in range(8):
        blobs.fill({blob_key(i): i}, Maker())
        for age, path in enumerate(sorted(tmp_path.iterdir(), key=lambda p: p.stat().st_mtime_ns)):
            os.utime(path, ns=(age, i * 100 + age))
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 400
    assert blob_key(7) in Blobs(tmp_path)
    assert blob_key(0) not in Blobs(tmp_path)


def test_an_absent_entry_is_a_key_error(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        Blobs(tmp_path)["00"]


def test_keys_keep_types_and_boundaries_apart() -> None:
    assert (
        len({blob_key("1"), blob_key(1), blob_key(1.0), blob_key("1", ""), blob_key("", "1")}) == 5
    )
