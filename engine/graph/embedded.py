"""Workflows inside pictures, sounds, films and weights files: found without decoding anything."""

from __future__ import annotations

import struct
import zlib
from typing import IO, TYPE_CHECKING

from engine.graph.avif import avif_exif, is_avif
from engine.graph.exif import exif_texts, jpeg_exif, read_block, webp_exif
from engine.graph.films import mp4_texts, webm_texts
from engine.graph.json_text import MAX_BYTES, mapping, parse_json, refuse
from engine.graph.shapes import glb_texts, svg_texts
from engine.graph.sounds import flac_texts, id3_texts, ogg_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_MOST_CHUNKS = 4_000_000
_TEXT_CHUNKS = frozenset({b"tEXt", b"zTXt", b"iTXt", b"comf"})
_KEYS = frozenset({"prompt", "workflow", "parameters"})
_HEADER = 8
_BLANK = b"\xef\xbb\xbf \t\r\n"
_DRAWINGS = (b"<svg", b"<?xml", b"<!doctype")
_READERS = {
    b"fLaC": flac_texts,
    b"OggS": ogg_texts,
    b"ID3": id3_texts,
    b"\x1a\x45\xdf\xa3": webm_texts,
    b"glTF": glb_texts,
}


def embedded_texts(file: IO[bytes], name: str) -> dict[str, str] | None:
    """Return what ComfyUI and others keep in a file, by key; None where the file is no such file.

    The keys are `prompt` (API JSON), `workflow` (UI JSON) and `parameters` (another tool's text).

    Args:
        file: Seekable; PNG, APNG, WebP, AVIF, JPEG, safetensors, `.latent`, FLAC, Ogg, MP3, MP4,
            WebM, SVG or GLB.
        name: What to call it in messages.

    Raises:
        WorkflowFormatError: The file is cut off or damaged before or in its texts.
    """
    head = file.read(16)
    file.seek(0)
    if head.startswith(_PNG):
        found = _png_texts(file, name)
    elif head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        found = exif_texts(webp_exif(file, name), name)
    elif head.startswith(_JPEG):
        found = exif_texts(jpeg_exif(file, name), name)
    elif is_avif(head):
        found = exif_texts(avif_exif(file, name), name)
    elif head[_HEADER : _HEADER + 1] == b"{" and head[4:_HEADER] == bytes(4):
        found = _safetensors_texts(file, name)
    else:
        reader = _other_reader(head)
        if reader is None:
            return None
        found = reader(file, name)
    return {key: text for key, text in found.items() if key in _KEYS}


def _other_reader(head: bytes) -> Callable[[IO[bytes], str], dict[str, str]] | None:
    for start, reader in _READERS.items():
        if head.startswith(start):
            return reader
    if head[4:_HEADER] == b"ftyp":
        return mp4_texts
    return svg_texts if head.lstrip(_BLANK).lower().startswith(_DRAWINGS) else None


def _png_texts(file: IO[bytes], name: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for kind, data in _png_chunks(file, name):
        written, _, rest = data.partition(b"\0")
        key = written.decode("latin-1").lower()
        # Texts that nobody reads are not unpacked: a few kilobytes may make gigabytes.
        if key in _KEYS and key not in found:
            found[key] = _png_text(kind, rest, name)
    return found


def _png_chunks(file: IO[bytes], name: str) -> Iterator[tuple[bytes, bytes]]:
    file.seek(len(_PNG))
    total = 0
    for _ in range(_MOST_CHUNKS):
        head = file.read(_HEADER)
        if len(head) < _HEADER:
            return
        length, kind = struct.unpack(">I4s", head)
        if kind == b"IEND":
            return
        if kind in _TEXT_CHUNKS:
            total += length
            if total > MAX_BYTES:
                refuse(f"{name} has more than {MAX_BYTES} bytes of text")
            yield kind, read_block(file, length, name)
            file.seek(4, 1)
        else:
            file.seek(length + 4, 1)


def _png_text(kind: bytes, rest: bytes, name: str) -> str:
    """Return the text of a chunk from what follows its key."""
    compressed = kind == b"zTXt"
    if kind == b"zTXt":
        rest = rest[1:]
    elif kind == b"iTXt":
        compressed = rest[:1] == b"\1"
        # A flag, a method, a language and a translated key stand before the text.
        rest = rest[2:].partition(b"\0")[2].partition(b"\0")[2]
    if compressed:
        rest = _inflated(rest, name)
    return _decoded(rest)


def _inflated(data: bytes, name: str) -> bytes:
    try:
        machine = zlib.decompressobj()
        text = machine.decompress(data, MAX_BYTES)
    except zlib.error:
        refuse(f"a compressed text in {name} is damaged")
    if machine.unconsumed_tail:
        refuse(f"a compressed text in {name} is longer than the {MAX_BYTES} bytes that are read")
    return text


def _decoded(text: bytes) -> str:
    # The standard says Latin-1, ComfyUI writes ASCII, and some others write UTF-8.
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        return text.decode("latin-1")


def _safetensors_texts(file: IO[bytes], name: str) -> dict[str, str]:
    (length,) = struct.unpack("<Q", file.read(_HEADER))
    header = parse_json(read_block(file, length, name), f"the header of {name}")
    metadata = mapping(mapping(header).get("__metadata__"))
    return {key: text for key, text in metadata.items() if isinstance(text, str)}
