"""Models of any size with random weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch

from nodes.diffusion.checkpoints.build import build_text, build_unet, build_vae, tokenizer_for
from nodes.diffusion.components import AutoEncoder, Diffusion, TextEncoder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nodes.diffusion.checkpoints.config import ModelConfig

_QUIET_LOG_VARIANCE = -6.0


@dataclass(frozen=True, kw_only=True)
class Components:
    """The parts of a model in memory.

    Attributes:
        diffusion: The denoising network, or None.
        text_encoders: By name; may be empty.
        autoencoder: Between pictures and latents, or None.
    """

    diffusion: Diffusion | None
    text_encoders: Mapping[str, TextEncoder]
    autoencoder: AutoEncoder | None


def create(config: ModelConfig, seed: int) -> Components:
    """Return a model with random weights on the CPU in float32.

    The weights are those that diffusers and transformers begin training with. The global random
    state is left as it was.

    Args:
        config: Its sizes; `presets` has some.
        seed: The same seed gives the same weights.
    """
    device, dtype = torch.device("cpu"), torch.float32
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        unet = build_unet(config.unet) if config.unet else None
        encoders = {name: _encoder(name, config) for name in config.text_encoders}
        vae = build_vae(config.vae) if config.vae else None
    return Components(
        diffusion=unet
        and Diffusion(
            unet=unet,
            prediction=config.prediction,
            zero_terminal_snr=config.zero_terminal_snr,
            latents=config.latents,
            device=device,
            dtype=dtype,
        ),
        text_encoders=encoders,
        autoencoder=vae
        and AutoEncoder(vae=vae, latents=config.latents, device=device, dtype=dtype),
    )


@torch.no_grad()
def quieten(autoencoder: AutoEncoder) -> None:
    """Let the latents of a new autoencoder have a deviation of exp(-3), for every picture.

    As it is made it is near 1, and drowns what the encoder says until it has learnt to speak up.

    Args:
        autoencoder: Changed in place; must have the 1x1 convolution that gives the moments.
    """
    moments: Any = autoencoder.vae.quant_conv
    channels = autoencoder.latents.channels
    moments.weight[channels:] = 0
    moments.bias[channels:] = _QUIET_LOG_VARIANCE


def _encoder(name: str, config: ModelConfig) -> TextEncoder:
    text = config.text_encoders[name]
    tokenizer = tokenizer_for(name, text)
    return TextEncoder(
        name=name,
        model=build_text(text, tokenizer),
        tokenizer=tokenizer,
        default_layer=text.default_layer,
        final_norm=text.final_norm,
    )
