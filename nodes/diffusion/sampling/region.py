"""Where in a picture a conditioning entry counts, and how much."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch.nn import functional as F  # noqa: N812 - the name that everybody gives it

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

_RAMP = 8
_LEAST_BOUNDS = 8


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of a latent.

    Attributes:
        height: Rows.
        width: Columns.
        y: First row.
        x: First column.
    """

    height: int
    width: int
    y: int
    x: int

    def crop(self, tensor: Tensor) -> Tensor:
        """Return the rectangle of a tensor [..., h, w]."""
        return tensor[..., self.y : self.y + self.height, self.x : self.x + self.width]

    def clipped(self, height: int, width: int) -> Area:
        """Return the part inside a latent of this size."""
        y, x = min(self.y, height - 1), min(self.x, width - 1)
        return Area(min(self.height, height - y), min(self.width, width - x), y, x)

    def encloses(self, other: Area) -> bool:
        """Tell whether another rectangle lies within this one."""
        return (
            self.x <= other.x
            and self.y <= other.y
            and self.x + self.width >= other.x + other.width
            and self.y + self.height >= other.y + other.height
        )


def read_area(
    options: Mapping[str, Any], mask: Tensor | None, size: tuple[int, int]
) -> Area | None:
    """Return the rectangle of a conditioning entry; None for the whole picture.

    Args:
        options: The entry's dict: `area` is (h, w, y, x) in latent cells, or `"percentage"`
            followed by fractions; `set_area_to_bounds` takes the bounds of the mask.
        mask: The entry's mask at latent size [B, h, w].
        size: Height and width of the latent.
    """
    area = options.get("area")
    if area is not None and area[0] == "percentage":
        h, w, y, x = area[1:]
        height, width = max(1, round(h * size[0])), max(1, round(w * size[1]))
        area = (height, width, round(y * size[0]), round(x * size[1]))
    if area is not None:
        return Area(*(int(value) for value in area)).clipped(*size)
    if mask is not None and options.get("set_area_to_bounds"):
        return _bounds(mask, size)
    return None


def read_mask(mask: Tensor, size: tuple[int, int]) -> Tensor:
    """Return a mask at latent size, float32 [B, h, w].

    Args:
        mask: [h, w] or [B, h, w], any size.
        size: Height and width of the latent.
    """
    mask = mask.unsqueeze(0) if mask.ndim == 2 else mask
    if mask.shape[-2:] == size:
        return mask.float()
    return F.interpolate(mask.unsqueeze(1).float(), size=size, mode="bilinear").squeeze(1)


def weights(
    area: Area | None, strength: float, mask: Tensor | None, size: tuple[int, int]
) -> Tensor | None:
    """Return how much each latent cell of an entry counts; None where all count as 1.

    Without a mask an area fades towards its inner edges, so that areas blend into each other.

    Args:
        area: The rectangle, None for all of the latent.
        strength: Factor.
        mask: Mask at latent size, its own strength applied [B, h, w].
        size: Height and width of the latent.

    Returns:
        Weights [1 or B, 1, h, w] of the rectangle's size.
    """
    if mask is not None:
        cropped = area.crop(mask) if area is not None else mask
        return cropped.unsqueeze(1) * strength
    if area is None:
        return None if strength == 1.0 else torch.full((1, 1, *size), strength)
    rows = _fade(area.y, area.height, size[0])
    columns = _fade(area.x, area.width, size[1])
    return strength * (rows[:, None] * columns[None, :]).reshape(1, 1, area.height, area.width)


def _fade(start: int, length: int, whole: int) -> Tensor:
    fade = torch.ones(length)
    width = min(_RAMP, length // 4)
    ramp = torch.arange(1, width + 1) / max(width, 1)
    if start > 0:
        fade[:width] *= ramp
    if start + length < whole:
        fade[length - width :] *= ramp.flip(0)
    return fade


def _bounds(mask: Tensor, size: tuple[int, int]) -> Area:
    ys, xs = torch.where(mask.amax(dim=0) > 0)
    if not len(ys):
        return Area(_LEAST_BOUNDS, _LEAST_BOUNDS, 0, 0).clipped(*size)
    y, x = int(ys.min()), int(xs.min())
    height, width = int(ys.max()) - y + 1, int(xs.max()) - x + 1
    return Area(max(_LEAST_BOUNDS, height), max(_LEAST_BOUNDS, width), y, x).clipped(*size)
