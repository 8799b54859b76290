from __future__ import annotations

import pytest
import torch

from nodes.diffusion.components import AutoEncoder, LatentFormat
from nodes.diffusion.sampling.preview import Projection, grey_picture, picture


@pytest.fixture(scope="module")
def autoencoder() -> AutoEncoder:
    from diffusers import AutoencoderKL

    torch.manual_seed(0)
    vae = AutoencoderKL(
        block_out_channels=(8, 8),
        norm_num_groups=4,
        latent_channels=4,
        sample_size=16,
        down_block_types=("DownEncoderBlock2D",) * 2,
        up_block_types=("UpDecoderBlock2D",) * 2,
    )
    return AutoEncoder(
        vae=vae.eval(),
        latents=LatentFormat(downscale=2),
        device=torch.device("cpu"),
        dtype=torch.float32,
    )


def test_projection_gives_the_colours_of_constant_latents(autoencoder: AutoEncoder) -> None:
    projection = Projection.of(autoencoder)
    latent = torch.zeros(4, 8, 8)
    latent[2] = 0.5
    with torch.no_grad():
        decoded = autoencoder.vae.decode(latent[None] / autoencoder.latents.scale).sample  # pyright: ignore
    wanted = ((decoded + 1) / 2).clamp(0, 1).mean(dim=(0, 2, 3))
    assert torch.allclose(projection.colours(latent)[4, 4], wanted, atol=0.1)


def test_small_latents_of_small_autoencoders_are_decoded(autoencoder: AutoEncoder) -> None:
    shown = picture(torch.randn(2, 4, 8, 8), autoencoder, Projection.of(autoencoder))
    assert shown.mode == "RGB"
    assert shown.size == (256, 256)


def test_large_latents_are_projected(autoencoder: AutoEncoder) -> None:
    shown = picture(torch.randn(1, 4, 64, 64), autoencoder, Projection.of(autoencoder))
    assert shown.size == (256, 256)


def test_without_an_autoencoder_the_preview_is_grey() -> None:
    shown = grey_picture(torch.randn(1, 16, 8, 12))
    assert shown.size == (384, 256)
    red, green, blue = shown.split()
    assert red.tobytes() == green.tobytes() == blue.tobytes()
