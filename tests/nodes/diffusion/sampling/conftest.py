"""Recorded numbers, the models that they belong to, and networks of a few kilobytes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import torch

from nodes.diffusion.components import Diffusion, LatentFormat
from nodes.diffusion.sampling.model_sampling import (
    ContinuousLevels,
    DiscreteLevels,
    FlowLevels,
    FluxLevels,
    ModelSampling,
    stable_diffusion_betas,
)

if TYPE_CHECKING:
    from collections.abc import Callable

NUMBERS = Path(__file__).parents[3] / "data" / "sampling_numbers.json"


@pytest.fixture(scope="session")
def numbers() -> dict[str, Any]:
    """Sigmas, noise and sampler outputs recorded from the program that people's workflows know."""
    return json.loads(NUMBERS.read_text())


@pytest.fixture(scope="session")
def samplings() -> dict[str, ModelSampling]:
    """The models of the recordings by name."""
    betas = stable_diffusion_betas()
    zero_snr = DiscreteLevels.from_betas(betas, zero_terminal_snr=True)
    return {
        "sd15_eps": ModelSampling(DiscreteLevels.from_betas(betas), "epsilon"),
        "sd_vpred_zsnr": ModelSampling(zero_snr, "v_prediction"),
        "flow_shift3": ModelSampling(FlowLevels(3.0), "flow"),
        "flux_1.15": ModelSampling(FluxLevels(), "flow"),
        "edm_default": ModelSampling(ContinuousLevels(), "v_prediction"),
    }


def tiny_diffusion(
    *, prediction: Any = "epsilon", in_channels: int = 4, latents: int = 4, **options: Any
) -> Diffusion:
    from diffusers import UNet2DConditionModel

    torch.manual_seed(0)
    unet = UNet2DConditionModel(
        sample_size=8,
        in_channels=in_channels,
        out_channels=latents,
        block_out_channels=(8, 16),
        layers_per_block=1,
        norm_num_groups=4,
        cross_attention_dim=16,
        attention_head_dim=4,
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
        **options,
    )
    return Diffusion(
        unet=unet.eval().requires_grad_(False),
        prediction=prediction,
        zero_terminal_snr=False,
        latents=LatentFormat(channels=latents),
        device=torch.device("cpu"),
        dtype=torch.float32,
    )


@pytest.fixture(scope="session")
def diffusion() -> Diffusion:
    """A network of a few kilobytes with random weights."""
    return tiny_diffusion()


@pytest.fixture(scope="session")
def make_diffusion() -> Callable[..., Diffusion]:
    """Makes networks of other kinds."""
    return tiny_diffusion
