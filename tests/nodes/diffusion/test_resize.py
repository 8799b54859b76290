from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch

from nodes.diffusion.resize import resize, resize_image
from nodes.diffusion.sampling.names import IMAGE_UPSCALES, LATENT_UPSCALES

NUMBERS = Path(__file__).parents[2] / "data" / "sampling_numbers.json"
KEPT = [0, 1, 3, 4]
"""Where the nearest-exact recording (4 to 6 cells) holds each original value once."""


@pytest.fixture(scope="module")
def recorded() -> dict[str, Any]:
    return json.loads(NUMBERS.read_text())["upscale"]


@pytest.mark.parametrize("method", LATENT_UPSCALES)
def test_latents_are_resized_as_recorded(recorded: dict[str, Any], method: str) -> None:
    original = torch.tensor(recorded["nearest-exact"]).reshape(1, 4, 6, 6)[:, :, KEPT][..., KEPT]
    got = resize(original, 6, 6, method)
    assert got.flatten().tolist() == pytest.approx(recorded[method], abs=2e-6)


@pytest.mark.parametrize("method", IMAGE_UPSCALES)
def test_pictures_keep_their_layout(method: str) -> None:
    image = torch.rand(2, 6, 8, 3)
    assert resize_image(image, 4, 9, method).shape == (2, 9, 4, 3)
    flat = torch.full((1, 6, 8, 3), 0.4)
    assert torch.allclose(resize_image(flat, 4, 9, method), torch.tensor(0.4), atol=1 / 255)


def test_cropping_keeps_the_middle() -> None:
    image = torch.zeros(1, 4, 8, 1)
    image[:, :, 2:6] = 1
    assert bool((resize_image(image, 4, 4, "nearest-exact", crop=True) == 1).all())


def test_bislerp_keeps_lengths_and_copes_with_zero_and_opposite_vectors() -> None:
    a = torch.tensor([1.0, 0.0, 0.0, 0.0])
    samples = torch.stack([a, -a, torch.zeros(4), a.roll(1)], dim=1).reshape(1, 4, 1, 4)
    result = resize(samples, 9, 2, "bislerp")
    assert bool(result.isfinite().all())
    turned = torch.stack([a, a.roll(1)], dim=1).reshape(1, 4, 1, 2)
    assert torch.allclose(resize(turned, 6, 1, "bislerp").norm(dim=1), torch.tensor(1.0), atol=1e-5)
