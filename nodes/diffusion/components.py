"""Models in memory: what sampling, encoding and training work with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch
    from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
    from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
    from transformers import CLIPTextModel, CLIPTextModelWithProjection

    from nodes.diffusion.handles import Prediction
    from nodes.diffusion.text.tokenizer import ClipTokenizer


@dataclass(frozen=True, kw_only=True)
class LatentFormat:
    """How a family of models stores pictures as latents.

    Attributes:
        channels: Channels of a latent: 4 for SD1.x, SD2.x and SDXL.
        downscale: Pixels per latent cell on each axis: 8 for all of them.
        scale: Network input = scale * autoencoder output (0.18215 for SD1.x).
    """

    channels: int = 4
    downscale: int = 8
    scale: float = 0.18215


@dataclass(frozen=True, kw_only=True)
class Diffusion:
    """A denoising network, ready to run.

    Attributes:
        unet: The network; its parameters are shared and must not be changed in place.
        prediction: What the network's output means.
        zero_terminal_snr: The noise schedule ends in pure noise.
        latents: What latents the network takes.
        device: Where the network is.
        dtype: What it computes in.
        rescale_cfg: As of `handles.Model`.
        gradual_mask: As of `handles.Model`.
    """

    unet: UNet2DConditionModel
    prediction: Prediction
    zero_terminal_snr: bool
    latents: LatentFormat
    device: torch.device
    dtype: torch.dtype
    rescale_cfg: float = 0.0
    gradual_mask: float | None = None


@dataclass(frozen=True, kw_only=True)
class TextEncoder:
    """One CLIP-style text encoder, ready to run.

    Attributes:
        name: `l`, `g` or `h`: which of CLIP's sizes; decides padding and defaults.
        model: The network.
        tokenizer: Text to token ids of this encoder's vocabulary.
        default_layer: Hidden state taken when the handle names none (-1 last, -2 penultimate).
        final_norm: Whether the last layer norm is applied to that hidden state.
    """

    name: str
    model: CLIPTextModel | CLIPTextModelWithProjection
    tokenizer: ClipTokenizer
    default_layer: int
    final_norm: bool


@dataclass(frozen=True, kw_only=True)
class AutoEncoder:
    """An autoencoder, ready to run.

    Attributes:
        vae: The network.
        latents: What latents it makes.
        device: Where it is.
        dtype: What it computes in.
    """

    vae: AutoencoderKL
    latents: LatentFormat
    device: torch.device
    dtype: torch.dtype
