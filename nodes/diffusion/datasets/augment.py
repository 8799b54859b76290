"""Versions of a picture: moved, scaled, mirrored, in front of a colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 - the name that the whole field uses

from nodes.diffusion.datasets.colours import COLOURS, DEFAULT_COLOUR
from nodes.diffusion.datasets.plans import AugmentPlan


@dataclass(frozen=True, kw_only=True)
class Version:
    """How one picture is changed.

    Attributes:
        scale: Its size within the frame, 1 for all of it.
        x: Shift to the right, in half frame widths.
        y: Shift downwards, in half frame heights.
        mirror: Left and right are exchanged.
        colour: Name of the colour behind it.
        rgb: That colour with its jitter, each from 0 to 1.
    """

    scale: float = 1.0
    x: float = 0.0
    y: float = 0.0
    mirror: bool = False
    colour: str = DEFAULT_COLOUR
    rgb: tuple[float, float, float] = (1.0, 1.0, 1.0)


def draw_version(plan: AugmentPlan, rng: np.random.Generator, *, mirror: bool = True) -> Version:
    """Draw a version of a picture.

    Args:
        plan: What may be changed, and how far.
        rng: Fresh, of the step and the picture (or of the picture and the variant).
        mirror: Whether a mirror image is allowed.
    """
    size, across, down, flip, coloured, which = rng.random(6)
    scale = 1 - (1 - plan.scale) * size
    reach = (1 - scale) + 2 * plan.translate
    name = DEFAULT_COLOUR
    if coloured < plan.colours:
        names = [name for name in COLOURS if name != DEFAULT_COLOUR]
        name = names[int(which * len(names))]
    shade = np.array(COLOURS[name]) / 255 + plan.jitter * (2 * rng.random(3) - 1)
    exact = name == DEFAULT_COLOUR
    red, green, blue = (1.0, 1.0, 1.0) if exact else shade.clip(0, 1).tolist()
    return Version(
        scale=float(scale),
        x=float(reach * (2 * across - 1)),
        y=float(reach * (2 * down - 1)),
        mirror=mirror and bool(flip < plan.flip),
        colour=name,
        rgb=(red, green, blue),
    )


def compose(pictures: Tensor, versions: Sequence[Version]) -> Tensor:
    """Return the versions of pictures, in front of their colours.

    Args:
        pictures: `[B, 4, H, W]`, 8-bit RGBA with colour not multiplied by alpha.
        versions: One per picture.

    Returns:
        `[B, 3, H, W]`, float32, from 0 to 1.
    """
    rgba = pictures.float().div_(255)
    alpha = rgba[:, 3:]
    rgba[:, :3] *= alpha
    moved = [i for i, version in enumerate(versions) if _moves(version)]
    if moved:
        rgba[moved] = _warp(rgba[moved], [versions[i] for i in moved])
    behind = torch.tensor([version.rgb for version in versions])[:, :, None, None]
    return torch.addcmul(rgba[:, :3], behind, 1 - rgba[:, 3:]).clamp_(0, 1)


def _moves(version: Version) -> bool:
    return version.mirror or (version.scale, version.x, version.y) != (1.0, 0.0, 0.0)


def _warp(premultiplied: Tensor, versions: Sequence[Version]) -> Tensor:
    rows = [
        [
            [(-1 if v.mirror else 1) / v.scale, 0.0, -v.x * (-1 if v.mirror else 1) / v.scale],
            [0.0, 1 / v.scale, -v.y / v.scale],
        ]
        for v in versions
    ]
    shape = list(premultiplied.shape)
    grid = F.affine_grid(torch.tensor(rows), shape, align_corners=False)
    return F.grid_sample(premultiplied, grid, "bicubic", "zeros", align_corners=False).clamp_(0, 1)
