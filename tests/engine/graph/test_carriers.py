"""Workflows in sounds, films, drawings and shapes; each file is built by hand, part by part."""

from __future__ import annotations

import contextlib
import json
import random
import struct
from typing import Any

import pytest

from engine.errors import WorkflowFormatError
from engine.graph.workflow_file import load_workflow
from tests.engine.graph.declared_kinds import canvas

API: dict[str, Any] = {
    "1": {"class_type": "EmptyLatentImage", "inputs": {"width": 8, "height": 8, "batch_size": 1}},
}
UI = canvas([{"id": 1, "type": "EmptyLatentImage", "title": "K\u00e4se" * 100}], [])
TEXTS = {"prompt": json.dumps(API), "workflow": json.dumps(UI)}


def comments() -> bytes:
    listed = [f"{key.upper()}={text}".encode() for key, text in {"title": "x", **TEXTS}.items()]
    parts = [struct.pack("<I", len(one)) + one for one in listed]
    return struct.pack("<I", 4) + b"tool" + struct.pack("<I", len(parts)) + b"".join(parts)


def flac() -> bytes:
    block = comments()
    facts = bytes([0]) + (34).to_bytes(3, "big") + bytes(34)
    return b"fLaC" + facts + bytes([0x84]) + len(block).to_bytes(3, "big") + block + b"sound"


def page(*sizes: int) -> bytes:
    return b"OggS" + bytes(22) + bytes([len(sizes), *sizes])


def opus() -> bytes:
    packet = b"OpusTags" + comments()
    full, rest = divmod(len(packet), 255)
    # The comments begin on one page and end on the next.
    first = page(*[255] * (full - 1)) + packet[: 255 * (full - 1)]
    last = page(255, rest) + packet[255 * (full - 1) :]
    return page(19) + b"OpusHead" + bytes(11) + first + last


def synchsafe(number: int) -> bytes:
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))


def mp3(version: int) -> bytes:
    frames = b"TIT2" + bytes([0, 0, 0, 2]) + b"\0\0" + b"\0x"
    for key, text in TEXTS.items():
        if version == 4:
            body = b"\3" + f"{key}\0{text}\0".encode()
            size = synchsafe(len(body))
        else:
            body = b"\1" + f"{key}\0".encode("utf-16") + text.encode("utf-16")
            size = struct.pack(">I", len(body))
        frames += b"TXXX" + size + b"\0\0" + body
    return b"ID3" + bytes([version, 0, 0]) + synchsafe(len(frames) + 10) + frames + bytes(10)


def box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", len(body) + 8) + kind + body


def mp4(*, iso: bool) -> bytes:
    keys = b"".join(box(b"mdta", key.encode()) for key in TEXTS)
    values = [
        box(struct.pack(">I", number), box(b"data", bytes([0, 0, 0, 1]), bytes(4), text.encode()))
        for number, text in enumerate(TEXTS.values(), start=1)
    ]
    meta = box(
        b"meta",
        bytes(4) if iso else b"",
        box(b"hdlr", bytes(24)),
        box(b"keys", bytes(4), struct.pack(">I", len(TEXTS)), keys),
        box(b"ilst", *values),
    )
    film = box(b"moov", box(b"mvhd", bytes(100)), box(b"udta", meta) if iso else meta)
    return box(b"ftyp", b"isom", bytes(4)) + box(b"mdat", bytes(1000)) + film


def element(kind: int, body: bytes, *, known: bool = True) -> bytes:
    name = kind.to_bytes((kind.bit_length() + 7) // 8, "big")
    size = (len(body) | 1 << 28).to_bytes(4, "big") if known else b"\x01" + b"\xff" * 7
    return name + size + body


def webm(*, known: bool) -> bytes:
    tags = b"".join(
        element(0x67C8, element(0x45A3, key.upper().encode()) + element(0x4487, text.encode()))
        for key, text in TEXTS.items()
    )
    body = element(0x1549A966, bytes(20)) + element(0x1254C367, element(0x7373, tags))
    return element(0x1A45DFA3, bytes(10)) + element(0x18538067, body, known=known)


def svg(*, verbatim: bool) -> bytes:
    text = json.dumps({"prompt": API, "workflow": UI})
    inner = f"<![CDATA[\n{text}\n]]>" if verbatim else text.replace('"', "&quot;")
    return f'<?xml version="1.0"?>\n<svg><metadata>{inner}</metadata><path/></svg>'.encode()


def glb() -> bytes:
    scene = json.dumps({"asset": {"version": "2.0", "extras": TEXTS}}).encode()
    scene += b" " * (-len(scene) % 4)
    head = struct.pack("<4sII", b"glTF", 2, 20 + len(scene))
    return head + struct.pack("<I4s", len(scene), b"JSON") + scene


CARRIERS = {
    "flac": flac(),
    "opus": opus(),
    "mp3, version 3": mp3(3),
    "mp3, version 4": mp3(4),
    "mp4": mp4(iso=True),
    "mov": mp4(iso=False),
    "webm": webm(known=True),
    "webm of a live stream": webm(known=False),
    "svg": svg(verbatim=True),
    "svg, escaped": svg(verbatim=False),
    "glb": glb(),
}


@pytest.mark.parametrize("kind", CARRIERS)
def test_every_carrier_gives_its_workflow_back(kind: str) -> None:
    file = load_workflow(CARRIERS[kind])
    assert file.graph is not None
    assert list(file.graph.nodes) == ["1"]
    assert file.canvas is not None
    assert file.canvas.raw == UI
    assert not file.notes


@pytest.mark.parametrize("kind", CARRIERS)
def test_carriers_that_are_cut_off_are_refused_with_a_sentence(kind: str) -> None:
    whole = CARRIERS[kind]
    for end in range(1, len(whole), 37):
        with contextlib.suppress(WorkflowFormatError):  # any other error fails the test
            load_workflow(whole[:end])
    with pytest.raises(WorkflowFormatError):
        load_workflow(whole[:12])


@pytest.mark.parametrize("kind", CARRIERS)
def test_carriers_with_wrong_bytes_are_read_or_refused(kind: str) -> None:
    random_ = random.Random(kind)
    for _ in range(300):
        broken = bytearray(CARRIERS[kind])
        for _ in range(random_.randint(1, 6)):
            broken[random_.randrange(len(broken))] = random_.randrange(256)
        with contextlib.suppress(WorkflowFormatError):
            load_workflow(bytes(broken))
