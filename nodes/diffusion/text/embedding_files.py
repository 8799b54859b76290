"""Textual inversion files of every dialect."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from nodes.diffusion.checkpoints.read import open_tensors
from nodes.diffusion.errors import WeightsFormatError

if TYPE_CHECKING:
    from torch import Tensor

SUFFIXES = (".safetensors", ".pt", ".bin")
"""What may be left out of a name, in the order in which files are looked for."""
_A1111 = "string_to_param."
_BUNDLE = "bundle_emb."
_ENCODERS = {"l": "clip_l", "g": "clip_g", "h": "clip_h"}


def read_embedding(path: Path, encoder: str, width: int) -> Tensor:
    """Return the vectors of a textual inversion.

    Args:
        path: A safetensors file, or a PyTorch file of tensors.
        encoder: Which encoder they are for: `l`, `h` or `g`.
        width: Of the encoder's states; chooses among several tensors.

    Returns:
        [n, width of the file], float32. A width other than asked for is for the caller to see.

    Raises:
        WeightsFormatError: The file holds no vectors.
        OSError: The file cannot be read.
    """
    stat = path.stat()
    return _read(path, encoder, width, (stat.st_ino, stat.st_size, stat.st_mtime_ns))


@lru_cache(maxsize=64)
def _read(path: Path, encoder: str, width: int, _stamp: tuple[int, int, int]) -> Tensor:
    file = open_tensors(path)
    vectors = {key: file.get(key) for key, shape in file.shapes.items() if len(shape) in {1, 2}}
    chosen = _chosen(vectors, _ENCODERS[encoder], width)
    if not chosen:
        raise WeightsFormatError(f"{path.name} holds no vectors of a textual inversion")
    return torch.cat([torch.atleast_2d(one).float() for one in chosen])


def _chosen(vectors: Mapping[str, Tensor], encoder: str, width: int) -> list[Tensor]:
    """Choose as the dialects demand: A1111's, LoRA bundles, SDXL's, lists, and all the others."""
    for key, tensor in vectors.items():
        if key.startswith(_A1111):
            return [tensor]
    bundled = {key: tensor for key, tensor in vectors.items() if key.startswith(_BUNDLE)}
    if bundled:
        mine = [one for key, one in bundled.items() if key.endswith(f".{encoder}")]
        return mine or [one for key, one in bundled.items() if _A1111 in key]
    if encoder in vectors:
        return [vectors[encoder]]
    if all(key.partition(".")[0].isdecimal() for key in vectors):
        return [one for one in vectors.values() if one.shape[-1] == width]
    return list(vectors.values())[:1]
