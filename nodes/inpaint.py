"""Conditioning of models that see a picture besides the noise: for inpainting and for editing."""

from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from engine import Context, Output, node
from nodes.library_errors import blaming
from nodes.types import Conditioning, Image, Latent, Mask, Vae

if TYPE_CHECKING:
    from torch import Tensor


class Prepared(NamedTuple):
    """What a sampler needs.

    Attributes:
        positive: The conditioning to follow, with the picture.
        negative: The conditioning to avoid, with the picture.
        latent: What to start from.
    """

    positive: Conditioning
    negative: Conditioning
    latent: Annotated[Latent, Output("latent")]


@node("InpaintModelConditioning", category="conditioning/inpaint")
def inpaint_model_conditioning(
    *,
    positive: Conditioning,
    negative: Conditioning,
    vae: Vae,
    pixels: Image,
    mask: Mask,
    noise_mask: bool = True,
    context: Context,
) -> Prepared:
    """Show a picture and a mask to a model that was trained for inpainting.

    Args:
        positive: What the picture should show.
        negative: What it should not show.
        vae: The autoencoder of the model.
        pixels: The picture.
        mask: 1 where it is to be painted anew.
        noise_mask: Keep the rest of the picture exactly as it is.
    """
    from nodes.diffusion import autoencoding
    from nodes.diffusion.residency import Residency

    residency = context.resource("residency", Residency)
    with blaming("vae"), residency.autoencoder(vae) as autoencoder:
        grey, holes = autoencoding.with_holes(pixels, mask, autoencoding.downscale(autoencoder))
    seen = {"concat_latent_image": _encoded(grey, vae, context), "concat_mask": holes}
    latent: Latent = {"samples": _encoded(pixels, vae, context)}
    if noise_mask:
        latent["noise_mask"] = holes
    return Prepared(_with(positive, seen), _with(negative, seen), latent)


@node("InstructPixToPixConditioning", category="conditioning/instructpix2pix")
def instruct_pix_to_pix_conditioning(
    *,
    positive: Conditioning,
    negative: Conditioning,
    vae: Vae,
    pixels: Image,
    context: Context,
) -> Prepared:
    """Show a picture to a model that was trained to edit pictures as the prompt says.

    Args:
        positive: What is to be done.
        negative: What is to be avoided.
        vae: The autoencoder of the model.
        pixels: The picture.
    """
    encoded = _encoded(pixels, vae, context)
    seen = {"concat_latent_image": encoded}
    latent: Latent = {"samples": encoded.new_zeros(encoded.shape)}
    return Prepared(_with(positive, seen), _with(negative, seen), latent)


def _with(conditioning: Conditioning, settings: dict[str, Any]) -> Conditioning:
    return [[encoded, {**before, **settings}] for encoded, before in conditioning]


def _encoded(pixels: Image, vae: Vae, context: Context) -> "Tensor":
    import torch

    from nodes.diffusion import autoencoding
    from nodes.diffusion.residency import Residency

    residency = context.resource("residency", Residency)
    with blaming("vae"), residency.autoencoder(vae) as autoencoder, torch.no_grad():
        return autoencoding.encode(autoencoder, pixels)
