from __future__ import annotations

import math
from typing import Any

import pytest
import torch

from nodes.diffusion.errors import DiffusionError
from nodes.diffusion.sampling.model_sampling import ModelSampling
from nodes.diffusion.sampling.names import SCHEDULES
from nodes.diffusion.sampling.schedules import (
    cut,
    laplace,
    polyexponential,
    sampler_schedule,
    schedule,
    variance_preserving,
)

Samplings = dict[str, ModelSampling]
Numbers = dict[str, Any]


def test_levels_and_percents_are_as_recorded(numbers: Numbers, samplings: Samplings) -> None:
    for name, recorded in numbers["model_sampling"].items():
        sampling = samplings[name]
        assert sampling.sigma_min == pytest.approx(recorded["sigma_min"], rel=1e-6)
        assert sampling.sigma_max == pytest.approx(recorded["sigma_max"], rel=1e-6)
        assert len(sampling.levels.sigmas) == recorded["n"]
        for index, sigma in recorded["sigmas_at"].items():
            assert float(sampling.levels.sigmas[int(index)]) == pytest.approx(sigma, rel=1e-6)
        for percent, sigma in recorded["percent_to_sigma"].items():
            got = sampling.levels.percent_to_sigma(float(percent))
            assert got == pytest.approx(sigma, rel=1e-5)


@pytest.mark.parametrize("name", SCHEDULES)
def test_schedule_is_as_recorded(numbers: Numbers, samplings: Samplings, name: str) -> None:
    compared = 0
    for key, recorded in numbers["schedules"].items():
        model, schedule_name, steps = key.split("/")
        if schedule_name == name and not math.isnan(recorded[0]):
            got = schedule(samplings[model], name, int(steps))
            assert got.tolist() == pytest.approx(recorded, rel=2e-6, abs=1e-9), key
            compared += 1
    assert compared >= 20


def test_one_step_of_kl_optimal_starts_at_the_greatest_level(samplings: Samplings) -> None:
    sampling = samplings["sd15_eps"]
    assert schedule(sampling, "kl_optimal", 1).tolist() == [sampling.sigma_max, 0.0]


def test_sampler_and_denoise_choose_the_levels_as_recorded(
    numbers: Numbers, samplings: Samplings
) -> None:
    for key, recorded in numbers["ksampler_sigmas"].items():
        name, steps, sampler, denoise = key.split("/")
        fraction = float(denoise.split("=")[1])
        got = sampler_schedule(samplings["sd15_eps"], sampler, name, int(steps), fraction)
        assert got.tolist() == pytest.approx(recorded, rel=2e-6), key


def test_unknown_schedule_is_refused_with_the_names_that_exist(samplings: Samplings) -> None:
    with pytest.raises(DiffusionError, match="karras"):
        schedule(samplings["sd15_eps"], "carras", 4)


def test_timestep_inverts_sigma(samplings: Samplings) -> None:
    levels = samplings["sd15_eps"].levels
    for timestep in (0.0, 1.0, 500.0, 999.0):
        assert levels.timestep(levels.sigma(timestep)) == timestep


def test_a_window_of_a_schedule_ends_in_zero_only_when_told() -> None:
    sigmas = torch.tensor([4.0, 3.0, 2.0, 1.0, 0.0])
    assert cut(sigmas, start=1, end=3).tolist() == [3.0, 2.0, 1.0]
    assert cut(sigmas, start=1, end=3, finish=True).tolist() == [3.0, 2.0, 0.0]
    assert cut(sigmas, start=2, end=10_000, finish=True).tolist() == [2.0, 1.0, 0.0]
    assert cut(sigmas, start=4).tolist() == []
    assert sigmas.tolist() == [4.0, 3.0, 2.0, 1.0, 0.0]


def test_schedules_without_a_model_fall_to_zero() -> None:
    for sigmas in (
        polyexponential(6, 0.03, 14.6, 2.0),
        laplace(6, 0.03, 14.6),
        variance_preserving(6, 19.9, 0.1, 1e-3),
    ):
        assert len(sigmas) == 7
        assert sigmas[-1] == 0
        assert bool((sigmas.diff() <= 0).all())
