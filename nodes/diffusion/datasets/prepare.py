"""Pictures written out at their final sizes, with captions beside them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
from PIL import Image, ImageColor
from torch import Tensor

from nodes.diffusion.datasets.buckets import bucket_sizes, nearest_bucket
from nodes.diffusion.datasets.emoji import png
from nodes.diffusion.datasets.errors import DatasetError
from nodes.diffusion.datasets.manifest import Manifest, Record, write_atomically
from nodes.diffusion.datasets.pictures import read_picture
from nodes.diffusion.datasets.plans import BucketPlan


def prepare(
    manifest: Manifest,
    plan: BucketPlan,
    target: Path,
    *,
    background: str = "",
    progress: Callable[[float, float], None] | None = None,
) -> Manifest:
    """Write every picture, scaled and cropped to its bucket, as `0001.png` and `0001.txt`.

    Args:
        manifest: The pictures; their files are only read.
        plan: Sizes.
        target: The folder to fill.
        background: `#rrggbb` to put behind transparency; empty keeps it.
        progress: Told how many are done, and how many there are.

    Returns:
        The list of the written pictures.

    Raises:
        DatasetError: A picture cannot be read, or the colour is none.
    """
    behind = _colour(background) if background else None
    sizes = bucket_sizes(plan)
    records: list[Record] = []
    for number, record in enumerate(manifest.records, 1):
        size = nearest_bucket(record.width or 1, record.height or 1, sizes)
        pixels = read_picture(manifest.root / record.path, size, plan.anchor)
        data = _drawn(pixels, behind)
        name = f"{number:04d}.png"
        write_atomically(target / name, data)
        write_atomically((target / name).with_suffix(".txt"), record.caption.encode())
        changes = {"path": name, "sha256": hashlib.sha256(data).hexdigest()}
        written = msgspec.structs.replace(record, **changes, width=size[0], height=size[1])
        records.append(written)
        if progress is not None:
            progress(number, len(manifest.records))
    return replace(manifest, root=target, records=tuple(records))


def _drawn(pixels: Tensor, behind: tuple[int, ...] | None) -> bytes:
    picture = Image.fromarray(pixels.permute(1, 2, 0).numpy())
    if behind is not None:
        flat = Image.new("RGBA", picture.size, behind)
        picture = Image.alpha_composite(flat, picture).convert("RGB")
    return png(picture)


def _colour(text: str) -> tuple[int, ...]:
    try:
        return ImageColor.getrgb(text)
    except ValueError as error:
        raise DatasetError("not a colour", expected="#rrggbb", got=text) from error
