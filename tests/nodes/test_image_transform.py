from __future__ import annotations

import pytest
import torch

from nodes.image_transform import resize_and_pad_image


@pytest.mark.parametrize(("color", "level"), [("white", 1.0), ("black", 0.0)])
def test_a_picture_that_is_too_wide_gets_bars_above_and_below(color: str, level: float) -> None:
    image = torch.full((2, 10, 40, 3), 0.5)
    result = resize_and_pad_image(
        image=image,
        target_width=20,
        target_height=20,
        padding_color=color,
        interpolation="bilinear",
    )
    assert result.shape == (2, 20, 20, 3)
    assert torch.allclose(result[:, 7:12], torch.tensor(0.5))
    assert bool((result[:, :7] == level).all())
    assert bool((result[:, 12:] == level).all())
