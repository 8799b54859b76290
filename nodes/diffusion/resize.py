"""Resizing latents and pictures, with the numbers that ComfyUI gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from PIL import Image
from torch.nn import functional as F  # noqa: N812 - the name that everybody gives it

if TYPE_CHECKING:
    from torch import Tensor


def resize(samples: Tensor, width: int, height: int, method: str, *, crop: bool = False) -> Tensor:
    """Return planes [B, C, h, w] at another size.

    Args:
        samples: The planes.
        width: New width in cells.
        height: New height in cells.
        method: `nearest-exact`, `bilinear`, `area`, `bicubic`, `bislerp` or `lanczos`.
        crop: Cut from the middle to the new aspect ratio first; without it the picture is
            stretched.
    """
    if crop:
        samples = _cropped(samples, width, height)
    if method == "bislerp":
        return bislerp(samples, width, height)
    if method == "lanczos":
        return _lanczos(samples, width, height)
    return F.interpolate(samples, size=(height, width), mode=method)


def resize_image(
    image: Tensor, width: int, height: int, method: str, *, crop: bool = False
) -> Tensor:
    """Return pictures [B, H, W, C] at another size; arguments as for `resize`."""
    planes = resize(image.movedim(-1, 1), width, height, method, crop=crop)
    return planes.movedim(1, -1)


def bislerp(samples: Tensor, width: int, height: int) -> Tensor:
    """Interpolate directions and lengths of the channel vectors, along rows, then columns.

    A mean of two latents that differ is shorter than either; this keeps their contrast.
    """
    planes = samples.float().movedim(1, -1)
    planes = _slerp_along(planes, width, dim=2)
    planes = _slerp_along(planes, height, dim=1)
    return planes.movedim(-1, 1).to(samples.dtype)


def _slerp_along(planes: Tensor, count: int, dim: int) -> Tensor:
    length = planes.shape[dim]
    at = ((torch.arange(count, device=planes.device) + 0.5) * (length / count) - 0.5).clamp(
        0, length - 1
    )
    low = at.floor().long()
    high = (low + 1).clamp_max(length - 1)
    shape = [1] * planes.ndim
    shape[dim] = count
    ratio = (at - low).reshape(shape)
    return _slerp(planes.index_select(dim, low), planes.index_select(dim, high), ratio)


def _slerp(a: Tensor, b: Tensor, ratio: Tensor) -> Tensor:
    """Interpolate vectors in the last dimension on the sphere, their lengths linearly."""
    length_a = a.norm(dim=-1, keepdim=True)
    length_b = b.norm(dim=-1, keepdim=True)
    unit_a = torch.where(length_a > 0, a / length_a, 0.0)
    unit_b = torch.where(length_b > 0, b / length_b, 0.0)
    cosine = (unit_a * unit_b).sum(dim=-1, keepdim=True)
    angle = cosine.clamp(-1, 1).acos()
    sine = angle.sin()
    mixed = ((1 - ratio) * angle).sin() / sine * unit_a + (ratio * angle).sin() / sine * unit_b
    mixed = mixed * (length_a * (1 - ratio) + length_b * ratio)
    mixed = torch.where(cosine < 1e-5 - 1, a * (1 - ratio) + b * ratio, mixed)
    return torch.where(cosine > 1 - 1e-5, a.expand_as(mixed), mixed)


def _lanczos(samples: Tensor, width: int, height: int) -> Tensor:
    """Resize 8-bit pictures with PIL."""
    pictures: list[Tensor] = []
    for planes in samples:
        pixels = planes.mul(255).clamp(0, 255).to(torch.uint8).movedim(0, -1).cpu().numpy()
        channels = [
            np.asarray(
                Image.fromarray(np.ascontiguousarray(pixels[..., index])).resize(
                    (width, height), Image.Resampling.LANCZOS
                )
            )
            for index in range(pixels.shape[-1])
        ]
        pictures.append(torch.from_numpy(np.stack(channels)).float() / 255)
    return torch.stack(pictures).to(samples.device, samples.dtype)


def _cropped(samples: Tensor, width: int, height: int) -> Tensor:
    old_height, old_width = samples.shape[-2:]
    old, new = old_width / old_height, width / height
    x = round((old_width - old_width * (new / old)) / 2) if old > new else 0
    y = round((old_height - old_height * (old / new)) / 2) if old < new else 0
    return samples[..., y : old_height - y, x : old_width - x]
