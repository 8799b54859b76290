from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from nodes.diffusion.datasets.errors import DatasetError
from nodes.diffusion.datasets.folder import CAPTION_SOURCES, scan_folder

if TYPE_CHECKING:
    from pathlib import Path

CAPTIONS = {"a.png": "a red thing", "b.png": "a green thing", "c.png": "blue, small"}


def paint(root: Path, *names: str) -> None:
    for i, name in enumerate(names):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (8 + i, 8), (50 * i, 0, 0)).save(path)


def captions(root: Path) -> dict[str, str]:
    return {record.path: record.caption for record in scan_folder(root).manifest.records}


def as_sidecars(root: Path) -> None:
    for name, text in CAPTIONS.items():
        (root / name).with_suffix(".txt").write_text(text + "\n", encoding="utf-8")


def as_jsonl(root: Path) -> None:
    rows = [json.dumps({"file_name": name, "text": text}) for name, text in CAPTIONS.items()]
    (root / "metadata.jsonl").write_text("\n".join(rows), encoding="utf-8")


def as_csv(root: Path) -> None:
    rows = [f'{name},"{text}"' for name, text in CAPTIONS.items()]
    (root / "metadata.csv").write_text("\n".join(["file_name,text", *rows]), encoding="utf-8-sig")


@pytest.mark.parametrize("write", [as_sidecars, as_jsonl, as_csv])
def test_every_way_to_write_captions_gives_the_same(tmp_path: Path, write: object) -> None:
    paint(tmp_path, *CAPTIONS)
    write(tmp_path)  # type: ignore[operator]
    assert captions(tmp_path) == CAPTIONS


def test_kohya_folders_give_repeats_and_captions(tmp_path: Path) -> None:
    paint(tmp_path, "3_sks dog/x.png", "3_sks dog/y.png", "1_dog/z.png", "plain/w.png")
    (tmp_path / "3_sks dog/y.txt").write_text("sks dog on grass")
    found = {
        record.path: (record.repeats, record.caption)
        for record in scan_folder(tmp_path).manifest.records
    }
    assert found == {
        "1_dog/z.png": (1, "dog"),
        "3_sks dog/x.png": (3, "sks dog"),
        "3_sks dog/y.png": (3, "sks dog on grass"),
        "plain/w.png": (1, ""),
    }


def test_an_empty_sidecar_is_an_empty_caption(tmp_path: Path) -> None:
    paint(tmp_path, "5_dog/x.png")
    (tmp_path / "5_dog/x.txt").write_text(" \n")
    scan = scan_folder(tmp_path)
    assert scan.manifest.records[0].caption == ""
    assert scan.uncaptioned == 1


def test_the_file_name_is_a_caption_only_when_asked(tmp_path: Path) -> None:
    paint(tmp_path, "red_bird.png")
    assert captions(tmp_path) == {"red_bird.png": ""}
    scan = scan_folder(tmp_path, sources=CAPTION_SOURCES)
    assert scan.manifest.records[0].caption == "red bird"


def test_the_order_is_that_of_the_names_and_not_of_the_disk(tmp_path: Path) -> None:
    names = ["b.png", "a/2.png", "a/10.png", "c.jpg", "B.webp"]
    paint(tmp_path, *names)
    found = [record.path for record in scan_folder(tmp_path).manifest.records]
    assert found == ["B.webp", "b.png", "c.jpg", "a/10.png", "a/2.png"]


def test_broken_files_are_told_and_neither_used_nor_touched(tmp_path: Path) -> None:
    paint(tmp_path, "good.png", "cut.png")
    cut = (tmp_path / "cut.png").read_bytes()[:40]
    (tmp_path / "cut.png").write_bytes(cut)
    (tmp_path / "fake.jpg").write_text("not a picture")
    scan = scan_folder(tmp_path)
    assert [record.path for record in scan.manifest.records] == ["good.png"]
    assert set(scan.refused) == {"cut.png", "fake.jpg"}
    assert (tmp_path / "cut.png").read_bytes() == cut


def test_a_program_that_calls_itself_a_picture_is_refused_and_not_run(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    program = f"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 8 8\n({mark}) (w) file closefile\n"
    (tmp_path / "a.png").write_bytes(program.encode())
    scan = scan_folder(tmp_path)
    assert not scan.manifest.records
    assert "not a picture" in scan.refused["a.png"]
    assert not mark.exists()


def test_a_picture_bomb_is_refused_unread(tmp_path: Path) -> None:
    Image.new("1", (20_000, 20_000)).save(tmp_path / "bomb.png")
    assert set(scan_folder(tmp_path).refused) == {"bomb.png"}


def test_a_moved_picture_keeps_its_content_hash_and_a_changed_one_does_not(tmp_path: Path) -> None:
    paint(tmp_path, "a.png")
    before = scan_folder(tmp_path).manifest.records[0].sha256
    (tmp_path / "a.png").rename(tmp_path / "b.png")
    assert scan_folder(tmp_path).manifest.records[0].sha256 == before
    Image.new("RGB", (8, 8), (1, 0, 0)).save(tmp_path / "b.png")
    assert scan_folder(tmp_path).manifest.records[0].sha256 != before


@pytest.mark.parametrize("text", ['{"text": "x"}', "[1]", "{", '"a.png"'])
def test_a_table_that_cannot_be_read_is_told_by_name(tmp_path: Path, text: str) -> None:
    paint(tmp_path, "a.png")
    (tmp_path / "metadata.jsonl").write_text(text)
    with pytest.raises(DatasetError, match=r"metadata\.jsonl"):
        scan_folder(tmp_path)


def test_a_table_cannot_name_files_outside(tmp_path: Path) -> None:
    paint(tmp_path, "in/a.png", "out.png")
    (tmp_path / "in/metadata.jsonl").write_text('{"file_name": "../out.png", "text": "secret"}')
    assert captions(tmp_path / "in") == {"a.png": ""}


def test_a_folder_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no folder"):
        scan_folder(tmp_path / "missing")
