from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch

from nodes.diffusion.training import objective
from nodes.diffusion.training.errors import TrainingError
from nodes.diffusion.training.plans import WEIGHTINGS, ObjectivePlan

if TYPE_CHECKING:
    from nodes.diffusion.handles import Prediction

PREDICTIONS: tuple[Prediction, ...] = ("epsilon", "v_prediction", "sample")


@pytest.mark.parametrize("prediction", PREDICTIONS)
@pytest.mark.parametrize("weighting", WEIGHTINGS)
def test_weights_are_finite_at_every_timestep(prediction: Prediction, weighting: str) -> None:
    levels = objective.signal_levels(zero_terminal_snr=True)
    signal = torch.cat([levels, torch.zeros(1)])
    weights = objective.weights(ObjectivePlan(weighting=weighting), prediction, signal)
    assert torch.isfinite(weights).all()
    assert (weights >= 0).all()


def test_min_snr_has_the_form_of_each_prediction() -> None:
    plan = ObjectivePlan(weighting="min_snr", gamma=5.0)
    signal = torch.tensor([0.5, 0.99])
    snr = signal / (1 - signal)
    capped = snr.clamp_max(5.0)
    assert torch.allclose(objective.weights(plan, "epsilon", signal), capped / snr)
    assert torch.allclose(objective.weights(plan, "v_prediction", signal), capped / (snr + 1))
    assert torch.allclose(objective.weights(plan, "sample", signal), capped)


def test_noise_levels_are_those_of_diffusers() -> None:
    from diffusers import DDPMScheduler

    for rescale in (False, True):
        theirs = DDPMScheduler(
            beta_start=0.00085,
            beta_end=0.012,
            beta_schedule="scaled_linear",
            rescale_betas_zero_snr=rescale,
        )
        ours = objective.signal_levels(zero_terminal_snr=rescale)
        assert torch.allclose(ours[:-1], theirs.alphas_cumprod[:-1], rtol=1e-3, atol=1e-6)


def test_noise_and_velocity_are_those_of_diffusers() -> None:
    from diffusers import DDPMScheduler

    theirs = DDPMScheduler(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear")
    latents, noise = torch.randn(2, 3, 4, 4, 4, generator=torch.manual_seed(0))
    steps = torch.tensor([3, 500, 998])
    signal = objective.signal_levels()[steps]
    assert torch.allclose(
        objective.add_noise(latents, noise, signal),
        theirs.add_noise(latents, noise, steps),
        atol=1e-5,
    )
    velocity = objective.target("v_prediction", latents, noise, signal)
    assert torch.allclose(velocity, theirs.get_velocity(latents, noise, steps), atol=1e-5)


def test_timesteps_stay_in_their_range_and_depend_on_seed_and_part_alone() -> None:
    plan = ObjectivePlan(timesteps="logit_normal", shift=2.0, first=200, last=300)
    drawn = objective.draw_timesteps(plan, 1000, 1, 2)
    assert drawn.min() >= 200
    assert drawn.max() <= 300
    assert torch.equal(drawn, objective.draw_timesteps(plan, 1000, 1, 2))
    assert not torch.equal(drawn, objective.draw_timesteps(plan, 1000, 1, 3))


def test_offset_noise_is_constant_over_the_picture() -> None:
    shape = (2, 4, 8, 8)
    plain = objective.draw_noise(ObjectivePlan(), shape, 0, 0)
    shifted = objective.draw_noise(ObjectivePlan(noise_offset=0.5), shape, 0, 0)
    offset = shifted - plain
    assert offset.std((2, 3)).max() < 1e-6
    assert offset.abs().max() > 0.01


@pytest.mark.parametrize(
    "plan",
    [ObjectivePlan(loss="l3"), ObjectivePlan(weighting="x"), ObjectivePlan(first=5, last=4)],
)
def test_an_unknown_objective_is_refused(plan: ObjectivePlan) -> None:
    with pytest.raises(TrainingError):
        objective.check_objective(plan)
