"""Texts in film files, found without decoding: MP4 (ISO/IEC 14496-12) and WebM (RFC 8794, 9559)."""

from __future__ import annotations

import struct
from typing import IO, TYPE_CHECKING

from engine.graph.exif import read_block

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_PARTS = 1_000_000
_MOST_KEYS = 10_000
_LONGEST_KEY = 256
_CONTAINERS = frozenset({b"moov", b"udta", b"ilst"})
_DATA_HEAD = 16
_SEGMENT, _TAGS = 0x18538067, 0x1254C367
_TAG, _SIMPLE_TAG, _NAME, _STRING = 0x7373, 0x67C8, 0x45A3, 0x4487
_LONGEST_NUMBER = 8


def mp4_texts(file: IO[bytes], name: str) -> dict[str, str]:
    """Return the texts of an MP4 file by key, in lower case, as QuickTime's keys name them.

    Long keys are cut, and of very many the first count.

    Raises:
        WorkflowFormatError: The file is cut off in the middle of them.
    """
    keys: list[str] = []
    found: dict[str, str] = {}
    for kind, start, length in _boxes(file, 0, _size(file)):
        if kind == b"keys":
            file.seek(start)
            keys = _keys(read_block(file, length, name))
        elif (number := int.from_bytes(kind, "big")) and number <= len(keys):
            file.seek(start)
            value = read_block(file, length, name)
            if value[4:8] == b"data":
                text = value[_DATA_HEAD:].decode("utf-8", "replace")
                found.setdefault(keys[number - 1], text)
    return found


def webm_texts(file: IO[bytes], name: str) -> dict[str, str]:
    """Return the tags of a WebM or Matroska file by name, in lower case.

    Raises:
        WorkflowFormatError: The file is cut off in the middle of them.
    """
    found: dict[str, str] = {}
    key = ""
    for kind, start, length in _elements(file, 0, _size(file)):
        if kind in {_NAME, _STRING}:
            file.seek(start)
            text = read_block(file, length, name).decode("utf-8", "replace").rstrip("\0")
            if kind == _NAME:
                key = text.lower()
            else:
                found.setdefault(key, text)
    return found


def _size(file: IO[bytes]) -> int:
    return file.seek(0, 2)


def _boxes(file: IO[bytes], start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield kind, start and length of boxes, those inside of containers too."""
    open_ = [(start, end)]
    for _ in range(_MOST_PARTS):
        while open_ and open_[-1][0] + 8 > open_[-1][1]:
            open_.pop()
        if not open_:
            return
        at, stop = open_.pop()
        file.seek(at)
        length, kind = struct.unpack(">I4s", file.read(8).ljust(8, b"\0"))
        head = 8
        if length == 1:
            length, head = int.from_bytes(file.read(8), "big"), 16
        length = stop - at if length == 0 else length
        if length < head or at + length > stop:
            return
        open_.append((at + length, stop))
        inside = at + head
        if kind == b"meta":
            # Apple's has no version in front of its boxes, ISO's has.
            inside += 0 if file.read(8)[4:] == b"hdlr" else 4
        if kind in _CONTAINERS or kind == b"meta":
            open_.append((inside, at + length))
        else:
            yield kind, inside, length - head


def _keys(block: bytes) -> list[str]:
    keys: list[str] = []
    at = 8
    while at + 8 <= len(block) and len(keys) < _MOST_KEYS:
        length = max(int.from_bytes(block[at : at + 4], "big"), 8)
        key = block[at + 8 : at + min(length, 8 + _LONGEST_KEY)]
        keys.append(key.decode("utf-8", "replace").lower())
        at += length
    return keys


def _elements(file: IO[bytes], start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield kind, start and length of EBML elements, those inside of tags too."""
    open_ = [(start, end)]
    for _ in range(_MOST_PARTS):
        while open_ and open_[-1][0] >= open_[-1][1]:
            open_.pop()
        if not open_:
            return
        at, stop = open_.pop()
        file.seek(at)
        kind = _number(file, marked=True)
        length = _number(file, marked=False)
        inside = file.tell()
        if kind is None:
            return
        # A length that is not known reaches as far as what is around it.
        after = stop if length is None else min(inside + length, stop)
        open_.append((after, stop))
        if kind in {_SEGMENT, _TAGS, _TAG, _SIMPLE_TAG}:
            open_.append((inside, after))
        else:
            yield kind, inside, after - inside


def _number(file: IO[bytes], *, marked: bool) -> int | None:
    """Read a number of variable length; None where it ends or stands for "not known".

    Args:
        file: Where it begins.
        marked: Keep the bit that says how long it is, as ids do.
    """
    first = file.read(1)
    if not first or not first[0]:
        return None
    length = _LONGEST_NUMBER + 1 - first[0].bit_length()
    rest = file.read(length - 1)
    if len(rest) < length - 1:
        return None
    value = int.from_bytes(first + rest, "big")
    if marked:
        return value
    value -= 1 << 7 * length
    return None if value == (1 << 7 * length) - 1 else value
