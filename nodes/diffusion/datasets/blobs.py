"""Computed tensors on disk by content: latents of pictures and encodings of texts.

Each write adds one file, named by the hash of its own bytes, that holds many entries. A file that
was cut short or changed does not have its name's hash; it is deleted and its entries are computed
again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from safetensors.torch import load, save
from torch import Tensor

from nodes.diffusion.datasets.manifest import write_atomically

T = TypeVar("T")

_HASH_DIGITS = 64


def blob_key(*parts: str | int | float) -> str:
    """Return the key of what is computed from these parts: content hashes, sizes, versions."""
    tagged = "\0".join(f"{type(part).__name__}:{part}" for part in parts)
    return hashlib.sha256(tagged.encode()).hexdigest()


class Blobs:
    """Tensors by key, in files beneath one folder and in memory once they have been read.

    Args:
        folder: Where the files are; made at the first write.
        limit: Bytes that the files may take together; the oldest go first.
    """

    def __init__(self, folder: Path, *, limit: int = 8 << 30) -> None:
        self._folder = folder
        self._limit = limit
        self._tensors: dict[str, Tensor] = {}
        self._read: set[str] = set()

    def fill(
        self,
        wanted: Mapping[str, T],
        make: Callable[[Sequence[T]], Tensor],
        *,
        chunk: int = 64,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        """Compute the entries that are not there yet.

        Every chunk is on disk before the next one is computed, so little is lost when a run ends.

        Args:
            wanted: What to compute each entry from, by key.
            make: Computes several entries: `[B, ...]` in the same order.
            chunk: So many at once.
            progress: Told how many are done, and how many there are to do.
        """
        self._open()
        missing = [key for key in wanted if key not in self._tensors]
        for start in range(0, len(missing), chunk):
            keys = missing[start : start + chunk]
            made = make([wanted[key] for key in keys])
            self._add({key: made[i].contiguous().cpu() for i, key in enumerate(keys)})
            if progress is not None:
                progress(min(start + chunk, len(missing)), len(missing))

    def __contains__(self, key: str) -> bool:
        self._open()
        return key in self._tensors

    def __getitem__(self, key: str) -> Tensor:
        """Return an entry.

        Raises:
            KeyError: It was never computed, or is gone.
        """
        if key not in self._tensors:
            self._open()
        return self._tensors[key]

    def _open(self) -> None:
        for path in sorted(self._folder.glob("*.safetensors")):
            if path.stem in self._read or len(path.stem) != _HASH_DIGITS:
                continue
            data = path.read_bytes()
            if hashlib.sha256(data).hexdigest() == path.stem:
                self._tensors.update(load(data))
                self._read.add(path.stem)
            else:
                path.unlink(missing_ok=True)

    def _add(self, entries: Mapping[str, Tensor]) -> None:
        data = save(dict(entries))
        name = hashlib.sha256(data).hexdigest()
        self._make_room(len(data))
        write_atomically(self._folder / f"{name}.safetensors", data)
        self._read.add(name)
        self._tensors.update(entries)

    def _make_room(self, needed: int) -> None:
        files = [(path, path.stat()) for path in self._folder.glob("*.safetensors")]
        spare = self._limit - needed - sum(stat.st_size for _, stat in files)
        for path, stat in sorted(files, key=lambda pair: pair[1].st_mtime_ns):
            if spare >= 0:
                return
            path.unlink(missing_ok=True)
            spare += stat.st_size
