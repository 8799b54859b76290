"""Previews as the small files that clients get."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

    from engine.jobs.messages import Picture

_JPEG_QUALITY = 95
_PNG_LEVEL = 1


def preview_file(picture: Image, size: int | None) -> Picture:
    """Return a preview as a JPEG file, or as PNG where it has transparency.

    Args:
        picture: Any PIL picture.
        size: The longer side in pixels, to which small pictures are enlarged too; None keeps it.
    """
    if size is not None:
        picture = _scaled(picture, size)
    if "A" in picture.getbands():
        return exact_file(picture)
    file = io.BytesIO()
    picture.convert("RGB").save(file, "JPEG", quality=_JPEG_QUALITY)
    return "jpeg", file.getvalue()


def exact_file(picture: Image) -> Picture:
    """Return a picture as a PNG file, pixel for pixel."""
    file = io.BytesIO()
    picture.save(file, "PNG", compress_level=_PNG_LEVEL)
    return "png", file.getvalue()


def _scaled(picture: Image, size: int) -> Image:
    from PIL.Image import Resampling

    scale = size / max(picture.size)
    width, height = (max(round(side * scale), 1) for side in picture.size)
    return picture.resize((width, height), Resampling.BILINEAR)
