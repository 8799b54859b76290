"""Files and texts of a few megabytes that would take hours or gigabytes if they were trusted."""

from __future__ import annotations

import resource
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.graph.json_text import MAX_BYTES

ROOT = Path(__file__).resolve().parents[3]
SECONDS = 20
BYTES = 2**30
READING = """
import sys
from engine.errors import WorkflowFormatError
from engine.graph.embedded import embedded_texts

with open(sys.argv[1], "rb") as file:
    try:
        print(sorted(embedded_texts(file, "it") or ()))
    except WorkflowFormatError as error:
        print(error)
"""
PARSING = """
import sys
from engine.errors import WorkflowFormatError
from engine.graph.json_text import parse_json

with open(sys.argv[1], "rb") as file:
    try:
        print(len(parse_json(file.read(), "it")))
    except WorkflowFormatError as error:
        print(error)
"""
CHOOSING = """
import random
import sys
from engine.graph.prompt_text import choose

with open(sys.argv[1]) as file:
    print(len(choose(file.read(), random.Random(1))))
"""


def within_limits(program: str, content: bytes, folder: Path) -> str:
    """Return what a program prints about a file; it gets so much memory and CPU and no more."""
    path = folder / "bomb"
    path.write_bytes(content)

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))

    done = subprocess.run(
        [sys.executable, "-c", program, str(path)],
        cwd=ROOT,
        preexec_fn=limit,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-1000:]
    return done.stdout.strip()


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + bytes(4)


def png_of_texts(keys: list[bytes]) -> bytes:
    packed = zlib.compress(bytes(MAX_BYTES - 100), 9)
    texts = [png_chunk(b"zTXt", key + b"\0\0" + packed) for key in keys]
    return b"\x89PNG\r\n\x1a\n" + b"".join(texts) + png_chunk(b"IEND", b"")


def box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", len(body) + 8) + kind + body


def webp_of_overlapping_texts() -> bytes:
    """Entries of one block that all show the same megabytes, each from another byte on."""
    count = 60_000
    start = 10 + count * 12 + 4
    text = b"a" * count + b":" + bytes(30 * 2**20)
    entries = b"".join(
        struct.pack("<HHII", index, 2, len(text) - index, start + index) for index in range(count)
    )
    tiff = b"II*\0" + struct.pack("<IH", 8, count) + entries + bytes(4) + text
    return b"RIFF" + bytes(4) + b"WEBP" + b"EXIF" + struct.pack("<I", len(tiff)) + tiff


def avif_of_endless_extents() -> bytes:
    """Items with 65,535 places each that take no bytes."""
    item = struct.pack(">HHH", 7, 0, 65_535)
    count = 65_000
    places = bytes(4) + bytes([0, 0]) + struct.pack(">H", count) + item * count
    entry = box(b"infe", bytes([2, 0, 0, 0]), struct.pack(">HH", 1, 0), b"Exif\0")
    infos = box(b"iinf", bytes(4) + struct.pack(">H", 1) + entry)
    meta = box(b"meta", bytes(4), infos, box(b"iloc", places))
    return box(b"ftyp", b"avif", bytes(4)) + meta


def flac_of_empty_comments() -> bytes:
    block = struct.pack("<II", 0, 4_000_000) + bytes(4 * 4_000_000)
    assert len(block) < 2**24
    return b"fLaC" + bytes([0x84]) + len(block).to_bytes(3, "big") + block


def mp4_of_long_keys() -> bytes:
    """One key of many megabytes, and a million values for it."""
    keys = box(b"keys", bytes(4), struct.pack(">I", 1), box(b"mdta", b"K" * (30 * 2**20)))
    value = box(struct.pack(">I", 1), box(b"data", bytes(8)))
    return box(b"ftyp", b"isom", bytes(4)) + box(
        b"moov",
        box(b"meta", bytes(4), box(b"hdlr", bytes(24)), keys, box(b"ilst", value * 500_000)),
    )


BOMBS: dict[str, Callable[[], bytes]] = {
    "texts of a PNG that nobody asked for": lambda: png_of_texts([b"x%d" % n for n in range(60)]),
    "the same text of a PNG many times": lambda: png_of_texts([b"prompt"] * 800),
    "an EXIF block whose texts overlap": webp_of_overlapping_texts,
    "an AVIF file with endless places": avif_of_endless_extents,
    "a FLAC file with millions of comments": flac_of_empty_comments,
    "an MP4 file with a long key": mp4_of_long_keys,
    "an SVG file that opens its metadata again and again": lambda: b"<svg" + b"<metadata" * 500_000,
    "an SVG file that never closes its metadata": lambda: b"<svg" + b"<metadata>" * 500_000,
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_small_file_neither_takes_gigabytes_nor_hours(bomb: str, tmp_path: Path) -> None:
    content = BOMBS[bomb]()
    assert len(content) < 100 * 2**20
    assert within_limits(READING, content, tmp_path)


@pytest.mark.parametrize(
    "text", [b"/* " * 300_000, b"a cat, " * 300_000, b"{" * 500_000, b"{a|" * 300_000]
)
def test_a_long_prompt_takes_no_longer_than_its_length(text: bytes, tmp_path: Path) -> None:
    assert within_limits(CHOOSING, text, tmp_path) == str(len(text))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"[" + b"1," * 15_000_000 + b"1]", "it holds more than 10000000 values"),
        (b"[" + b"[]," * 10_100_000 + b"1]", "it holds more than 10000000 values"),
        (b"[" + b"1," * 9_000_000 + b"1]", "9000001"),
    ],
)
def test_millions_of_values_are_counted_and_not_looked_at(
    text: bytes, told: str, tmp_path: Path
) -> None:
    assert within_limits(PARSING, text, tmp_path) == told
