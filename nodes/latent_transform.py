"""Latents turned, cut, put together and added up."""

from typing import Annotated

from engine import Choice, Number, node
from nodes.types import Latent, Tensor

CELL = 8
MOST = 16384
TRANSFORM = "latent/transform"
ADVANCED = "latent/advanced"
TURNS = ("none", "90 degrees", "180 degrees", "270 degrees")
FLIPS = ("x-axis: vertically", "y-axis: horizontally")
_AXES = {"x": -1, "y": -2, "t": -3}
Offset = Annotated[int, Number(0, MOST, step=CELL)]
Side = Annotated[int, Number(64, MOST, step=CELL)]


@node("LatentFlip", title="Flip Latent", category=TRANSFORM)
def latent_flip(*, samples: Latent, flip_method: Annotated[str, Choice(FLIPS)]) -> Latent:
    """Mirror latents.

    Args:
        samples: The latents.
        flip_method: Upside down, or left to right.
    """
    dim = 2 if flip_method.startswith("x") else 3
    return {**samples, "samples": samples["samples"].flip(dim)}


@node("LatentRotate", title="Rotate Latent", category=TRANSFORM)
def latent_rotate(*, samples: Latent, rotation: Annotated[str, Choice(TURNS)]) -> Latent:
    """Turn latents clockwise.

    Args:
        samples: The latents.
        rotation: By how much.
    """
    turned = samples["samples"].rot90(TURNS.index(rotation), (3, 2))
    return {**samples, "samples": turned}


@node("LatentCrop", title="Crop Latent", category=TRANSFORM)
def latent_crop(
    *, samples: Latent, width: Side = 512, height: Side = 512, x: Offset = 0, y: Offset = 0
) -> Latent:
    """Cut a rectangle out of latents.

    Args:
        samples: The latents.
        width: Width in pixels.
        height: Height in pixels.
        x: Left edge in pixels.
        y: Upper edge in pixels.
    """
    latents = samples["samples"]
    left = max(0, min(x // CELL, latents.shape[3] - CELL))
    top = max(0, min(y // CELL, latents.shape[2] - CELL))
    cut = latents[:, :, top : top + height // CELL, left : left + width // CELL]
    return {**samples, "samples": cut}


@node("LatentComposite", title="Latent Composite", category="latent")
def latent_composite(
    *,
    samples_to: Latent,
    samples_from: Latent,
    x: Offset = 0,
    y: Offset = 0,
    feather: Offset = 0,
) -> Latent:
    """Paste latents onto others.

    Args:
        samples_to: What is pasted onto.
        samples_from: What is pasted.
        x: Left edge in pixels.
        y: Upper edge in pixels.
        feather: Width of the soft edge in pixels.
    """
    import torch

    below, above = samples_to["samples"].clone(), samples_from["samples"]
    left, top, soft = x // CELL, y // CELL, feather // CELL
    above = above[:, :, : max(0, below.shape[2] - top), : max(0, below.shape[3] - left)]
    height, width = above.shape[-2:]
    rows = _soft_edges(height, soft, first=top > 0, last=top + height < below.shape[2])
    columns = _soft_edges(width, soft, first=left > 0, last=left + width < below.shape[3])
    mask = rows[:, None] * columns[None, :]
    where = (..., slice(top, top + height), slice(left, left + width))
    below[where] = torch.lerp(below[where], above.expand_as(below[where]), mask)
    return {**samples_to, "samples": below}


@node("LatentAdd", category=ADVANCED)
def latent_add(*, samples1: Latent, samples2: Latent) -> Latent:
    """Add latents.

    Args:
        samples1: The first.
        samples2: The second; takes the size of the first.
    """
    return {**samples1, "samples": samples1["samples"] + _fitted(samples2, samples1)}


@node("LatentSubtract", category=ADVANCED)
def latent_subtract(*, samples1: Latent, samples2: Latent) -> Latent:
    """Subtract latents.

    Args:
        samples1: From what.
        samples2: What; takes the size of the first.
    """
    return {**samples1, "samples": samples1["samples"] - _fitted(samples2, samples1)}


@node("LatentMultiply", category=ADVANCED)
def latent_multiply(
    *, samples: Latent, multiplier: Annotated[float, Number(-10.0, 10.0, step=0.01)] = 1.0
) -> Latent:
    """Multiply latents by a number.

    Args:
        samples: The latents.
        multiplier: The number.
    """
    return {**samples, "samples": samples["samples"] * multiplier}


@node("LatentBlend", title="Latent Blend", category="_for_testing")
def latent_blend(
    *,
    samples1: Latent,
    samples2: Latent,
    blend_factor: Annotated[float, Number(0, 1, step=0.01)] = 0.5,
) -> Latent:
    """Mix latents.

    Args:
        samples1: The first.
        samples2: The second; takes the size of the first.
        blend_factor: How much of the first.
    """
    first, second = samples1["samples"], _fitted(samples2, samples1, "bicubic")
    return {**samples1, "samples": first * blend_factor + second * (1 - blend_factor)}


@node("LatentInterpolate", category=ADVANCED)
def latent_interpolate(
    *,
    samples1: Latent,
    samples2: Latent,
    ratio: Annotated[float, Number(0.0, 1.0, step=0.01)] = 1.0,
) -> Latent:
    """Mix the directions and the lengths of latents separately, which keeps contrast.

    Args:
        samples1: The first.
        samples2: The second; takes the size of the first.
        ratio: How much of the first.
    """
    first, second = samples1["samples"], _fitted(samples2, samples1)
    mixed = _unit(first) * ratio + _unit(second) * (1 - ratio)
    length = _length(first) * ratio + _length(second) * (1 - ratio)
    return {**samples1, "samples": _unit(mixed) * length}


@node("LatentConcat", category=ADVANCED)
def latent_concat(
    *,
    samples1: Latent,
    samples2: Latent,
    dim: Annotated[str, Choice(("x", "-x", "y", "-y", "t", "-t"))],
) -> Latent:
    """Put latents side by side.

    Args:
        samples1: The first.
        samples2: The second.
        dim: Along width, height or time; with a minus the second comes first.
    """
    import torch

    first, second = samples1["samples"], samples2["samples"]
    second = second.repeat(-(-len(first) // len(second)), *[1] * (second.ndim - 1))[: len(first)]
    parts = [second, first] if dim.startswith("-") else [first, second]
    return {**samples1, "samples": torch.cat(parts, dim=_AXES[dim[-1]])}


@node("LatentCut", category=ADVANCED)
def latent_cut(
    *,
    samples: Latent,
    dim: Annotated[str, Choice(("x", "y", "t"))],
    index: Annotated[int, Number(-MOST, MOST, step=1)] = 0,
    amount: Annotated[int, Number(1, MOST, step=1)] = 1,
) -> Latent:
    """Cut a slice out of latents.

    Args:
        samples: The latents.
        dim: Along width, height or time.
        index: First cell; negative counts from the end.
        amount: Cells to take.
    """
    axis = _AXES[dim]
    length = samples["samples"].shape[axis]
    start = min(index, length - 1) if index >= 0 else max(index + length, 0)
    cut = samples["samples"].narrow(axis, start, min(amount, length - start))
    return {**samples, "samples": cut}


def _length(vectors: Tensor) -> Tensor:
    return vectors.square().sum(dim=1, keepdim=True).sqrt()


def _unit(vectors: Tensor) -> Tensor:
    return (vectors / _length(vectors)).nan_to_num()


def _fitted(samples: Latent, like: Latent, method: str = "bilinear") -> Tensor:
    """Return latents in the size and batch of others."""
    from nodes.diffusion.resize import resize

    latents, (height, width) = samples["samples"], like["samples"].shape[-2:]
    if latents.shape[-2:] != (height, width):
        latents = resize(latents, width, height, method, crop=True)
    count = len(like["samples"])
    return latents.repeat(-(-count // len(latents)), 1, 1, 1)[:count]


def _soft_edges(length: int, soft: int, *, first: bool, last: bool) -> Tensor:
    import torch

    edge = torch.ones(length)
    width = min(soft, length)
    ramp = torch.arange(1, width + 1) / max(soft, 1)
    if first:
        edge[:width] *= ramp
    if last:
        edge[length - width :] *= ramp.flip(0)
    return edge
