"""Weight files, read by what is in them and never by their names; pickled code never runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from safetensors import SafetensorError, safe_open

from nodes.diffusion.checkpoints.header import read_header
from nodes.diffusion.checkpoints.pickled import read_pickled
from nodes.diffusion.errors import MissingComponentError, WeightsFormatError

if TYPE_CHECKING:
    from torch import Tensor

_SAFETENSORS_NAMES = frozenset({".safetensors", ".sft"})
_FOREIGN = {
    b"GGUF": "GGUF weights",
    b"\x89HDF": "HDF5 weights",
    b"version https://git-lfs": "a Git LFS pointer; the weights themselves were not fetched",
    b"<!DO": "a web page; the download failed",
    b"<!do": "a web page; the download failed",
    b"<htm": "a web page; the download failed",
    b"\x1f\x8b": "a gzip archive",
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf": "a 7-Zip archive",
}
_DTYPES = {
    "BOOL": torch.bool,
    "U8": torch.uint8,
    "I8": torch.int8,
    "F8_E4M3": torch.float8_e4m3fn,
    "F8_E5M2": torch.float8_e5m2,
    "I16": torch.int16,
    "F16": torch.float16,
    "BF16": torch.bfloat16,
    "I32": torch.int32,
    "F32": torch.float32,
    "I64": torch.int64,
    "F64": torch.float64,
}


class TensorFile:
    """The tensors of a file, read one by one when they are asked for. Safe between threads.

    Args:
        path: Where the file is.
        shapes: Of each tensor.
        dtypes: Of each tensor.
        metadata: The texts that travel with the tensors.
        read: Gives a tensor on the CPU.
    """

    def __init__(
        self,
        path: Path,
        shapes: Mapping[str, tuple[int, ...]],
        dtypes: Mapping[str, torch.dtype],
        metadata: Mapping[str, str],
        read: Callable[[str], Tensor],
    ) -> None:
        self.path = path
        self.shapes = shapes
        self.dtypes = dtypes
        self.metadata = metadata
        self._read = read
        self._stamp = _stamp(path)

    def get(self, key: str) -> Tensor:
        """Return a tensor on the CPU; it shares memory with the file and must not be changed.

        Raises:
            MissingComponentError: There is no such tensor.
            WeightsFormatError: The file was overwritten since it was opened.
        """
        if key not in self.shapes:
            raise MissingComponentError(f"{self.path.name} has no tensor {key}")
        if self.path.exists():
            now = _stamp(self.path)
            # Another inode is another file; writing to this one shows in what is read.
            if now != self._stamp and now[0] == self._stamp[0]:
                raise WeightsFormatError(f"{self.path.name} was overwritten while in use")
        return self._read(key)


def open_tensors(path: Path) -> TensorFile:
    """Open a weights file: safetensors, or what `torch.save` writes.

    Raises:
        WeightsFormatError: It is neither, is broken, holds code, or is a pickle under the name of
            a safetensors file.
        OSError: The file cannot be read.
    """
    with path.open("rb") as file:
        start = file.read(64)
    if start.startswith((b"PK\x03\x04", b"\x80")) and not _looks_like_safetensors(start):
        if path.suffix.lower() in _SAFETENSORS_NAMES:
            raise WeightsFormatError(
                f"{path.name} is a pickle that pretends to be safetensors",
                expected="a safetensors file",
                got="a Python pickle",
                hint="do not trust it; get the file from another place",
            )
        tensors, metadata = read_pickled(path)
        return TensorFile(
            path,
            {key: tuple(tensor.shape) for key, tensor in tensors.items()},
            {key: tensor.dtype for key, tensor in tensors.items()},
            metadata,
            tensors.__getitem__,
        )
    for magic, name in _FOREIGN.items():
        if start.startswith(magic):
            raise WeightsFormatError(
                f"{path.name} is not a weights file that can be read",
                expected="safetensors, or a PyTorch file of tensors",
                got=name,
            )
    return _open_safetensors(path)


def _looks_like_safetensors(start: bytes) -> bool:
    return start[8:9] == b"{" and start[4:8] == b"\0\0\0\0"


def _open_safetensors(path: Path) -> TensorFile:
    header = read_header(path)
    strange = sorted({dtype for dtype in header.dtypes.values() if dtype not in _DTYPES})
    if strange:
        raise WeightsFormatError(
            f"{path.name} has numbers of a kind that is not read", got=", ".join(strange)
        )
    try:
        file = safe_open(path, framework="pt", device="cpu")
    except SafetensorError as error:
        raise WeightsFormatError(
            f"{path.name} is no whole safetensors file", got=str(error)[:200]
        ) from error
    return TensorFile(
        path,
        header.shapes,
        {key: _DTYPES[dtype] for key, dtype in header.dtypes.items()},
        header.metadata,
        file.get_tensor,
    )


def _stamp(path: Path) -> tuple[int, int, int]:
    stat = path.stat()
    return stat.st_ino, stat.st_size, stat.st_mtime_ns
