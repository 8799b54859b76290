from __future__ import annotations

import pytest
import torch

from nodes.diffusion.sampling.inpaint import Opening
from nodes.diffusion.sampling.model_sampling import DiscreteLevels, stable_diffusion_betas

LEVELS = DiscreteLevels.from_betas(stable_diffusion_betas())
MASK = torch.tensor([0.0, 0.25, 0.5, 0.75, 1.0]).reshape(1, 1, 1, 5)


def at_timestep(opening: Opening, timestep: int) -> list[float]:
    return opening.at(float(LEVELS.sigmas[timestep])).flatten().tolist()


def test_a_mask_without_levels_stays_as_it_is() -> None:
    assert torch.equal(Opening(MASK).at(3.0), MASK)


@pytest.mark.parametrize(
    ("timestep", "open_"),
    [
        (999, [0, 0, 0, 0, 1]),
        (760, [0, 0, 0, 0, 1]),
        (749, [0, 0, 0, 1, 1]),
        (400, [0, 0, 1, 1, 1]),
        (0, [1, 1, 1, 1, 1]),
    ],
)
def test_the_darker_a_mask_the_later_it_opens(timestep: int, open_: list[int]) -> None:
    opening = Opening(MASK, LEVELS, first=999.0, last=0.0)
    assert at_timestep(opening, timestep) == open_


def test_what_opens_only_in_part_keeps_the_rest_of_its_grey() -> None:
    opening = Opening(MASK, LEVELS, first=999.0, last=0.0, strength=0.5)
    assert at_timestep(opening, 400) == [0.0, 0.125, 0.75, 0.875, 1.0]
    whole = Opening(MASK, LEVELS, first=999.0, last=0.0, strength=0.0)
    assert at_timestep(whole, 400) == [0, 0, 1, 1, 1]
