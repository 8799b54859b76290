from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from nodes.inpaint import inpaint_model_conditioning, instruct_pix_to_pix_conditioning
from nodes.vae import encode_picture

if TYPE_CHECKING:
    from engine import Context
    from nodes.loaders import Checkpoint


def test_inpainting_models_are_shown_the_picture_with_a_hole(
    loaded: Checkpoint, context: Context
) -> None:
    pixels = torch.rand(1, 36, 32, 3, generator=torch.Generator().manual_seed(0))
    mask = torch.zeros(1, 18, 16)
    mask[:, :, 8:] = 1.0
    prepared = inpaint_model_conditioning(
        positive=[[torch.zeros(1, 77, 32), {"strength": 0.5}]],
        negative=[[torch.ones(1, 77, 32), {}]],
        vae=loaded.vae,
        pixels=pixels,
        mask=mask,
        context=context,
    )
    settings = prepared.positive[0][1]
    assert settings["strength"] == 0.5
    assert torch.equal(settings["concat_mask"], prepared.latent["noise_mask"])
    assert settings["concat_mask"].shape[-1] == 32
    whole = encode_picture(pixels=pixels, vae=loaded.vae, context=context)["samples"]
    assert torch.equal(prepared.latent["samples"], whole)
    hole = pixels.clone()
    hole[:, :, 16:] = 0.5
    seen = encode_picture(pixels=hole, vae=loaded.vae, context=context)["samples"]
    assert torch.allclose(settings["concat_latent_image"], seen, atol=1e-5)
    assert prepared.negative[0][1]["concat_latent_image"] is settings["concat_latent_image"]


def test_editing_models_are_shown_the_picture_and_start_from_nothing(
    loaded: Checkpoint, context: Context
) -> None:
    pixels = torch.rand(1, 32, 32, 3, generator=torch.Generator().manual_seed(0))
    conditioning = [[torch.zeros(1, 77, 32), {}]]
    prepared = instruct_pix_to_pix_conditioning(
        positive=conditioning,
        negative=conditioning,
        vae=loaded.vae,
        pixels=pixels,
        context=context,
    )
    seen = prepared.positive[0][1]["concat_latent_image"]
    whole = encode_picture(pixels=pixels, vae=loaded.vae, context=context)["samples"]
    assert torch.equal(seen, whole)
    assert not prepared.latent["samples"].any()
    assert prepared.latent["samples"].shape == whole.shape
