"""Texts in drawings and shapes, found without drawing them: SVG, and GLB (Khronos' glTF 2.0)."""

from __future__ import annotations

import html
import json
import struct
from typing import IO

from engine.graph.exif import read_block
from engine.graph.json_text import MAX_BYTES, mapping, parse_json

_METADATA, _METADATA_END = b"<metadata", b"</metadata>"
_VERBATIM = ("<![CDATA[", "]]>")
_JSON_CHUNK = b"JSON"


def svg_texts(file: IO[bytes], name: str) -> dict[str, str]:
    """Return what the JSON object in the `<metadata>` of a drawing holds, each value as JSON.

    Raises:
        WorkflowFormatError: It holds broken JSON.
    """
    # No pattern of `re`, which would look for the end anew from each of a million beginnings.
    _, _, opened = file.read(MAX_BYTES).partition(_METADATA)
    inside, end, _ = opened.partition(b">")[2].partition(_METADATA_END)
    if not end:
        return {}
    text = inside.decode("utf-8", "replace").strip()
    if text.startswith(_VERBATIM[0]):
        text = text.removeprefix(_VERBATIM[0]).removesuffix(_VERBATIM[1]).strip()
    else:
        text = html.unescape(text)
    if not text.startswith("{"):
        return {}
    return _as_texts(parse_json(text, f"the metadata of {name}"))


def glb_texts(file: IO[bytes], name: str) -> dict[str, str]:
    """Return the `extras` of a GLB file's `asset`, each value as JSON.

    Raises:
        WorkflowFormatError: The file is cut off, or holds broken JSON.
    """
    length, kind = struct.unpack_from("<I4s", read_block(file, 20, name), 12)
    if kind != _JSON_CHUNK:
        return {}
    scene = mapping(parse_json(read_block(file, length, name), f"the scene of {name}"))
    return _as_texts(mapping(mapping(scene.get("asset")).get("extras")))


def _as_texts(values: object) -> dict[str, str]:
    return {
        key.lower(): value if isinstance(value, str) else json.dumps(value)
        for key, value in mapping(values).items()
    }
