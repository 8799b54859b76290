"""How one tensor of a network is kept in a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import torch

from nodes.diffusion.errors import WeightsMismatchError

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, kw_only=True)
class Stored:
    """The place and form of a tensor in a file.

    Attributes:
        key: Name in the file.
        third: Which third of the stored rows it is, where query, key and value are one tensor.
        transposed: The file has rows and columns the other way round.
        pointwise: The file has a 1x1 convolution where the network has a matrix.
    """

    key: str
    third: int | None = None
    transposed: bool = False
    pointwise: bool = False

    def beneath(self, prefix: str) -> Stored:
        """Return the same place with a prefix before the key."""
        return replace(self, key=prefix + self.key)

    def read(self, get: Callable[[str], Tensor], shape: torch.Size) -> Tensor:
        """Return the tensor of a file in the network's form.

        Args:
            get: Gives a tensor of the file by key.
            shape: What the network expects; shapes that differ only in 1x1 axes are adapted.

        Raises:
            WeightsMismatchError: The sizes differ.
        """
        tensor = get(self.key)
        if self.third is not None:
            tensor = tensor.chunk(3)[self.third]
        if self.transposed:
            tensor = tensor.T
        if tensor.shape != shape and _trimmed(tensor.shape) == _trimmed(shape):
            tensor = tensor.reshape(shape)
        if tensor.shape != shape:
            raise WeightsMismatchError(
                f"the tensor {self.key} has another shape than the model",
                expected=str(tuple(shape)),
                got=str(tuple(tensor.shape)),
            )
        return tensor


def to_file(
    places: Mapping[str, Stored], tensors: Mapping[str, Tensor]
) -> Iterable[tuple[str, Tensor]]:
    """Yield the tensors of a network under their names in a file, in the file's form.

    Args:
        places: By name in the network; thirds of one key follow each other in order.
        tensors: By name in the network.
    """
    thirds: dict[str, list[Tensor]] = {}
    for name, place in places.items():
        tensor = tensors[name].detach()
        if place.transposed:
            tensor = tensor.T
        if place.pointwise:
            tensor = tensor[:, :, None, None]
        if place.third is None:
            yield place.key, tensor
            continue
        thirds.setdefault(place.key, []).append(tensor)
        if len(thirds[place.key]) == 3:  # noqa: PLR2004 - query, key, value
            yield place.key, torch.cat(thirds.pop(place.key))


def _trimmed(shape: torch.Size) -> list[int]:
    sizes = list(shape)
    while sizes and sizes[-1] == 1:
        sizes.pop()
    return sizes
