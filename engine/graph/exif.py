"""The EXIF block of WebP and JPEG files, and the texts in it."""

from __future__ import annotations

import struct
from typing import IO, TYPE_CHECKING

from engine.graph.json_text import MAX_BYTES, refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

_PREFIX = b"Exif\0\0"
_ASCII = 2
_ENTRY = 12
_INLINE = 4
_APP1 = 0xE1
_START_OF_SCAN = 0xDA
_MOST_CHUNKS = 100_000


def webp_exif(file: IO[bytes], name: str) -> bytes | None:
    """Return the EXIF block of a WebP file, or None.

    Raises:
        WorkflowFormatError: The block is cut off or too long.
    """
    file.seek(12)
    for _ in range(_MOST_CHUNKS):
        head = file.read(8)
        if len(head) < 8:  # noqa: PLR2004 - a tag and a length of four bytes each
            return None
        kind, length = struct.unpack("<4sI", head)
        if kind == b"EXIF":
            return read_block(file, length, name)
        file.seek(length + length % 2, 1)
    return None


def jpeg_exif(file: IO[bytes], name: str) -> bytes | None:
    """Return the EXIF block of a JPEG file, or None.

    Raises:
        WorkflowFormatError: The block is cut off.
    """
    file.seek(2)
    for _ in range(_MOST_CHUNKS):
        head = file.read(4)
        if len(head) < 4 or head[0] != 0xFF or head[1] == _START_OF_SCAN:  # noqa: PLR2004
            return None
        length = struct.unpack(">H", head[2:])[0] - 2
        if length < 0:
            return None
        if head[1] == _APP1:
            block = read_block(file, length, name)
            if block.startswith(_PREFIX):
                return block
        else:
            file.seek(length, 1)
    return None


def read_block(file: IO[bytes], length: int, name: str) -> bytes:
    """Return so many bytes of a file.

    Raises:
        WorkflowFormatError: The file ends before, or nobody needs a block so long.
    """
    if length > MAX_BYTES:
        refuse(f"{name} has a metadata block of {length} bytes; at most {MAX_BYTES} are read")
    block = file.read(length)
    if len(block) < length:
        refuse(f"{name} is cut off in the middle of its metadata")
    return block


def exif_texts(block: bytes | None, name: str) -> dict[str, str]:
    """Return the texts `key:text` of an EXIF block by key, in lower case.

    Args:
        block: A TIFF structure, with or without `Exif` in front; None has no texts.
        name: What to call the file in messages.

    Raises:
        WorkflowFormatError: The block is damaged.
    """
    found: dict[str, str] = {}
    if block is None:
        return found
    try:
        for value in _ascii_values(block.removeprefix(_PREFIX)):
            text = value.rstrip(b"\0").decode("utf-8", "replace")
            key, colon, rest = text.partition(":")
            if colon and key.isidentifier():
                found.setdefault(key.lower(), rest)
    except struct.error:
        refuse(f"the EXIF block of {name} is damaged")
    return found


def _ascii_values(tiff: bytes) -> Iterator[bytes]:
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return
    (start,) = struct.unpack_from(f"{order}I", tiff, 4)
    (count,) = struct.unpack_from(f"{order}H", tiff, start)
    total = 0
    for index in range(count):
        at = start + 2 + index * _ENTRY
        _, kind, length = struct.unpack_from(f"{order}HHI", tiff, at)
        if kind != _ASCII:
            continue
        place = at + 8
        if length > _INLINE:
            (place,) = struct.unpack_from(f"{order}I", tiff, place)
        total += length
        if place + length > len(tiff):
            raise struct.error("the value ends behind the block")
        if total > MAX_BYTES:
            # Values may show the same bytes, so that a short block has endless texts.
            raise struct.error("the values are longer than any block")
        yield tiff[place : place + length]
