"""A data set's pictures in memory, decoded once, grouped by size."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image, UnidentifiedImageError
from torch import Tensor

from nodes.diffusion.datasets.buckets import Size, bucket_sizes, cover, nearest_bucket
from nodes.diffusion.datasets.errors import DatasetError
from nodes.diffusion.datasets.manifest import Manifest
from nodes.diffusion.datasets.plans import BucketPlan


def read_picture(path: Path, bucket: Size, anchor: str = "center") -> Tensor:
    """Return a picture that fills a bucket: `[4, H, W]`, 8-bit RGBA.

    Raises:
        DatasetError: The file is not a picture that can be read.
    """
    try:
        with Image.open(path) as opened:
            picture = opened.convert("RGBA")
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise DatasetError(f"cannot read the picture {path}: {error}") from error
    if picture.size != bucket:
        resized, (left, top) = cover(picture.size, bucket, anchor)
        shrunk = picture.convert("RGBa").resize(resized, Image.Resampling.LANCZOS)
        box = (left, top, left + bucket[0], top + bucket[1])
        picture = shrunk.convert("RGBA").crop(box)
    return torch.from_numpy(np.array(picture)).permute(2, 0, 1).contiguous()


class Pictures:
    """All pictures of a data set, decoded, in one tensor per bucket.

    Args:
        manifest: The list of pictures.
        plan: Which sizes they are brought to.

    Raises:
        DatasetError: A picture cannot be read.
    """

    def __init__(self, manifest: Manifest, plan: BucketPlan) -> None:
        self.manifest = manifest
        sizes = bucket_sizes(plan)
        self._place: list[tuple[Size, int]] = []
        self.buckets: dict[Size, list[int]] = {}
        pixels: dict[Size, list[Tensor]] = {}
        for index, record in enumerate(manifest.records):
            size = nearest_bucket(record.width or 1, record.height or 1, sizes)
            picture = read_picture(manifest.root / record.path, size, plan.anchor)
            self._place.append((size, len(pixels.setdefault(size, []))))
            pixels[size].append(picture)
            self.buckets.setdefault(size, []).extend([index] * record.repeats)
        self._pixels = {size: torch.stack(items) for size, items in pixels.items()}

    def of(self, indices: Sequence[int]) -> Tensor:
        """Return pictures of one bucket: `[B, 4, H, W]`, 8-bit RGBA."""
        size = self._place[indices[0]][0]
        return self._pixels[size][[self._place[i][1] for i in indices]]

    def size(self, index: int) -> Size:
        """Return the bucket that a record is in."""
        return self._place[index][0]
