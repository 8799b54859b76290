"""Sizes that pictures of different shapes are brought to, few enough for fast training.

The rule is that of kohya's sd-scripts: all buckets have at most the area of the target, and a
picture goes to the bucket whose aspect ratio is nearest to its own.
"""

from __future__ import annotations

from collections.abc import Iterable

from nodes.diffusion.datasets.plans import BucketPlan

Size = tuple[int, int]
"""Width and height in pixels."""


def bucket_sizes(plan: BucketPlan) -> tuple[Size, ...]:
    """Return the sizes of all buckets, sorted."""
    if plan.step <= 0:
        return ((plan.width, plan.height),)
    area = plan.width * plan.height
    side = int(area**0.5) // plan.step * plan.step
    sizes = {(side, side)}
    for width in range(plan.smallest, min(plan.largest, area // plan.step) + 1, plan.step):
        height = min(plan.largest, area // width // plan.step * plan.step)
        if height >= plan.smallest:
            sizes |= {(width, height), (height, width)}
    return tuple(sorted(sizes))


def nearest_bucket(width: int, height: int, sizes: Iterable[Size]) -> Size:
    """Return the bucket whose aspect ratio is nearest to that of a picture."""
    ratio = width / height
    return min(sizes, key=lambda size: (abs(size[0] / size[1] - ratio), -size[0] * size[1]))


def cover(size: Size, bucket: Size, anchor: str = "center") -> tuple[Size, tuple[int, int]]:
    """Return the size that covers a bucket, and the corner of the crop within it.

    Args:
        size: Of the picture.
        bucket: To be filled.
        anchor: `center`, or words that name the part to keep: `top`, `bottom left`.
    """
    scale = max(bucket[0] / size[0], bucket[1] / size[1])
    resized = (max(bucket[0], round(size[0] * scale)), max(bucket[1], round(size[1] * scale)))
    spare = (resized[0] - bucket[0], resized[1] - bucket[1])
    left = 0 if "left" in anchor else spare[0] if "right" in anchor else spare[0] // 2
    top = 0 if "top" in anchor else spare[1] if "bottom" in anchor else spare[1] // 2
    return resized, (left, top)
