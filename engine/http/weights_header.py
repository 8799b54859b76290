"""What a safetensors file says about itself, read without touching its weights."""

from __future__ import annotations

import base64
import binascii
import struct
from typing import TYPE_CHECKING, Any

from engine.errors import WorkflowFormatError
from engine.graph.json_text import items, mapping, parse_json

if TYPE_CHECKING:
    from pathlib import Path

MOST_METADATA = 2**20
"""Longest header of which the metadata is told, in bytes."""
MOST_COVERS = 16 * 2**20
"""Longest header in which a cover picture is looked for."""
_LENGTH = struct.Struct("<Q")


def metadata_of(path: Path, *, most_bytes: int = MOST_METADATA) -> dict[str, Any]:
    """Return the `__metadata__` of a file; empty where there is none or the header is broken.

    Args:
        path: The file, whatever it is.
        most_bytes: Headers that claim to be longer are not read.

    Raises:
        OSError: It cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(_LENGTH.size)
        if len(head) < _LENGTH.size:
            return {}
        (length,) = _LENGTH.unpack(head)
        if length > most_bytes:
            return {}
        text = file.read(length)
    try:
        return mapping(mapping(parse_json(text, path.name)).get("__metadata__"))
    except WorkflowFormatError:
        return {}


def cover_of(path: Path) -> bytes | None:
    """Return the first cover picture in a file's metadata, as some trainers put it there.

    Raises:
        OSError: The file cannot be read.
    """
    covers = metadata_of(path, most_bytes=MOST_COVERS).get("ssmd_cover_images")
    if not isinstance(covers, str):
        return None
    try:
        first = next(iter(items(parse_json(covers, "ssmd_cover_images"))), None)
        return base64.b64decode(first, validate=True) if isinstance(first, str) else None
    except (WorkflowFormatError, binascii.Error, ValueError):
        return None
