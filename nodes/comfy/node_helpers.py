"""ComfyUI's `node_helpers`."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import torch
from PIL import ImageFile, UnidentifiedImageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from torch import Tensor


def conditioning_set_values(
    conditioning: Iterable[Any], values: Mapping[str, Any] | None = None, append: bool = False
) -> list[Any]:
    """Return a conditioning whose entries have further facts; the one that is given stays.

    Args:
        conditioning: Pairs of an embedding and its facts.
        values: Facts by name.
        append: Add the values to the lists that are there, in place of replacing them.
    """
    changed: list[Any] = []
    for embedding, facts in conditioning:
        new = dict(facts)
        for name, value in (values or {}).items():
            before = new.get(name) if append else None
            new[name] = value if before is None else before + value
        changed.append([embedding, new])
    return changed


def pillow(function: Callable[[Any], Any], argument: Any) -> Any:
    """Call one of Pillow's functions, once more with broken files allowed where it fails.

    Raises:
        OSError: It fails then too.
    """
    try:
        return function(argument)
    except (OSError, UnidentifiedImageError, ValueError):
        before = ImageFile.LOAD_TRUNCATED_IMAGES
        ImageFile.LOAD_TRUNCATED_IMAGES = True
        try:
            return function(argument)
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = before


def hasher() -> Callable[..., Any]:
    """Return the hash function that packs fingerprint files with."""
    return hashlib.sha256


def image_alpha_fix(destination: Tensor, source: Tensor) -> tuple[Tensor, Tensor]:
    """Give a picture as many channels as another: opaque alpha is added, or alpha is dropped.

    Args:
        destination: `[batch, height, width, channels]`, returned as it is.
        source: The picture that is changed, in the same layout.
    """
    wanted, given = destination.shape[-1], source.shape[-1]
    if wanted < given:
        return destination, source[..., :wanted]
    opaque = source.new_ones((*source.shape[:-1], wanted - given))
    return destination, torch.cat((source, opaque), dim=-1)


def string_to_torch_dtype(string: str) -> torch.dtype | None:
    """Return the number format of a name: `fp32`, `fp16`, `bf16`; None for every other name."""
    return {"fp32": torch.float32, "fp16": torch.float16, "bf16": torch.bfloat16}.get(string)
