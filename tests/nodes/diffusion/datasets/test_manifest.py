from __future__ import annotations

from pathlib import Path

import pytest

from nodes.diffusion.datasets.errors import DatasetError
from nodes.diffusion.datasets.manifest import Manifest, Record, open_manifest, read_manifest

RECORDS = (
    Record(path="a/1.png", sha256="11", caption="one", tags=("x", "y"), style="a"),
    Record(path="b/1.png", sha256="12", caption="eins", style="b", split="heldout"),
)


def test_a_list_comes_back_as_it_was_written(tmp_path: Path) -> None:
    manifest = Manifest(root=tmp_path / "pictures", records=RECORDS)
    again = open_manifest(manifest.save(tmp_path / "lists"))
    assert again == manifest


def test_where_the_pictures_lie_does_not_change_the_identity(tmp_path: Path) -> None:
    here = Manifest(root=tmp_path / "here", records=RECORDS).save(tmp_path)
    there = Manifest(root=tmp_path / "there", records=RECORDS).save(tmp_path / "other")
    assert here == there
    assert hash(here) == hash(there)


def test_order_captions_and_contents_change_the_identity(tmp_path: Path) -> None:
    changed = Record(path="a/1.png", sha256="13", caption="one", tags=("x", "y"), style="a")
    lists = [RECORDS, RECORDS[::-1], RECORDS[:1], (changed, RECORDS[1])]
    assert len({Manifest(root=tmp_path, records=records).sha256 for records in lists}) == 4


def test_a_list_that_was_changed_afterwards_is_refused(tmp_path: Path) -> None:
    file = Manifest(root=tmp_path, records=RECORDS).save(tmp_path)
    path = Path(file.path)
    path.write_bytes(path.read_bytes().replace(b"eins", b"zwei"))
    with pytest.raises(DatasetError, match="has changed"):
        open_manifest(file)


def test_a_list_that_is_gone_is_told_as_such(tmp_path: Path) -> None:
    file = Manifest(root=tmp_path, records=RECORDS).save(tmp_path)
    Path(file.path).unlink()
    with pytest.raises(DatasetError):
        open_manifest(file)


def test_filtering_keeps_the_order(tmp_path: Path) -> None:
    manifest = Manifest(root=tmp_path, records=RECORDS * 2)
    assert [r.sha256 for r in manifest.where(lambda r: r.style == "a").records] == ["11", "11"]


def test_paths_count_from_the_folder_of_the_list_by_default(tmp_path: Path) -> None:
    path = tmp_path / "manifest.jsonl"
    path.write_bytes(Manifest(root=tmp_path, records=RECORDS).encode())
    assert read_manifest(path).root == tmp_path
