"""Tiles, their seams, and masks."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, interpolate

from nodes.diffusion.autoencoding import _tiled, inpaint_input


def enlarged(latents: Tensor) -> Tensor:
    return interpolate(latents, scale_factor=8.0, mode="nearest")


@pytest.mark.parametrize("size", [(16, 16), (17, 9), (5, 40), (1, 1)])
@pytest.mark.parametrize(("sides", "overlap"), [((8, 8), 2), ((4, 16), 1), ((8, 8), 0)])
def test_tiles_of_a_local_transform_leave_no_seams(
    size: tuple[int, int], sides: tuple[int, int], overlap: int
) -> None:
    latents = torch.randn(1, 3, *size, generator=torch.Generator().manual_seed(0))
    assert torch.allclose(
        _tiled(latents, enlarged, sides, overlap, 8), enlarged(latents), atol=1e-6
    )


def test_tiles_of_pictures_give_the_cells_of_the_whole() -> None:
    pixels = torch.randn(1, 3, 96, 200, generator=torch.Generator().manual_seed(0))
    tiled = _tiled(pixels, lambda tile: avg_pool2d(tile, 8), (64, 64), 16, 1 / 8)
    assert torch.allclose(tiled, avg_pool2d(pixels, 8), atol=1e-6)


def test_seams_blend_linearly() -> None:
    seen: list[int] = []

    def number(tile: Tensor) -> Tensor:
        seen.append(len(seen))
        return torch.full_like(tile, float(seen[-1]))

    row = _tiled(torch.zeros(1, 1, 1, 12), number, (1, 8), 4, 1)[0, 0, 0]
    assert seen == [0, 1]
    assert row.tolist() == pytest.approx([0, 0, 0, 0, 0.2, 0.4, 0.6, 0.8, 1, 1, 1, 1])


@pytest.mark.parametrize("grow", [0, 1, 5, 6])
def test_a_grown_mask_covers_the_mask_and_keeps_its_size(grow: int) -> None:
    mask = torch.zeros(1, 20, 24)
    mask[:, 8:12, 8:12] = 1
    _, noise_mask = inpaint_input(torch.rand(1, 20, 24, 3), mask, grow, 8)
    assert noise_mask.shape == (1, 1, 16, 24)
    cropped = mask[:, 2:18]
    assert bool((noise_mask[:, 0] >= cropped).all())
    assert int(noise_mask.sum()) == (4 + max(grow - 1, 0)) ** 2


def test_a_mask_of_another_size_is_fitted_to_the_picture() -> None:
    mask = torch.zeros(1, 8, 8)
    mask[:, :, 4:] = 1
    grey, _ = inpaint_input(torch.zeros(1, 32, 32, 3), mask, 0, 8)
    assert grey[0, 0, :, 0].tolist() == [0.0] * 16 + [0.5] * 16
