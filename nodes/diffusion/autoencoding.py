"""Pictures to latents and back, whole or in tiles."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

import torch
from torch.nn.functional import conv2d, interpolate

if TYPE_CHECKING:
    from torch import Tensor

    from nodes.diffusion.components import AutoEncoder

Transform = Callable[["Tensor"], "Tensor"]


def decode(autoencoder: AutoEncoder, latents: Tensor) -> Tensor:
    """Return the pictures of latents.

    A picture is the same alone and in a batch: each is decoded by itself.

    Args:
        autoencoder: What made the latents.
        latents: [B, C, h, w].

    Returns:
        [B, H, W, 3], float32 in 0..1, on the CPU.
    """
    return _to_pictures(torch.cat([_decoder(autoencoder)(one) for one in latents.split(1)]))


def encode(autoencoder: AutoEncoder, pictures: Tensor) -> Tensor:
    """Return the latents of pictures: the mean of the posterior, so the same each time.

    Args:
        autoencoder: What makes the latents.
        pictures: [B, H, W, C] in 0..1; the middle that fits whole latent cells is taken, and the
            first three channels.

    Returns:
        [B, C, h, w], float32, on the CPU.
    """
    pixels = _to_pixels(autoencoder, pictures)
    return torch.cat([_encoder(autoencoder)(one) for one in pixels.split(1)])


def decode_tiled(autoencoder: AutoEncoder, latents: Tensor, tile: int, overlap: int) -> Tensor:
    """Return the pictures of latents, decoded in overlapping tiles: the mean of three tilings.

    Args:
        autoencoder: What made the latents.
        latents: [B, C, h, w].
        tile: Side of a square tile in latent cells, at least 2.
        overlap: Cells that neighbours share, less than half a tile.

    Returns:
        [B, H, W, 3], float32 in 0..1, on the CPU.
    """
    scale = downscale(autoencoder)
    tilings = [
        torch.cat(
            [_tiled(one, _decoder(autoencoder), sides, overlap, scale) for one in latents.split(1)]
        )
        for sides in ((tile // 2, tile * 2), (tile * 2, tile // 2), (tile, tile))
    ]
    return _to_pictures(torch.stack(tilings).mean(dim=0))


def encode_tiled(autoencoder: AutoEncoder, pictures: Tensor, tile: int, overlap: int) -> Tensor:
    """Return the latents of pictures, encoded in overlapping tiles: the mean of three tilings.

    Args:
        autoencoder: What makes the latents.
        pictures: [B, H, W, C] in 0..1.
        tile: Side of a square tile in pixels, a multiple of two latent cells.
        overlap: Pixels that neighbours share, less than half a tile.

    Returns:
        [B, C, h, w], float32, on the CPU.
    """
    scale = 1 / downscale(autoencoder)
    pixels = _to_pixels(autoencoder, pictures)
    tilings = [
        torch.cat(
            [_tiled(one, _encoder(autoencoder), sides, overlap, scale) for one in pixels.split(1)]
        )
        for sides in ((tile, tile), (tile // 2, tile * 2), (tile * 2, tile // 2))
    ]
    return torch.stack(tilings).mean(dim=0)


def with_holes(pictures: Tensor, mask: Tensor, cell: int) -> tuple[Tensor, Tensor]:
    """Take out of pictures what is to be painted anew.

    Args:
        pictures: [B, H, W, C] in 0..1.
        mask: [B, h, w] of any size; 1 is what is to be painted.
        cell: Pixels per latent cell.

    Returns:
        The pictures with 0.5 where the mask is above a half, and the mask [B, 1, H, W]; both
        cropped to whole latent cells.
    """
    height, width = pictures.shape[1:3]
    holes = interpolate(
        mask.reshape(-1, 1, *mask.shape[-2:]).float(), size=(height, width), mode="bilinear"
    )
    rows, columns = _middle(height, cell), _middle(width, cell)
    pictures, holes = pictures[:, rows, columns], holes[:, :, rows, columns]
    kept = (1.0 - holes.round()).movedim(1, -1)
    return (pictures - 0.5) * kept + 0.5, holes


def inpaint_input(pictures: Tensor, mask: Tensor, grow: int, cell: int) -> tuple[Tensor, Tensor]:
    """Prepare pictures whose masked part is to be painted anew from nothing.

    Args:
        pictures: [B, H, W, C] in 0..1.
        mask: [B, h, w] of any size; 1 is what is to be painted.
        grow: Pixels by which the mask for the noise grows, so that edges blend.
        cell: Pixels per latent cell.

    Returns:
        The pictures with 0.5 where the mask is, and the noise mask [B, 1, H, W] of 0 and 1; both
        cropped to whole latent cells.
    """
    grey, holes = with_holes(pictures, mask, cell)
    if grow:
        kernel = torch.ones(1, 1, grow, grow)
        holes = conv2d(holes.round(), kernel, padding=math.ceil((grow - 1) / 2)).clamp(0, 1)
    return grey, holes[:, :, : grey.shape[1], : grey.shape[2]].round()


def downscale(autoencoder: AutoEncoder) -> int:
    """Return how many pixels a latent cell has on each axis."""
    return 2 ** (len(autoencoder.vae.config["block_out_channels"]) - 1)


def _decoder(autoencoder: AutoEncoder) -> Transform:
    def run(latents: Tensor) -> Tensor:
        vae: Any = autoencoder.vae
        on_device = latents.to(autoencoder.device, autoencoder.dtype)
        return vae.decode(on_device, return_dict=False)[0].float().cpu()

    return run


def _encoder(autoencoder: AutoEncoder) -> Transform:
    def run(pixels: Tensor) -> Tensor:
        vae: Any = autoencoder.vae
        on_device = pixels.to(autoencoder.device, autoencoder.dtype)
        return vae.encode(on_device).latent_dist.mean.float().cpu()

    return run


def _to_pictures(pixels: Tensor) -> Tensor:
    return ((pixels + 1.0) / 2.0).clamp(0.0, 1.0).movedim(1, -1).contiguous()


def _to_pixels(autoencoder: AutoEncoder, pictures: Tensor) -> Tensor:
    cell = downscale(autoencoder)
    rows, columns = (_middle(size, cell) for size in pictures.shape[1:3])
    return pictures[:, rows, columns, :3].movedim(-1, 1).float() * 2.0 - 1.0


def _middle(size: int, cell: int) -> slice:
    kept = size // cell * cell
    start = size % cell // 2
    return slice(start, start + kept)


def _tiled(
    sample: Tensor, run: Transform, sides: Sequence[int], overlap: int, scale: float
) -> Tensor:
    """Run tiles of one sample [1, C, h, w] and blend them with linear ramps."""
    total = weights = None
    for window in product(
        *(
            list(_starts(size, side, overlap))
            for size, side in zip(sample.shape[2:], sides, strict=True)
        )
    ):
        (top, height), (left, width) = window
        done = run(sample[:, :, top : top + height, left : left + width])
        if total is None or weights is None:
            shape = (round(sample.shape[2] * scale), round(sample.shape[3] * scale))
            total = torch.zeros(1, done.shape[1], *shape)
            weights = torch.zeros(1, 1, *shape)
        ramp = _ramp(done.shape[2:], round(overlap * scale))
        place = (
            slice(None),
            slice(None),
            slice(round(top * scale), round(top * scale) + done.shape[2]),
            slice(round(left * scale), round(left * scale) + done.shape[3]),
        )
        total[place] += done * ramp
        weights[place] += ramp
    if total is None or weights is None:
        raise ValueError("a sample without cells has no tiles")
    return total / weights


def _starts(size: int, side: int, overlap: int) -> Iterator[tuple[int, int]]:
    if size <= side:
        yield 0, size
        return
    for start in range(0, size - overlap, side - overlap):
        yield start, min(side, size - start)


def _ramp(shape: Sequence[int], width: int) -> Tensor:
    """Return weights that fall linearly to 1 / width over the outer cells of all four sides."""
    sides = [
        torch.tensor([min(place + 1, size - place, width) / width for place in range(size)])
        if width
        else torch.ones(size)
        for size in shape
    ]
    return sides[0][:, None] * sides[1][None, :]
