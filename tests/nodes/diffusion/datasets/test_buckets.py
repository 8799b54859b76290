from __future__ import annotations

import pytest

from nodes.diffusion.datasets.buckets import bucket_sizes, cover, nearest_bucket
from nodes.diffusion.datasets.plans import BucketPlan

SD1 = BucketPlan(width=512, height=512, step=64, smallest=256, largest=1024)


def test_the_table_for_512_is_that_of_kohya() -> None:
    wide = [(1024, 256), (960, 256), (896, 256), (832, 256), (768, 320), (704, 320), (640, 384)]
    wide += [(576, 448), (512, 512)]
    sizes = bucket_sizes(SD1)
    assert set(wide) <= set(sizes)
    assert {(height, width) for width, height in sizes} == set(sizes)


def test_no_bucket_is_larger_than_the_target_or_off_the_grid() -> None:
    for width, height in bucket_sizes(SD1):
        assert width * height <= 512 * 512
        assert width % 64 == height % 64 == 0
        assert 256 <= min(width, height) <= max(width, height) <= 1024


def test_without_a_step_there_is_one_size() -> None:
    assert bucket_sizes(BucketPlan(width=96, height=64)) == ((96, 64),)


@pytest.mark.parametrize(
    ("size", "bucket"),
    [((1000, 1000), (512, 512)), ((1500, 1000), (640, 384)), ((1000, 4000), (256, 1024))],
)
def test_a_picture_goes_to_the_nearest_aspect_ratio(
    size: tuple[int, int], bucket: tuple[int, int]
) -> None:
    assert nearest_bucket(*size, bucket_sizes(SD1)) == bucket


@pytest.mark.parametrize(
    ("anchor", "corner"),
    [("center", (25, 0)), ("left", (0, 0)), ("right", (50, 0)), ("bottom right", (50, 0))],
)
def test_a_picture_covers_its_bucket_and_is_cropped_at_the_anchor(
    anchor: str, corner: tuple[int, int]
) -> None:
    assert cover((300, 200), (100, 100), anchor) == ((150, 100), corner)
