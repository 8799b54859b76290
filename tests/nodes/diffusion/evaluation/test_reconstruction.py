from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from nodes.diffusion.evaluation.reconstruction import measure_reconstruction, psnr, reconstruct

if TYPE_CHECKING:
    from nodes.diffusion.datasets.pictures import Pictures
    from nodes.diffusion.evaluation.painter import Painter


def test_an_error_of_a_tenth_is_twenty_decibels() -> None:
    black = torch.zeros(2, 3, 8, 8)
    torch.testing.assert_close(psnr(black + 0.1, black), torch.tensor([20.0, 20.0]))


def test_equal_pictures_have_a_finite_ratio() -> None:
    assert torch.isfinite(psnr(torch.ones(1, 3, 8, 8), torch.ones(1, 3, 8, 8))).all()


def test_batches_do_not_change_the_result(painter: Painter) -> None:
    pictures = torch.rand(5, 3, 16, 16, generator=torch.Generator().manual_seed(0))
    at_once = reconstruct(painter.autoencoder, pictures)
    torch.testing.assert_close(reconstruct(painter.autoencoder, pictures, batch=2), at_once)


def test_the_measure_is_the_mean_over_all_pictures(painter: Painter, pictures: Pictures) -> None:
    measure = measure_reconstruction(painter.autoencoder, pictures)
    assert measure.facts["count"] == len(measure.shown) == 24
    assert measure.facts["worst"] <= measure.value
