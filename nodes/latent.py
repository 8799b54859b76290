"""Latents: empty ones, other sizes, masks for repainting."""

from typing import Annotated

from engine import Choice, Number, node
from nodes.diffusion.sampling.names import LATENT_UPSCALES
from nodes.types import Latent, Mask

MOST = 16384
CELL = 8
"""Pixels per latent cell on each axis."""
_SMALLEST = 64
Side = Annotated[int, Number(16, MOST, step=8)]
Size = Annotated[int, Number(0, MOST, step=8)]


@node("EmptyLatentImage", title="Empty Latent Image", category="latent")
def empty_latent_image(
    *,
    width: Side = 512,
    height: Side = 512,
    batch_size: Annotated[int, Number(1, 4096)] = 1,
) -> Latent:
    """Make empty latents to be filled by sampling.

    Args:
        width: Width of the pictures in pixels.
        height: Height of the pictures in pixels.
        batch_size: Pictures to make at once.
    """
    import torch

    return {"samples": torch.zeros(batch_size, 4, height // CELL, width // CELL)}


@node("LatentUpscale", title="Upscale Latent", category="latent")
def latent_upscale(
    *,
    samples: Latent,
    upscale_method: Annotated[str, Choice(LATENT_UPSCALES)],
    width: Size = 512,
    height: Size = 512,
    crop: Annotated[str, Choice(("disabled", "center"))],
) -> Latent:
    """Resize latents.

    Args:
        samples: The latents.
        upscale_method: How values between cells are found.
        width: New width in pixels; 0 keeps the aspect ratio.
        height: New height in pixels; 0 keeps the aspect ratio.
        crop: Cut to the new aspect ratio instead of stretching.
    """
    from nodes.diffusion.resize import resize

    if width == 0 and height == 0:
        return samples
    old_height, old_width = samples["samples"].shape[-2:]
    if width == 0:
        width = max(_SMALLEST, round(old_width * max(_SMALLEST, height) / old_height))
    elif height == 0:
        height = max(_SMALLEST, round(old_height * max(_SMALLEST, width) / old_width))
    cells = max(_SMALLEST, width) // CELL, max(_SMALLEST, height) // CELL
    resized = resize(samples["samples"], *cells, upscale_method, crop=crop == "center")
    return {**samples, "samples": resized}


@node("LatentUpscaleBy", title="Upscale Latent By", category="latent")
def latent_upscale_by(
    *,
    samples: Latent,
    upscale_method: Annotated[str, Choice(LATENT_UPSCALES)],
    scale_by: Annotated[float, Number(0.01, 8.0, step=0.01)] = 1.5,
) -> Latent:
    """Resize latents by a factor.

    Args:
        samples: The latents.
        upscale_method: How values between cells are found.
        scale_by: Factor on both sides.
    """
    from nodes.diffusion.resize import resize

    height, width = (max(1, round(side * scale_by)) for side in samples["samples"].shape[-2:])
    return {**samples, "samples": resize(samples["samples"], width, height, upscale_method)}


@node("SetLatentNoiseMask", title="Set Latent Noise Mask", category="latent/inpaint")
def set_latent_noise_mask(*, samples: Latent, mask: Mask) -> Latent:
    """Let sampling change only a part of latents.

    Args:
        samples: The latents.
        mask: 1 where they may change.
    """
    return {**samples, "noise_mask": mask.reshape(-1, 1, *mask.shape[-2:])}
