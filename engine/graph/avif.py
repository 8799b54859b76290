"""The EXIF block of AVIF files: an item of the box structure of ISO/IEC 14496-12 and 23008-12."""

from __future__ import annotations

import struct
from typing import IO, TYPE_CHECKING

from engine.graph.exif import read_block
from engine.graph.json_text import refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

_BRANDS = frozenset({b"avif", b"avis", b"mif1", b"heic"})
_MOST_BOXES = 10_000
_MOST_META = 16 * 2**20


def is_avif(head: bytes) -> bool:
    """Tell whether a file that begins like this is AVIF or its relative."""
    return head[4:8] == b"ftyp" and head[8:12] in _BRANDS


def avif_exif(file: IO[bytes], name: str) -> bytes | None:
    """Return the EXIF block of an AVIF file, or None.

    Raises:
        WorkflowFormatError: The file is cut off or damaged.
    """
    try:
        meta = _meta_box(file, name)
        if meta is None:
            return None
        boxes = dict(_boxes(meta[4:]))
        item = _exif_item(boxes.get(b"iinf", b""))
        place = _extent(boxes.get(b"iloc", b""), item) if item is not None else None
    except struct.error:
        refuse(f"the metadata of {name} are damaged")
    if place is None:
        return None
    offset, length = place
    file.seek(offset)
    block = read_block(file, length, name)
    # Four bytes say how far behind them the TIFF structure begins.
    skip = struct.unpack(">I", block[:4])[0] if len(block) >= 4 else 0  # noqa: PLR2004
    return block[4 + skip :]


def _meta_box(file: IO[bytes], name: str) -> bytes | None:
    file.seek(0)
    for _ in range(_MOST_BOXES):
        head = file.read(8)
        if len(head) < 8:  # noqa: PLR2004 - a length and a tag of four bytes each
            return None
        length, kind = struct.unpack(">I4s", head)
        body = length - 8
        if length == 1:
            body = struct.unpack(">Q", file.read(8))[0] - 16
        if kind == b"meta":
            return read_block(file, min(max(body, 0), _MOST_META), name)
        if body < 0:
            return None
        file.seek(body, 1)
    return None


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if length < 8:  # noqa: PLR2004
            return
        yield kind, data[at + 8 : at + length]
        at += length


def _exif_item(iinf: bytes) -> int | None:
    if not iinf:
        return None
    for kind, entry in _boxes(iinf[6 if iinf[0] == 0 else 8 :]):
        if kind != b"infe" or not entry or entry[0] < 2:  # noqa: PLR2004 - the versions with types
            continue
        wide = entry[0] > 2  # noqa: PLR2004
        (item,) = struct.unpack_from(">I" if wide else ">H", entry, 4)
        at = 10 if wide else 8
        if entry[at : at + 4] == b"Exif":
            return item
    return None


def _extent(iloc: bytes, wanted: int) -> tuple[int, int] | None:
    """Return offset and length of an item's first extent, within the file."""
    if not iloc:
        return None
    version = iloc[0]
    sizes, more = iloc[4], iloc[5]
    numbers = _Numbers(iloc, 6)
    count = numbers.next(4 if version == 2 else 2)  # noqa: PLR2004
    for _ in range(count):
        item = numbers.next(4 if version == 2 else 2)  # noqa: PLR2004
        method = numbers.next(2) & 15 if version else 0
        numbers.next(2)
        base = numbers.next(more >> 4)
        index, offset, length = more & 15 if version else 0, sizes >> 4, sizes & 15
        extents = numbers.next(2)
        if item == wanted and method == 0 and extents:
            numbers.next(index)
            return base + numbers.next(offset), numbers.next(length)
        numbers.skip(extents * (index + offset + length))
    return None


class _Numbers:
    def __init__(self, data: bytes, at: int) -> None:
        self._data = data
        self._at = at

    def skip(self, size: int) -> None:
        self._at += size

    def next(self, size: int) -> int:
        end = self._at + size
        if end > len(self._data):
            raise struct.error("the box ends too early")
        value = int.from_bytes(self._data[self._at : end], "big")
        self._at = end
        return value
