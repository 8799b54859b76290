from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from nodes.diffusion.sampling.model_sampling import (
    DiscreteLevels,
    DistilledLevels,
    ModelSampling,
    model_sampling,
    stable_diffusion_betas,
)

from .conftest import tiny_diffusion


def noisy(seed: int) -> torch.Tensor:
    return torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(seed))


def test_consistency_models_have_the_timesteps_and_guesses_of_diffusers() -> None:
    from diffusers import LCMScheduler

    theirs = LCMScheduler(
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        clip_sample=False,
        set_alpha_to_one=False,
    )
    theirs.set_timesteps(50)
    sampling = model_sampling(tiny_diffusion(prediction="consistency"))
    assert isinstance(sampling.levels, DistilledLevels)
    timesteps = [sampling.levels.timestep(float(sigma)) for sigma in sampling.levels.sigmas]
    assert timesteps == sorted(theirs.timesteps.tolist())
    for timestep in (19, 499, 999):
        sigma = sampling.levels.sigma(timestep)
        x, output = noisy(1) * sigma, noisy(2)
        scaled = sampling.network_input(x, sigma)
        said = theirs.step(output, timestep, scaled, return_dict=False)[1]
        assert torch.allclose(sampling.denoised(x, output, sigma), said, rtol=1e-4, atol=1e-3)


def test_the_few_levels_of_a_consistency_model_are_among_the_many() -> None:
    every = DiscreteLevels.from_betas(stable_diffusion_betas())
    few = DistilledLevels(every)
    assert len(few.sigmas) == 50
    assert few.sigmas.tolist() == [float(every.sigmas[t]) for t in range(19, 1000, 20)]
    assert few.percent_to_sigma(0.5) == pytest.approx(every.percent_to_sigma(0.5), rel=0.01)
    assert few.percent_to_sigma(1.0) == 0.0


def test_translations_take_a_picture_without_noise_as_it_is() -> None:
    plain = ModelSampling(DiscreteLevels.from_betas(stable_diffusion_betas()), "sample")
    translation = replace(plain, prediction="translation")
    assert torch.equal(translation.network_input(noisy(1), 3.0), noisy(1))
    assert torch.equal(translation.denoised(noisy(1), noisy(2), 3.0), noisy(2))
    assert not torch.equal(plain.network_input(noisy(1), 3.0), noisy(1))
