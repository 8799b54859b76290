"""What a file is, told by its name: only types that cannot act as a page are ever named."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

OCTETS = "application/octet-stream"
"""The type of everything that browsers should not interpret."""
RASTER = {
    ".png": "image/png",
    ".apng": "image/apng",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".gif": "image/gif",
    ".bmp": "image/bmp",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".avif": "image/avif",
}
"""Pictures that are made of nothing but pixels, by suffix."""
_PASSIVE = {
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".webm": "video/webm",
    ".mov": "video/quicktime",
    ".mkv": "video/x-matroska",
    ".avi": "video/x-msvideo",
    ".mp3": "audio/mpeg",
    ".wav": "audio/wav",
    ".flac": "audio/flac",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".m4a": "audio/mp4",
    ".aac": "audio/aac",
    ".json": "application/json",
    ".txt": "text/plain",
    ".csv": "text/csv",
    ".glb": "model/gltf-binary",
}
"""Other types that no browser runs as a page."""


def is_raster(path: Path) -> bool:
    """Tell whether the name is that of a picture made of pixels; SVG is not."""
    return path.suffix.lower() in RASTER


def media_type(path: Path) -> str:
    """Return the type of a user's file; HTML, SVG, scripts and what is not known are octets."""
    suffix = path.suffix.lower()
    return RASTER.get(suffix) or _PASSIVE.get(suffix, OCTETS)
