"""Which folders count as packs, told without running their code."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.http.options import ServeOptions
from engine.http.pack_folders import files_beneath, files_of, pack_folders


@pytest.fixture
def roots(tmp_path: Path) -> tuple[Path, Path]:
    for name in ("one/b-pack", "one/a-pack", "one/.git", "one/__pycache__", "two/a-pack", "two/c"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "one/off.disabled").mkdir()
    (tmp_path / "one/single_file.py").write_text("raise SystemExit")
    return tmp_path / "one", tmp_path / "two"


def options(roots: tuple[Path, ...], **more: object) -> ServeOptions:
    base = Path("/nowhere")
    return ServeOptions(base=base, user=base, custom_nodes=roots, **more)  # pyright: ignore


def test_folders_are_packs_and_the_first_of_a_name_counts(roots: tuple[Path, Path]) -> None:
    found = pack_folders(options(roots))
    assert list(found) == ["a-pack", "b-pack", "c"]
    assert found["a-pack"] == roots[0] / "a-pack"


def test_only_named_packs_count_where_packs_are_off(roots: tuple[Path, Path]) -> None:
    found = pack_folders(options(roots, load_custom_nodes=False, whitelist=("c",)))
    assert list(found) == ["c"]


def test_folders_that_are_not_there_have_nothing(tmp_path: Path) -> None:
    assert pack_folders(options((tmp_path / "missing",))) == {}
    assert files_of(tmp_path / "missing", ".json") == []
    assert files_beneath(tmp_path / "missing", ".js") == []


def test_files_are_told_sorted_by_their_suffix(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    for name in ("b.js", "a.js", "deep/c.js", "d.json"):
        (tmp_path / name).touch()
    assert [path.name for path in files_of(tmp_path, ".js")] == ["a.js", "b.js"]
    assert files_beneath(tmp_path, ".js") == ["a.js", "b.js", "deep/c.js"]
