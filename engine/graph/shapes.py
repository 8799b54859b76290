"""Texts in drawings and shapes, found without drawing them: SVG, and GLB (Khronos' glTF 2.0)."""

from __future__ import annotations

import html
import json
import re
import struct
from typing import IO

from engine.graph.exif import read_block
from engine.graph.json_text import MAX_BYTES, mapping, parse_json

_METADATA = re.compile(rb"<metadata[^>]*>(.*?)</metadata>", re.DOTALL)
_VERBATIM = ("<![CDATA[", "]]>")
_JSON_CHUNK = b"JSON"


def svg_texts(file: IO[bytes], name: str) -> dict[str, str]:
    """Return what the JSON object in the `<metadata>` of a drawing holds, each value as JSON.

    Raises:
        WorkflowFormatError: It holds broken JSON.
    """
    match = _METADATA.search(file.read(MAX_BYTES))
    if match is None:
        return {}
    text = match.group(1).decode("utf-8", "replace").strip()
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
