from __future__ import annotations

import numpy as np
import pytest
import torch

from nodes.image_filter import (
    DITHERS,
    add_noise,
    blend,
    blur,
    morphology,
    quantize,
    sharpen,
)


def flat(value: float, channels: int = 3) -> torch.Tensor:
    return torch.full((1, 2, 2, channels), value)


def random(height: int = 12, width: int = 10) -> torch.Tensor:
    return torch.rand(2, height, width, 3, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize(
    ("mode", "below", "above", "met"),
    [
        ("normal", 0.2, 0.6, 0.6),
        ("multiply", 0.2, 0.6, 0.12),
        ("screen", 0.2, 0.6, 0.68),
        ("overlay", 0.2, 0.6, 0.24),
        ("overlay", 0.8, 0.6, 0.84),
        ("soft_light", 0.5, 0.25, 0.375),
        ("soft_light", 0.25, 1.0, 0.5),
        ("difference", 0.6, 0.2, 0.4),
        ("difference", 0.2, 0.6, 0.0),
    ],
)
def test_colours_meet_as_their_formula_says(
    mode: str, below: float, above: float, met: float
) -> None:
    result = blend(image1=flat(below), image2=flat(above), blend_factor=1.0, blend_mode=mode)
    assert torch.allclose(result, flat(met), atol=1e-6)
    half = blend(image1=flat(0.5), image2=flat(0.1), blend_factor=0.5, blend_mode="normal")
    assert torch.allclose(half, flat(0.3))


def test_pictures_of_other_sizes_and_channels_are_brought_into_shape() -> None:
    result = blend(
        image1=flat(0.5),
        image2=torch.full((1, 4, 8, 4), 0.1),
        blend_factor=1.0,
        blend_mode="normal",
    )
    assert torch.allclose(result, flat(0.1), atol=1e-6)


def test_a_blur_keeps_what_is_flat_and_the_mean_of_a_point() -> None:
    assert torch.allclose(blur(image=flat(0.4), blur_radius=5), flat(0.4))
    point = torch.zeros(1, 9, 9, 1)
    point[0, 4, 4] = 1.0
    spread = blur(image=point, blur_radius=2, sigma=0.5)
    assert float(spread.sum()) == pytest.approx(1.0)
    at = np.exp(-(np.linspace(-1, 1, 5) ** 2) / (2 * 0.5**2))
    expected = np.outer(at, at) / at.sum() ** 2
    assert np.allclose(spread[0, 2:7, 2:7, 0], expected, atol=1e-6)


def test_sharpening_steepens_edges_and_keeps_what_is_flat() -> None:
    assert torch.allclose(sharpen(image=flat(0.4)), flat(0.4), atol=1e-5)
    edge = torch.full((1, 6, 6, 3), 0.4)
    edge[:, :, 3:] = 0.6
    sharp = sharpen(image=edge, alpha=0.1)
    assert float(sharp[0, 3, 2, 0]) < 0.4
    assert float(sharp[0, 3, 3, 0]) > 0.6
    assert torch.allclose(sharpen(image=edge, alpha=0.0), edge)


def test_noise_is_that_of_the_seed() -> None:
    image = flat(0.5)
    noise = torch.randn(image.shape, generator=torch.Generator().manual_seed(7))
    assert torch.equal(
        add_noise(image=image, seed=7, strength=0.1), (image + 0.1 * noise).clamp(0, 1)
    )


@pytest.mark.parametrize("dither", DITHERS)
def test_few_colours_are_left(dither: str) -> None:
    ramp = torch.linspace(0, 1, 32).reshape(1, 1, 32, 1).expand(1, 32, 32, 3)
    result = quantize(image=ramp, colors=4, dither=dither)
    assert result.shape == ramp.shape
    assert len(result.reshape(-1, 3).unique(dim=0)) <= 4
    patterned = len(result[0, :, 5].unique(dim=0)) > 1
    assert patterned is (dither != "none")


@pytest.mark.parametrize("side", [3, 4, 5])
def test_growing_and_shrinking_take_the_extremes_of_a_square(side: int) -> None:
    image = random()
    grown = morphology(image=image, operation="dilate", kernel_size=side)
    shrunk = morphology(image=image, operation="erode", kernel_size=side)
    before, behind = side // 2, side - side // 2
    for y, x in ((0, 0), (5, 4), (11, 9)):
        window = image[1, max(y - before, 0) : y + behind, max(x - before, 0) : x + behind]
        assert torch.equal(grown[1, y, x], window.amax(dim=(0, 1)))
        assert torch.equal(shrunk[1, y, x], window.amin(dim=(0, 1)))
    between = morphology(image=image, operation="gradient", kernel_size=side)
    assert torch.equal(between, grown - shrunk)


def test_opening_and_closing_and_what_they_change() -> None:
    image = random()
    opened = morphology(image=image, operation="open", kernel_size=3)
    closed = morphology(image=image, operation="close", kernel_size=3)
    assert bool((opened <= image).all())
    assert bool((closed >= image).all())
    assert torch.equal(morphology(image=image, operation="top_hat", kernel_size=3), image - opened)
    hat = morphology(image=image, operation="bottom_hat", kernel_size=3)
    assert torch.equal(hat, closed - image)
