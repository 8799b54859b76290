"""The list of a data set's pictures: ordered, with content hashes, as JSON lines."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from nodes.diffusion.datasets.errors import DatasetError
from nodes.diffusion.datasets.plans import ManifestFile


class Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One picture.

    Attributes:
        path: Relative to the data set's folder, with `/`.
        sha256: Hash of the file's bytes, lower-case hex.
        caption: What came with the picture, or its label.
        label: Name of the thing alone, where known.
        tags: Synonyms and related words.
        style: Name of the drawing style, where the set has several.
        concept: What records in different styles share.
        group: Kind of thing, for choosing parts of a set.
        split: `train` or `heldout`.
        mirror: A mirror image is as good (no text, no left or right).
        repeats: How often an epoch shows it.
        width: In pixels.
        height: In pixels.
    """

    path: str
    sha256: str
    caption: str = ""
    label: str = ""
    tags: tuple[str, ...] = ()
    style: str = ""
    concept: str = ""
    group: str = ""
    split: str = "train"
    mirror: bool = True
    repeats: int = 1
    width: int = 0
    height: int = 0


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """An ordered list of pictures beneath a folder.

    Attributes:
        root: The folder that the paths count from; not part of the identity.
        records: In order.
    """

    root: Path
    records: tuple[Record, ...]

    def encode(self) -> bytes:
        """Return the JSON lines, one record a line."""
        return msgspec.json.Encoder(order="deterministic").encode_lines(self.records)

    @property
    def sha256(self) -> str:
        """Hash of everything in it but where it lies."""
        return hashlib.sha256(self.encode()).hexdigest()

    def where(self, keep: Callable[[Record], bool]) -> Manifest:
        """Return the records for which `keep` is true, in the same order."""
        return Manifest(root=self.root, records=tuple(r for r in self.records if keep(r)))

    def save(self, folder: Path) -> ManifestFile:
        """Write the list into a folder under its own hash and return the reference to it."""
        data = self.encode()
        sha256 = hashlib.sha256(data).hexdigest()
        path = folder / f"{sha256}.jsonl"
        write_atomically(path, data)
        return ManifestFile(sha256=sha256, path=str(path), root=str(self.root))


def read_manifest(path: Path, root: Path | None = None) -> Manifest:
    """Read a list from JSON lines.

    Args:
        path: The file.
        root: The folder that the records' paths count from; the file's own folder by default.

    Raises:
        msgspec.DecodeError: A line is not a record.
        OSError: The file cannot be read.
    """
    lines = path.read_bytes().splitlines()
    decoder = msgspec.json.Decoder(Record)
    records = tuple(decoder.decode(line) for line in lines if line.strip())
    return Manifest(root=root or path.parent, records=records)


def open_manifest(file: ManifestFile) -> Manifest:
    """Read the list that a data set refers to.

    Raises:
        DatasetError: The file is gone, or holds another list than the one referred to.
    """
    path = Path(file.path)
    manifest = read_manifest(path, Path(file.root)) if path.is_file() else None
    if manifest is None or manifest.sha256 != file.sha256:
        raise DatasetError(
            "the list of pictures has changed since the data set was made",
            got=file.path,
            hint="load the data set again",
        )
    return manifest


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file so that others see either nothing or all of it, whoever else writes it too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{uuid.uuid4().hex}.tmp")
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
