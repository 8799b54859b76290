"""One picture or latent pasted onto another; transparency taken off and put on."""

from typing import Annotated, NamedTuple

from engine import Number, node
from nodes.image_transform import with_channels
from nodes.types import Image, Latent, Mask, Tensor

MOST = 16384
CELL = 8
_COLORS = 3


@node("ImageCompositeMasked", category="image")
def image_composite_masked(
    *,
    destination: Image,
    source: Image,
    x: Annotated[int, Number(0, MOST, step=1)] = 0,
    y: Annotated[int, Number(0, MOST, step=1)] = 0,
    resize_source: bool = False,
    mask: Mask | None = None,
) -> Image:
    """Paste pictures onto others.

    Args:
        destination: What is pasted onto.
        source: What is pasted.
        x: Left edge.
        y: Upper edge.
        resize_source: Stretch the pasted pictures to the size of the others first.
        mask: How much of the pasted pictures to take.
    """
    above = with_channels(source, destination.shape[-1]).movedim(-1, 1)
    below = destination.movedim(-1, 1)
    return _pasted(below, above, (x, y), mask, resize=resize_source).movedim(1, -1)


@node("LatentCompositeMasked", category="latent")
def latent_composite_masked(
    *,
    destination: Latent,
    source: Latent,
    x: Annotated[int, Number(0, MOST, step=CELL)] = 0,
    y: Annotated[int, Number(0, MOST, step=CELL)] = 0,
    resize_source: bool = False,
    mask: Mask | None = None,
) -> Latent:
    """Paste latents onto others.

    Args:
        destination: What is pasted onto.
        source: What is pasted.
        x: Left edge in pixels.
        y: Upper edge in pixels.
        resize_source: Stretch the pasted latents to the size of the others first.
        mask: How much of the pasted latents to take.
    """
    at = (x // CELL, y // CELL)
    pasted = _pasted(destination["samples"], source["samples"], at, mask, resize=resize_source)
    return {**destination, "samples": pasted}


@node("JoinImageWithAlpha", title="Join Image with Alpha", category="mask/compositing")
def join_image_with_alpha(*, image: Image, alpha: Mask) -> Image:
    """Make what a mask selects transparent.

    Args:
        image: The pictures.
        alpha: The mask.
    """
    import torch

    opaque = 1.0 - _fitted(alpha, image.shape[1:3])
    count = min(len(image), len(opaque))
    return torch.cat([image[:count, ..., :_COLORS], opaque[:count, 0, ..., None]], dim=-1)


class Split(NamedTuple):
    """A picture and its transparency.

    Attributes:
        image: The colours.
        mask: What is transparent.
    """

    image: Image
    mask: Mask


@node("SplitImageWithAlpha", title="Split Image with Alpha", category="mask/compositing")
def split_image_with_alpha(*, image: Image) -> Split:
    """Take the transparency off pictures.

    Args:
        image: The pictures.
    """
    opaque = with_channels(image, _COLORS + 1)[..., _COLORS]
    return Split(image[..., :_COLORS], 1.0 - opaque)


def _fitted(mask: Mask, size: tuple[int, ...]) -> Tensor:
    """Return masks as planes [B, 1, h, w] of another size."""
    from torch.nn.functional import interpolate

    planes = mask.reshape(-1, 1, *mask.shape[-2:])
    return interpolate(planes, size=tuple(size), mode="bilinear")


def _pasted(
    below: Tensor, above: Tensor, at: tuple[int, int], mask: Mask | None, *, resize: bool
) -> Tensor:
    import torch
    from torch.nn.functional import interpolate

    if resize:
        above = interpolate(above, size=tuple(below.shape[-2:]), mode="bilinear")
    planes = (
        torch.ones(1, 1, *above.shape[-2:]) if mask is None else _fitted(mask, above.shape[-2:])
    )
    left, top = min(at[0], below.shape[3]), min(at[1], below.shape[2])
    height = min(above.shape[2], below.shape[2] - top)
    width = min(above.shape[3], below.shape[3] - left)
    above = _cycled(above, len(below))[:, :, :height, :width]
    planes = _cycled(planes, len(below))[:, :, :height, :width]
    result = below.clone()
    region = result[:, :, top : top + height, left : left + width]
    region.copy_(above * planes + region * (1 - planes))
    return result


def _cycled(planes: Tensor, count: int) -> Tensor:
    return planes.repeat(-(-count // len(planes)), 1, 1, 1)[:count]
