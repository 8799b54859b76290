from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import torch
from PIL import Image

from nodes.diffusion.datasets.errors import DatasetError
from nodes.diffusion.datasets.pictures import Pictures, read_picture
from nodes.diffusion.datasets.plans import BucketPlan

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nodes.diffusion.datasets.manifest import Manifest


def test_a_picture_keeps_its_pixels_where_it_fits(tmp_path: Path) -> None:
    Image.new("RGBA", (8, 6), (1, 2, 3, 4)).save(tmp_path / "a.png")
    pixels = read_picture(tmp_path / "a.png", (8, 6))
    assert pixels.shape == (4, 6, 8)
    assert pixels[:, 0, 0].tolist() == [1, 2, 3, 4]


def test_a_picture_without_transparency_is_opaque(tmp_path: Path) -> None:
    Image.new("L", (8, 8), 9).save(tmp_path / "a.jpg")
    assert read_picture(tmp_path / "a.jpg", (8, 8))[3].unique().tolist() == [255]


def test_a_wide_picture_is_cropped_at_the_anchor(tmp_path: Path) -> None:
    wide = Image.new("RGB", (40, 20), "red")
    wide.paste("blue", (20, 0, 40, 20))
    wide.save(tmp_path / "a.png")
    left = read_picture(tmp_path / "a.png", (10, 10), "left")
    right = read_picture(tmp_path / "a.png", (10, 10), "right")
    assert left[0, 5, 2] == 255
    assert right[2, 5, 7] == 255


def test_transparent_colour_does_not_bleed_when_scaled(tmp_path: Path) -> None:
    picture = Image.new("RGBA", (32, 32), (0, 255, 0, 0))
    picture.paste((255, 0, 0, 255), (0, 0, 15, 32))
    picture.save(tmp_path / "a.png")
    pixels = read_picture(tmp_path / "a.png", (8, 8))
    assert int(pixels[1][pixels[3] > 8].max()) <= 4


def test_a_file_that_is_no_picture_is_told_by_name(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"nonsense")
    with pytest.raises(DatasetError, match=r"a\.png"):
        read_picture(tmp_path / "a.png", (8, 8))


def test_pictures_of_several_shapes_are_grouped(
    small_set: Callable[..., Manifest], tmp_path: Path
) -> None:
    square, wide = small_set(2, (16, 16)), small_set(5, (32, 8)).records[2:]
    mixed = replace(square, records=(*square.records, *wide))
    # the squares were painted over by the second call, so they are cropped from wide pictures
    plan = BucketPlan(width=16, height=16, step=8, smallest=8, largest=32)
    pictures = Pictures(mixed, plan)
    assert pictures.buckets == {(16, 16): [0, 1], (32, 8): [2, 3, 4]}
    assert pictures.of([4, 2]).shape == (2, 4, 8, 32)
    assert pictures.of([4, 2])[:, 0, 0, 0].tolist() == [40, 20]
    assert pictures.size(3) == (32, 8)
    assert torch.equal(pictures.of([1])[0], pictures.of([0, 1])[1])


def test_a_set_too_large_for_memory_gives_the_same_pictures(
    small_set: Callable[..., Manifest],
) -> None:
    manifest, plan = small_set(4), BucketPlan(width=16, height=16)
    kept, read = Pictures(manifest, plan), Pictures(manifest, plan, limit=100)
    assert torch.equal(kept.of([3, 1]), read.of([3, 1]))
    (manifest.root / "1.png").unlink()
    assert kept.of([1]).shape == (1, 4, 16, 16)
    with pytest.raises(DatasetError):
        read.of([1])
