from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
import torch

from nodes.diffusion.errors import DiffusionError
from nodes.diffusion.sampling.names import SAMPLERS
from nodes.diffusion.sampling.noise import BrownianNoise, GaussianNoise, initial_noise
from nodes.diffusion.sampling.samplers.registry import find
from nodes.diffusion.sampling.schedules import sampler_schedule
from nodes.diffusion.sampling.trajectory import Moment, Trajectory

if TYPE_CHECKING:
    from nodes.diffusion.sampling.model_sampling import ModelSampling

SEED = 42


@dataclass(frozen=True, eq=False)
class ToyDenoiser:
    """Guided by two fixed functions, as in the recordings."""

    sampling: ModelSampling

    def __call__(self, x: torch.Tensor, sigma: float) -> torch.Tensor:
        return self.both(x, sigma)[0]

    def both(self, x: torch.Tensor, sigma: float) -> tuple[torch.Tensor, torch.Tensor]:
        s = sigma
        flow = x * (1 - s) / ((1 - s) ** 2 + s**2)
        base = flow if self.sampling.is_flow else x / (1 + s**2)
        positive, negative = 1.1 * base.tanh(), (0.9 * base).tanh()
        return negative + 2 * (positive - negative), negative


def run(
    sampling: ModelSampling, name: str, sigmas: list[float], **options: Any
) -> tuple[torch.Tensor, list[Moment]]:
    sampler = find(name)
    if sampler.last_sigma and sigmas[-1] == 0:
        sigmas = [*sigmas[:-1], sampler.last_sigma]
    zeros = torch.zeros(1, 4, 4, 4)
    pure = sampling.starts_from_pure_noise(sigmas[0])
    noise = initial_noise(zeros, SEED)
    x = sampling.add_noise(zeros, noise, sigmas[0], from_pure_noise=pure)
    moments: list[Moment] = []
    source = sampler.step_noise(x, tuple(sigmas), SEED)
    way = Trajectory(ToyDenoiser(sampling), tuple(sigmas), source, moments.append)
    return sampling.remove_scale(sampler.update(way, x, **options), sigmas[-1]), moments


@pytest.mark.parametrize("name", SAMPLERS)
def test_sampler_gives_the_recorded_latent(
    numbers: dict[str, Any], samplings: dict[str, ModelSampling], name: str
) -> None:
    compared = 0
    for key, recorded in numbers["samplers"].items():
        if not key.endswith(f"/{name}"):
            continue
        model, schedule, steps, _ = key.split("/")
        sampling = samplings[model]
        sigmas = sampler_schedule(sampling, name, schedule, int(steps)).tolist()
        result, moments = run(sampling, name, sigmas)
        expected = torch.tensor(recorded["out"])
        error = (result.flatten() - expected).abs().max() / expected.abs().max()
        assert float(error) < 1e-4, key
        assert [moment.step for moment in moments] == recorded["callbacks"]
        compared += 1
    assert compared == 2


@pytest.mark.parametrize("name", SAMPLERS)
@pytest.mark.parametrize("steps", [1, 2, 3])
def test_sampler_takes_few_steps(
    samplings: dict[str, ModelSampling], name: str, steps: int
) -> None:
    for sampling in samplings.values():
        sigmas = sampler_schedule(sampling, name, "normal", steps).tolist()
        result, _ = run(sampling, name, sigmas)
        assert bool(result.isfinite().all())


@pytest.mark.parametrize("name", SAMPLERS)
def test_sampler_may_stop_before_the_noise_is_gone(
    samplings: dict[str, ModelSampling], name: str
) -> None:
    result, _ = run(samplings["sd15_eps"], name, [14.0, 5.0, 2.0, 1.0])
    assert bool(result.isfinite().all())


def test_options_reach_the_sampler(samplings: dict[str, ModelSampling]) -> None:
    sampling, sigmas = samplings["sd15_eps"], [14.0, 5.0, 2.0, 1.0, 0.0]
    still, _ = run(sampling, "euler_ancestral", sigmas, eta=0.0)
    plain, _ = run(sampling, "euler", sigmas)
    assert torch.allclose(still, plain, atol=1e-6)


def test_simple_weights_of_order_two_stay_near_the_exact_ones(
    samplings: dict[str, ModelSampling],
) -> None:
    sigmas = torch.linspace(2.64, 0.0, 41).exp().sub(1).tolist()
    options = {"predictor_order": 2, "corrector_order": 2, "eta": 0.0}
    exact, _ = run(samplings["sd15_eps"], "sa_solver", sigmas, **options)
    simple, _ = run(samplings["sd15_eps"], "sa_solver", sigmas, simple_order_2=True, **options)
    assert torch.allclose(exact, simple, atol=0.02)
    assert not torch.equal(exact, simple)


def test_every_order_of_er_sde_ends_in_the_same_place_without_noise(
    samplings: dict[str, ModelSampling],
) -> None:
    sigmas = sampler_schedule(samplings["sd15_eps"], "er_sde", "karras", 60).tolist()
    results = [
        run(samplings["sd15_eps"], "er_sde", sigmas, solver_type="ODE", max_stage=stage)[0]
        for stage in (1, 2, 3)
    ]
    assert torch.allclose(results[0], results[2], atol=0.05)
    assert torch.allclose(results[1], results[2], atol=0.01)


def test_unknown_sampler_is_refused_with_the_names_that_exist() -> None:
    with pytest.raises(DiffusionError, match="euler"):
        find("oiler")


def test_initial_noise_is_as_recorded(numbers: dict[str, Any]) -> None:
    recorded = numbers["noise"]
    zeros = torch.zeros(3, 4, 4, 4)
    whole = initial_noise(zeros, 42).flatten().tolist()
    assert whole == pytest.approx(recorded["seed=42 shape=3,4,4,4"])
    picked = initial_noise(zeros, 42, [2, 0, 2]).flatten().tolist()
    assert picked == pytest.approx(recorded["seed=42 batch_index=[2,0,2]"])
    largest = initial_noise(torch.zeros(1, 4, 2, 2), 2**64 - 1).flatten().tolist()
    assert largest == pytest.approx(recorded["seed=18446744073709551615 shape 1,4,2,2"])


def test_a_longer_batch_begins_with_the_shorter_one() -> None:
    short, long = (initial_noise(torch.zeros(n, 4, 8, 8), 7) for n in (2, 5))
    assert torch.equal(short, long[:2])


def test_first_step_noise_equals_the_initial_noise() -> None:
    like = torch.zeros(1, 4, 8, 8)
    assert torch.equal(GaussianNoise(like, 5)(2.0, 1.0), initial_noise(like, 5))


def test_brownian_increments_add_up() -> None:
    noise = BrownianNoise(torch.zeros(1, 4, 8, 8), [10.0, 4.0, 1.0, 0.0], 3)
    whole = noise(10.0, 1.0) * 9**0.5
    parts = noise(10.0, 4.0) * 6**0.5 + noise(4.0, 1.0) * 3**0.5
    assert torch.allclose(whole, parts, atol=1e-4)
