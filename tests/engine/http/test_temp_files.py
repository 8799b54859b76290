"""Temporary files go when there are too many, the oldest first, and nothing else goes with them."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from engine.http import temp_files
from engine.http.temp_files import Pruned, prune
from tests.engine.http.site import open_site

DAY = 86_400.0


def put(folder: Path, name: str, size: int, age: float) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bytes(size))
    then = time.time() - age
    os.utime(path, (then, then))
    return path


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_the_oldest_files_go_until_the_others_fit(tmp_path: Path) -> None:
    for age, name in enumerate(["new.png", "deep/middle.png", "old.mp4", "deep/older.png"], 1):
        put(tmp_path, name, 100, age * DAY)
    assert prune(tmp_path, 250) == Pruned(files=2, size=200)
    assert names(tmp_path) == {"new.png", "deep/middle.png"}
    assert prune(tmp_path, 250) == Pruned(files=0, size=0)
    assert prune(tmp_path, 0) == Pruned(files=2, size=200)
    assert (tmp_path / "deep").is_dir()


def test_files_of_the_last_hour_stay_whatever_they_take(tmp_path: Path) -> None:
    put(tmp_path, "now.png", 1000, 0)
    put(tmp_path, "yesterday.png", 10, DAY)
    assert prune(tmp_path, 100) == Pruned(files=1, size=10)
    assert names(tmp_path) == {"now.png"}


def test_links_and_what_they_lead_to_stay(tmp_path: Path) -> None:
    outside, folder = tmp_path / "outside", tmp_path / "temp"
    kept = put(outside, "kept.png", 1000, 9 * DAY)
    folder.mkdir()
    (folder / "folder").symlink_to(outside)
    (folder / "file.png").symlink_to(kept)
    (folder / "circle").symlink_to(folder)
    assert prune(folder, 0) == Pruned(files=0, size=0)
    assert kept.exists()
    assert (folder / "file.png").is_symlink()


def test_a_folder_that_is_missing_has_nothing_to_delete(tmp_path: Path) -> None:
    assert prune(tmp_path / "missing", 0) == Pruned(files=0, size=0)


def test_the_server_prunes_at_its_start_and_while_it_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOOM_TEMP", "1K")
    monkeypatch.setattr(temp_files, "_PAUSE", 0.02)
    temp = tmp_path / "temp"
    put(temp, "before.png", 2000, DAY)
    with open_site(tmp_path) as site:
        until_gone(temp / "before.png")
        put(temp, "meanwhile.png", 2000, DAY)
        until_gone(temp / "meanwhile.png")
        put(temp, "small.png", 1000, DAY)
        assert site.get("/view?filename=small.png&type=temp").status == 200


def until_gone(path: Path) -> None:
    """Wait until a file is deleted; a minute is more than any machine needs."""
    deadline = time.monotonic() + 60
    while path.exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
