"""A data set's pictures, decoded and grouped by size."""

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
from nodes.diffusion.picture_formats import FORMATS


def read_picture(path: Path, bucket: Size, anchor: str = "center") -> Tensor:
    """Return a picture that fills a bucket: `[4, H, W]`, 8-bit RGBA.

    Raises:
        DatasetError: The file is not a picture that can be read.
    """
    try:
        with Image.open(path, formats=FORMATS) as opened:
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
    """The pictures of a data set, brought to their buckets.

    Small sets are decoded once and kept in memory; of larger ones each picture is read anew when
    it is wanted, which kept latents make rare.

    Args:
        manifest: The list of pictures.
        plan: Which sizes they are brought to.
        limit: Bytes up to which all pictures are kept.

    Raises:
        DatasetError: A picture of a set that is kept cannot be read.
    """

    def __init__(self, manifest: Manifest, plan: BucketPlan, *, limit: int = 2 << 30) -> None:
        self.manifest = manifest
        self._anchor = plan.anchor
        sizes = bucket_sizes(plan)
        self._sizes = [nearest_bucket(r.width or 1, r.height or 1, sizes) for r in manifest.records]
        self.buckets: dict[Size, list[int]] = {}
        for index, (size, record) in enumerate(zip(self._sizes, manifest.records, strict=True)):
            self.buckets.setdefault(size, []).extend([index] * record.repeats)
        needed = sum(4 * width * height for width, height in self._sizes)
        kept = range(len(self._sizes)) if needed <= limit else ()
        self._kept = [self._read(index) for index in kept]

    def of(self, indices: Sequence[int]) -> Tensor:
        """Return pictures of one bucket: `[B, 4, H, W]`, 8-bit RGBA.

        Raises:
            DatasetError: A picture cannot be read.
        """
        return torch.stack([self._kept[i] if self._kept else self._read(i) for i in indices])

    def size(self, index: int) -> Size:
        """Return the bucket that a record is in."""
        return self._sizes[index]

    def _read(self, index: int) -> Tensor:
        path = self.manifest.root / self.manifest.records[index].path
        return read_picture(path, self._sizes[index], self._anchor)
