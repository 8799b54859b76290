"""The header of a safetensors file, read with suspicion and without touching any tensor."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from nodes.diffusion.errors import WeightsFormatError

LARGEST_HEADER = 100_000_000
"""Bytes; what the format's own reader allows."""
_MOST_AXES = 16
_LENGTH = struct.Struct("<Q")
_BITS = {
    "BOOL": 8,
    "U8": 8,
    "I8": 8,
    "F8_E4M3": 8,
    "F8_E5M2": 8,
    "F8_E8M0": 8,
    "U16": 16,
    "I16": 16,
    "F16": 16,
    "BF16": 16,
    "U32": 32,
    "I32": 32,
    "F32": 32,
    "U64": 64,
    "I64": 64,
    "F64": 64,
    "C64": 64,
}


@dataclass(frozen=True, kw_only=True)
class Header:
    """What a safetensors file says about itself.

    Attributes:
        shapes: By tensor.
        dtypes: The format's name of the type, by tensor.
        metadata: The texts that travel with the tensors.
        start: Byte of the file where the tensors begin.
    """

    shapes: Mapping[str, tuple[int, ...]]
    dtypes: Mapping[str, str]
    metadata: Mapping[str, str]
    start: int


def read_header(path: Path) -> Header:
    """Read and check the header of a safetensors file.

    Raises:
        WeightsFormatError: The file is truncated, the header is no such header, or its tensors
            do not fill the file exactly without a gap or an overlap.
        OSError: The file cannot be read.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(_LENGTH.size)
        length = _LENGTH.unpack(head)[0] if len(head) == _LENGTH.size else 0
        if not 2 <= length <= LARGEST_HEADER:  # noqa: PLR2004 - the least JSON object
            raise _broken(path, f"a header of {length} bytes")
        if length > size - _LENGTH.size:
            raise _broken(path, f"a header of {length} bytes in a file of {size}: it is cut off")
        text = file.read(length)
    try:
        return _parsed(text, size - _LENGTH.size - length, _LENGTH.size + length)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _broken(path, str(error)[:200]) from error


def _broken(path: Path, got: str) -> WeightsFormatError:
    return WeightsFormatError(
        f"{path.name} is no whole safetensors file",
        got=got,
        hint="load the file again from where it came from",
    )


def _parsed(text: bytes, room: int, start: int) -> Header:
    entries = cast("dict[str, Any]", json.loads(text.decode(), object_pairs_hook=_unique))
    metadata = entries.pop("__metadata__", None) or {}
    if not all(isinstance(value, str) for value in metadata.values()):
        raise ValueError("metadata that is not text")
    spans: list[tuple[int, int, str]] = []
    for name, entry in entries.items():
        first, last = entry["data_offsets"]
        _check_entry(name, entry, first, last, room)
        spans.append((first, last, name))
    _check_spans(sorted(spans), room)
    return Header(
        shapes={name: tuple(entry["shape"]) for name, entry in entries.items()},
        dtypes={name: entry["dtype"] for name, entry in entries.items()},
        metadata=metadata,
        start=start,
    )


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    entries = dict(pairs)
    if len(entries) != len(pairs):
        raise ValueError("the same name twice")
    return entries


def _check_entry(
    name: str, entry: Mapping[str, Any], first: object, last: object, room: int
) -> None:
    shape = entry["shape"]
    numbers = [*shape, first, last]
    if len(shape) > _MOST_AXES or not all(type(n) is int and n >= 0 for n in numbers):
        raise ValueError(f"tensor {name!r} has sizes that are no counts")
    first, last = cast("tuple[int, int]", (first, last))
    bits = _BITS[entry["dtype"]]
    for number in shape:
        bits *= number
    if bits != (last - first) * 8:
        raise ValueError(f"tensor {name!r} of shape {shape} in {last - first} bytes")
    if last > room:
        raise ValueError(f"tensor {name!r} ends at byte {last} of {room}: the file is cut off")


def _check_spans(spans: list[tuple[int, int, str]], room: int) -> None:
    end = 0
    for first, last, name in spans:
        if first != end:
            kind = "overlaps the one before it" if first < end else "leaves a gap before it"
            raise ValueError(f"tensor {name!r} {kind}")
        end = last
    if end != room:
        raise ValueError(f"{room - end} bytes that belong to no tensor")
