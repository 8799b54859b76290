"""Tensors out of files that `torch.save` wrote; nothing else in them is ever made or called."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import torch

from nodes.diffusion.errors import WeightsFormatError

if TYPE_CHECKING:
    from torch import Tensor

LARGEST_PICKLE = 256 << 20
"""Bytes of the part that describes the tensors."""
_HARMLESS = ("pytorch_lightning.", "lightning.", "lightning_fabric.", "omegaconf.", "numpy.")
_DEEPEST = 3


class _Ignored:
    """Stands in for an object of training software that some checkpoints carry."""

    def __init__(self, *_args: object, **_values: object) -> None:
        pass

    def __setstate__(self, _state: object) -> None:
        pass


def read_pickled(path: Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    """Return the tensors of a PyTorch file, and an empty metadata.

    Nested dictionaries are flattened with dots; `state_dict` at the top leaves no trace.

    Raises:
        WeightsFormatError: The file is broken, holds anything but data, or no tensor.
    """
    archive = zipfile.is_zipfile(path)
    if archive:
        _check_archive(path)
    try:
        with torch.serialization.safe_globals(_stand_ins(path) if archive else []):
            data = torch.load(path, map_location="cpu", weights_only=True, mmap=archive)
    except WeightsFormatError:
        raise
    except Exception as error:
        # Whatever a broken pickle can provoke: the reader is fed with a stranger's bytes.
        raise WeightsFormatError(
            f"{path.name} is no file of tensors",
            got=_reason(error),
            hint="use a safetensors file; a pickle that holds more than tensors is never run",
        ) from error
    tensors = dict(_flat(data.get("state_dict", data) if isinstance(data, dict) else data, ""))
    if not tensors:
        raise WeightsFormatError(f"{path.name} holds no tensors")
    return tensors, {}


def _reason(error: Exception) -> str:
    """Say what was found, without the library's advice to read the file unsafely."""
    named = re.search(r"GLOBAL ([\w.]+)", str(error))
    return f"code: {named[1]}" if named else f"broken content ({type(error).__name__})"


def _check_archive(path: Path) -> None:
    """Refuse archives that would unpack to more than they are."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise WeightsFormatError(f"{path.name} is a broken archive", got=str(error)) from error
    for entry in entries:
        pickle = entry.filename.endswith("/data.pkl")
        if entry.compress_type != zipfile.ZIP_STORED or (
            pickle and entry.file_size > LARGEST_PICKLE
        ):
            raise WeightsFormatError(
                f"{path.name} is no archive of weights", got=f"{entry.filename} is packed or huge"
            )


def _stand_ins(path: Path) -> list[Any]:
    """Name the foreign classes of a checkpoint that may be left out; refuse any other."""
    foreign = torch.serialization.get_unsafe_globals_in_checkpoint(str(path))
    for name in foreign:
        if not name.startswith(_HARMLESS):
            raise WeightsFormatError(
                f"{path.name} holds code, not only weights",
                got=name,
                hint="use a safetensors file of the same model; this one is not loaded",
            )
    return [(_Ignored, name) for name in foreign]


def _flat(data: object, prefix: str, depth: int = 0) -> Iterator[tuple[str, Tensor]]:
    if isinstance(data, torch.Tensor):
        yield prefix or "tensor", data.detach()
    elif isinstance(data, dict) and depth < _DEEPEST:
        for key, value in cast("Mapping[object, object]", data).items():
            yield from _flat(value, f"{prefix}.{key}" if prefix else str(key), depth + 1)
    elif isinstance(data, list | tuple) and depth < _DEEPEST:
        for number, value in enumerate(cast("list[object]", data)):
            yield from _flat(value, f"{prefix}.{number}" if prefix else str(number), depth + 1)
