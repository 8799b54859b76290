"""Folders of pictures that people bring: with sidecars, a table, or kohya's repeat folders."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
from PIL import Image, UnidentifiedImageError

from nodes.diffusion.datasets.errors import DatasetError
from nodes.diffusion.datasets.manifest import Manifest, Record
from nodes.diffusion.picture_formats import FORMATS

SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tiff"})
CAPTION_SOURCES = ("sidecar", "table", "folder", "file name")
"""Where a caption can come from, the most telling first."""

MAX_PIXELS = 100_000_000
_REPEATS = re.compile(r"^(\d+)_(.*)$")
_TABLES = ("metadata.jsonl", "metadata.csv")


@dataclass(frozen=True, kw_only=True)
class Scan:
    """What a folder holds.

    Attributes:
        manifest: The pictures that can be used, sorted by path.
        refused: Why others cannot, by path.
        uncaptioned: How many pictures came without a caption.
    """

    manifest: Manifest
    refused: Mapping[str, str]
    uncaptioned: int


def scan_folder(
    root: Path,
    *,
    sources: tuple[str, ...] = CAPTION_SOURCES[:3],
    hash_file: Callable[[Path], str] | None = None,
) -> Scan:
    """List the pictures in a folder and beneath, with their captions; changes nothing.

    Captions come from `<name>.txt` or `<name>.caption` beside the picture, from `metadata.jsonl`
    or `metadata.csv` (columns `file_name` and `text` or `caption`), from a folder named
    `<repeats>_<caption>` as kohya's sd-scripts reads it, or from the file's name.

    Args:
        root: The folder.
        sources: Which of `CAPTION_SOURCES` count, the first that has a caption wins.
        hash_file: Gives the SHA-256 of a file; reads the file by default.

    Raises:
        DatasetError: There is no such folder, or a table cannot be read.
    """
    if not root.is_dir():
        raise DatasetError(f"there is no folder {root}")
    table = _read_tables(root)
    records: list[Record] = []
    refused: dict[str, str] = {}
    for path in _pictures(root):
        name = path.relative_to(root).as_posix()
        try:
            width, height = _measure(path)
        except DatasetError as error:
            refused[name] = str(error)
            continue
        caption, repeats = _caption(path, root, table, sources), _repeats(path, root)
        sha256 = (hash_file or _hash)(path)
        record = Record(path=name, sha256=sha256, caption=caption, width=width, height=height)
        records.append(msgspec.structs.replace(record, repeats=repeats))
    uncaptioned = sum(not record.caption for record in records)
    manifest = Manifest(root=root, records=tuple(records))
    return Scan(manifest=manifest, refused=refused, uncaptioned=uncaptioned)


def _pictures(root: Path) -> Iterator[Path]:
    for directory, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if Path(name).suffix.lower() in SUFFIXES:
                yield Path(directory, name)


def _measure(path: Path) -> tuple[int, int]:
    try:
        with Image.open(path, formats=FORMATS) as picture:
            width, height = picture.size
            if width * height > MAX_PIXELS:
                raise DatasetError(f"{width} x {height} pixels are too many")
            picture.verify()
    except (OSError, SyntaxError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise DatasetError(f"not a picture that can be read: {error}") from error
    return width, height


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _caption(path: Path, root: Path, table: Mapping[Path, str], sources: tuple[str, ...]) -> str:
    for source in sources:
        match source:
            case "sidecar":
                found = _sidecar(path)
            case "table":
                found = table.get(path)
            case "folder":
                match_ = _REPEATS.match(path.parent.name) if path.parent != root else None
                found = match_[2] if match_ else None
            case _:
                found = path.stem.replace("_", " ")
        if found is not None:
            return found
    return ""


def _sidecar(path: Path) -> str | None:
    for suffix in (".txt", ".caption"):
        beside = path.with_suffix(suffix)
        if beside.is_file():
            lines = beside.read_text(encoding="utf-8-sig", errors="replace").splitlines()
            return next((line.strip() for line in lines if line.strip()), "")
    return None


def _repeats(path: Path, root: Path) -> int:
    named = _REPEATS.match(path.parent.name) if path.parent != root else None
    return max(1, int(named[1])) if named else 1


def _read_tables(root: Path) -> dict[Path, str]:
    captions: dict[Path, str] = {}
    for directory, folders, names in os.walk(root):
        folders.sort()
        for name in _TABLES:
            if name in names:
                path = Path(directory, name)
                captions.update(_rows(path))
    return captions


def _rows(path: Path) -> Iterator[tuple[Path, str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        if path.suffix == ".csv":
            rows = list(csv.DictReader(text.splitlines()))
        else:
            rows = [json.loads(line) for line in text.splitlines() if line.strip()]
    except (OSError, ValueError, csv.Error) as error:
        raise DatasetError(f"cannot read {path}: {error}") from error
    for number, row in enumerate(rows, 1):
        name = row.get("file_name") if isinstance(row, dict) else None
        if not isinstance(name, str):
            raise DatasetError(f"row {number} of {path} has no file_name")
        # a name that leads out of the folder fits no picture that was found in it
        yield path.parent / name, str(row.get("text") or row.get("caption") or "")
