from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PIL import Image

from nodes.diffusion.datasets.errors import DatasetError
from nodes.diffusion.datasets.folder import scan_folder
from nodes.diffusion.datasets.plans import BucketPlan
from nodes.diffusion.datasets.prepare import prepare

if TYPE_CHECKING:
    from pathlib import Path

FORMATS = ("png", "jpg", "jpeg", "bmp", "webp")


def test_five_formats_come_out_at_the_exact_size_and_originals_stay(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for i, suffix in enumerate(FORMATS):
        Image.new("RGB", (40 + 7 * i, 30), "red").save(source / f"{i}.{suffix}")
        (source / f"{i}.txt").write_text(f"number {i}")
    before = {path.name: path.read_bytes() for path in source.iterdir()}
    manifest = scan_folder(source).manifest
    told: list[tuple[float, float]] = []
    plan = BucketPlan(width=16, height=16)
    made = prepare(manifest, plan, tmp_path / "out", progress=lambda *done: told.append(done))
    assert {path.name: path.read_bytes() for path in source.iterdir()} == before
    assert told[-1] == (5, 5)
    again = scan_folder(tmp_path / "out").manifest
    assert [(r.path, r.caption, r.width, r.height, r.sha256) for r in again.records] == [
        (r.path, r.caption, r.width, r.height, r.sha256) for r in made.records
    ]
    assert [r.caption for r in again.records] == [f"number {i}" for i in range(5)]
    assert {(r.width, r.height) for r in again.records} == {(16, 16)}


def test_other_shapes_keep_theirs_in_buckets(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    Image.new("RGB", (90, 60), "red").save(source / "wide.png")
    Image.new("RGB", (60, 90), "red").save(source / "high.png")
    plan = BucketPlan(width=48, height=48, step=8, smallest=16, largest=96)
    made = prepare(scan_folder(source).manifest, plan, tmp_path / "out")
    high, wide = made.records
    assert (high.width, high.height) == (40, 56)
    assert (wide.width, wide.height) == (56, 40)


def test_transparency_is_kept_or_filled_with_the_colour(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    Image.new("RGBA", (16, 16), (255, 0, 0, 0)).save(source / "a.png")
    manifest, plan = scan_folder(source).manifest, BucketPlan(width=16, height=16)
    prepare(manifest, plan, tmp_path / "clear")
    prepare(manifest, plan, tmp_path / "green", background="#00ff00")
    with Image.open(tmp_path / "clear/0001.png") as clear:
        assert clear.getpixel((0, 0)) == (255, 0, 0, 0)
    with Image.open(tmp_path / "green/0001.png") as green:
        assert green.getpixel((0, 0)) == (0, 255, 0)
    with pytest.raises(DatasetError, match="not a colour"):
        prepare(manifest, plan, tmp_path / "x", background="greenish")
