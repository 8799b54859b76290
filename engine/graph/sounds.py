"""Texts in sound files, found without decoding: FLAC (RFC 9639), Ogg (RFC 3533, 7845), ID3v2."""

from __future__ import annotations

import struct
from typing import IO, TYPE_CHECKING

from engine.graph.exif import read_block
from engine.graph.json_text import MAX_BYTES, refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_PARTS = 100_000
_COMMENT_BLOCK = 4
_OGG_COMMENTS = (b"OpusTags", b"\x03vorbis")
_COMMENT_PACKET = 2
_FULL_SEGMENT = 255
_ENCODINGS = ("latin-1", "utf-16", "utf-16-be", "utf-8")
_SYNCHSAFE_FROM = 4


def flac_texts(file: IO[bytes], name: str) -> dict[str, str]:
    """Return the comments of a FLAC file by key, in lower case.

    Raises:
        WorkflowFormatError: The file is cut off or damaged.
    """
    file.seek(4)
    for _ in range(_MOST_PARTS):
        head = read_block(file, 4, name)
        length = int.from_bytes(head[1:], "big")
        if head[0] & 0x7F == _COMMENT_BLOCK:
            return _comments(read_block(file, length, name), name)
        if head[0] & 0x80:
            break
        file.seek(length, 1)
    return {}


def ogg_texts(file: IO[bytes], name: str) -> dict[str, str]:
    """Return the comments of an Ogg file (Opus, Vorbis) by key, in lower case.

    Raises:
        WorkflowFormatError: The file is cut off or damaged.
    """
    for number, packet in enumerate(_packets(file, name), start=1):
        for magic in _OGG_COMMENTS:
            if packet.startswith(magic):
                return _comments(packet[len(magic) :], name)
        if number == _COMMENT_PACKET:
            break
    return {}


def id3_texts(file: IO[bytes], name: str) -> dict[str, str]:
    """Return the user-defined texts (`TXXX`) of an MP3 file by key, in lower case.

    Raises:
        WorkflowFormatError: The file is cut off.
    """
    head = read_block(file, 10, name)
    block = read_block(file, _synchsafe(head[6:]), name)
    found: dict[str, str] = {}
    at = 0
    while at + 10 < len(block) and block[at]:
        size = block[at + 4 : at + 8]
        length = _synchsafe(size) if head[3] >= _SYNCHSAFE_FROM else int.from_bytes(size, "big")
        body = block[at + 10 : at + 10 + length]
        if block[at : at + 4] == b"TXXX" and body and body[0] < len(_ENCODINGS):
            key, _, text = body[1:].decode(_ENCODINGS[body[0]], "replace").partition("\0")
            found.setdefault(key.lower(), text.removeprefix("\ufeff").rstrip("\0"))
        at += 10 + length
    return found


def _packets(file: IO[bytes], name: str) -> Iterator[bytes]:
    packet = bytearray()
    for _ in range(_MOST_PARTS):
        page = read_block(file, 27, name)
        sizes = read_block(file, page[26], name)
        body = read_block(file, sum(sizes), name)
        at = 0
        for size in sizes:
            packet += body[at : at + size]
            at += size
            if len(packet) > MAX_BYTES:
                refuse(f"{name} has more than {MAX_BYTES} bytes of comments")
            if size < _FULL_SEGMENT:
                yield bytes(packet)
                packet.clear()


def _comments(block: bytes, name: str) -> dict[str, str]:
    """Return the `key=value` pairs of a Vorbis comment block."""
    found: dict[str, str] = {}
    try:
        (vendor,) = struct.unpack_from("<I", block)
        (count,) = struct.unpack_from("<I", block, 4 + vendor)
        at = 8 + vendor
        for _ in range(min(count, _MOST_PARTS)):
            (length,) = struct.unpack_from("<I", block, at)
            text = block[at + 4 : at + 4 + length].decode("utf-8", "replace")
            key, _, value = text.partition("=")
            found.setdefault(key.lower(), value)
            at += 4 + length
    except struct.error:
        refuse(f"the comments of {name} are damaged")
    return found


def _synchsafe(four: bytes) -> int:
    """Return a number of ID3: seven bits in each byte."""
    return sum((byte & 0x7F) << shift for byte, shift in zip(four, (21, 14, 7, 0), strict=True))
