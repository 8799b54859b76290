from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch

from nodes.diffusion.datasets.colours import COLOURS
from nodes.diffusion.datasets.errors import DatasetError
from nodes.diffusion.evaluation.backgrounds import (
    background_cases,
    border_colours,
    border_mean,
    measure_backgrounds,
)
from nodes.diffusion.evaluation.painter import Painter, Settings

if TYPE_CHECKING:
    from nodes.diffusion.datasets.manifest import Manifest
    from nodes.diffusion.datasets.pictures import Pictures


def test_only_the_outermost_pixels_count() -> None:
    pictures = torch.zeros(1, 3, 64, 64)
    pictures[:, :, 2:-2, 2:-2] = 1
    assert border_mean(pictures).tolist() == [[0, 0, 0]]
    pictures[:, 2] = 1
    assert border_mean(pictures).tolist() == [[0, 0, 1]]


@pytest.mark.parametrize("name", COLOURS)
def test_a_border_is_called_by_its_colour_whatever_it_surrounds(name: str) -> None:
    ground = torch.tensor(COLOURS[name])[None, :, None, None] / 255
    picture = ground.repeat(1, 1, 64, 64)
    picture[:, :, 8:-8, 8:-8] = torch.rand(3, 48, 48, generator=torch.Generator().manual_seed(0))
    assert border_colours(picture) == [name]


def test_drawings_that_fill_their_frame_are_not_asked_for(drawings: Manifest) -> None:
    alpha = torch.zeros(24, 1, 32, 32)
    alpha[:20] = 1
    cases = background_cases(drawings, alpha, count=100, seed=0)
    assert {record.path for record, _, _ in cases} == {r.path for r in drawings.records[20:]}
    with pytest.raises(DatasetError, match="clear border"):
        background_cases(drawings, torch.ones(24, 1, 32, 32), count=1, seed=0)


def test_colours_take_turns_and_are_named(drawings: Manifest) -> None:
    cases = background_cases(drawings, torch.zeros(24, 1, 32, 32), count=17, seed=0)
    assert {colour for _, colour, _ in cases} == set(COLOURS) - {"white"}
    assert all(prompt.endswith(f"on a {colour} background") for _, colour, prompt in cases)


def test_a_model_that_learnt_nothing_is_measured_from_end_to_end(
    painter: Painter, pictures: Pictures
) -> None:
    measure = measure_backgrounds(painter, pictures, Settings(steps=2, size=32), count=5)
    wrong = sum(measure.facts["wrong"].values())
    assert measure.value == pytest.approx(1 - wrong / 5)
    assert len(measure.shown) == 5
