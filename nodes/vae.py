"""Pictures to latents and back."""

from typing import Annotated, Any

from engine import Context, Number, node
from nodes.library_errors import blaming
from nodes.types import Image, Latent, Mask, Vae

TILE = Number(64, 4096, step=32)
OVERLAP = Number(0, 4096, step=32)
LEAST_TILE = 2


@node("VAEDecode", title="VAE Decode", category="latent")
def decode_latent(*, samples: Latent, vae: Vae, context: Context) -> Image:
    """Turn latents into pictures.

    Args:
        samples: The latents.
        vae: The autoencoder; that of the checkpoint the latents were made with.
    """
    import torch

    from nodes.diffusion import autoencoding
    from nodes.diffusion.residency import Residency

    residency = context.resource("residency", Residency)
    with blaming("vae"), residency.autoencoder(vae) as autoencoder, torch.no_grad():
        return autoencoding.decode(autoencoder, samples["samples"])


@node("VAEEncode", title="VAE Encode", category="latent")
def encode_picture(*, pixels: Image, vae: Vae, context: Context) -> Latent:
    """Turn pictures into latents.

    Args:
        pixels: The pictures; their middle that fits whole latent cells is taken.
        vae: The autoencoder; that of the checkpoint that is to work on the latents.
    """
    return {"samples": _encode(pixels, vae, context)}


@node("VAEEncodeForInpaint", title="VAE Encode (for Inpainting)", category="latent/inpaint")
def encode_for_inpaint(
    *,
    pixels: Image,
    vae: Vae,
    mask: Mask,
    grow_mask_by: Annotated[int, Number(0, 64, step=1)] = 6,
    context: Context,
) -> Latent:
    """Turn pictures into latents whose masked part will be painted anew from nothing.

    Args:
        pixels: The pictures.
        vae: The autoencoder.
        mask: 1 where the pictures are to be painted anew.
        grow_mask_by: Pixels by which the repainted part grows, so that edges blend.
    """
    from nodes.diffusion import autoencoding
    from nodes.diffusion.residency import Residency

    residency = context.resource("residency", Residency)
    with blaming("vae"), residency.autoencoder(vae) as autoencoder:
        cell = autoencoding.downscale(autoencoder)
    grey, noise_mask = autoencoding.inpaint_input(pixels, mask, grow_mask_by, cell)
    return {"samples": _encode(grey, vae, context), "noise_mask": noise_mask}


@node("VAEDecodeTiled", title="VAE Decode (Tiled)", category="_for_testing")
def decode_latent_tiled(
    *,
    samples: Latent,
    vae: Vae,
    tile_size: Annotated[int, TILE] = 512,
    overlap: Annotated[int, OVERLAP] = 64,
    temporal_size: Annotated[int, Number(8, 4096, step=4)] = 64,
    temporal_overlap: Annotated[int, Number(4, 4096, step=4)] = 8,
    context: Context,
) -> Image:
    """Turn large latents into pictures in overlapping tiles, which takes less memory.

    Args:
        samples: The latents.
        vae: The autoencoder.
        tile_size: Side of a tile in pixels of the picture.
        overlap: Pixels that neighbours share.
        temporal_size: Of videos only; accepted for workflows of other programs.
        temporal_overlap: Of videos only; accepted for workflows of other programs.
    """
    import torch

    from nodes.diffusion import autoencoding
    from nodes.diffusion.residency import Residency

    del temporal_size, temporal_overlap
    residency = context.resource("residency", Residency)
    with blaming("vae"), residency.autoencoder(vae) as autoencoder, torch.no_grad():
        cell = autoencoding.downscale(autoencoder)
        tile = max(tile_size // cell, LEAST_TILE)
        shared = min(overlap, tile_size // 4) // cell
        return autoencoding.decode_tiled(autoencoder, samples["samples"], tile, shared)


@node("VAEEncodeTiled", title="VAE Encode (Tiled)", category="_for_testing")
def encode_picture_tiled(
    *,
    pixels: Image,
    vae: Vae,
    tile_size: Annotated[int, Number(64, 4096, step=64)] = 512,
    overlap: Annotated[int, OVERLAP] = 64,
    temporal_size: Annotated[int, Number(8, 4096, step=4)] = 64,
    temporal_overlap: Annotated[int, Number(4, 4096, step=4)] = 8,
    context: Context,
) -> Latent:
    """Turn large pictures into latents in overlapping tiles, which takes less memory.

    Args:
        pixels: The pictures.
        vae: The autoencoder.
        tile_size: Side of a tile in pixels.
        overlap: Pixels that neighbours share.
        temporal_size: Of videos only; accepted for workflows of other programs.
        temporal_overlap: Of videos only; accepted for workflows of other programs.
    """
    import torch

    from nodes.diffusion import autoencoding
    from nodes.diffusion.residency import Residency

    del temporal_size, temporal_overlap
    residency = context.resource("residency", Residency)
    with blaming("vae"), residency.autoencoder(vae) as autoencoder, torch.no_grad():
        shared = min(overlap, tile_size // 4)
        return {"samples": autoencoding.encode_tiled(autoencoder, pixels, tile_size, shared)}


def _encode(pixels: Image, vae: Vae, context: Context) -> Any:
    import torch

    from nodes.diffusion import autoencoding
    from nodes.diffusion.residency import Residency

    residency = context.resource("residency", Residency)
    with blaming("vae"), residency.autoencoder(vae) as autoencoder, torch.no_grad():
        return autoencoding.encode(autoencoder, pixels)
