"""Noise levels of a model, and how its network's output becomes a denoised latent.

A noisy latent is `x = alpha * latent + sigma * noise`. Models of the `epsilon`, `v_prediction` and
`sample` kinds are used in their variance-exploding form (alpha = 1); `flow` models have
alpha = 1 - sigma.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import torch

if TYPE_CHECKING:
    from torch import Tensor

    from nodes.diffusion.components import Diffusion
    from nodes.diffusion.handles import Prediction

_CONSISTENCY_SCALE, _CONSISTENCY_SIGMA = 10.0, 0.5  # of Luo et al. 2023
BEYOND_EVERY_SIGMA = 999999999.9
_TIMESTEPS = 1000
_LAST_ALPHA_OF_ZERO_SNR = 4.8973451890853435e-08  # sigma 4518.8 in place of infinity


class NoiseLevels(Protocol):
    """The noise levels that a model was trained on, and the names (timesteps) it has for them."""

    @property
    def sigmas(self) -> Tensor:
        """All noise levels, ascending, float32 [N]."""
        ...

    def timestep(self, sigma: float) -> float:
        """Return what the network is told for a noise level."""
        ...

    def sigma(self, timestep: float) -> float:
        """Return the noise level of a timestep, which may lie between two."""
        ...

    def percent_to_sigma(self, percent: float) -> float:
        """Return the noise level at a fraction of the way from pure noise (0) to none (1)."""
        ...


@dataclass(frozen=True, eq=False)
class DiscreteLevels:
    """The levels of a diffusion process in discrete timesteps (Ho et al. 2020).

    Attributes:
        sigmas: sqrt((1 - acp) / acp) for each timestep, acp the cumulative product of 1 - beta.
    """

    sigmas: Tensor

    @classmethod
    def from_betas(cls, betas: Tensor, *, zero_terminal_snr: bool = False) -> DiscreteLevels:
        """Make the levels from per-step variances.

        Args:
            betas: Variances, float64 [N].
            zero_terminal_snr: Shift and scale so that the last level is (nearly) pure noise
                (Lin et al. 2023, algorithm 1).
        """
        acp = torch.cumprod(1.0 - betas, dim=0)
        if zero_terminal_snr:
            root = acp.sqrt()
            acp = ((root - root[-1]) * root[0] / (root[0] - root[-1])) ** 2
            acp[-1] = _LAST_ALPHA_OF_ZERO_SNR
        return cls(((1 - acp) / acp).sqrt().float())

    def timestep(self, sigma: float) -> float:
        """Return the index whose level is nearest on a logarithmic scale."""
        distance = (self.sigmas.log() - math.log(max(sigma, 1e-12))).abs()
        return float(distance.argmin())

    def sigma(self, timestep: float) -> float:
        """Interpolate the logarithm of the levels."""
        t = min(max(timestep, 0.0), len(self.sigmas) - 1.0)
        low, high = math.floor(t), math.ceil(t)
        weight = torch.tensor(t - low, dtype=torch.float32)
        logs = self.sigmas[[low, high]].log()
        return float(((1 - weight) * logs[0] + weight * logs[1]).exp())

    def percent_to_sigma(self, percent: float) -> float:
        """Return the level at a fraction of the timesteps."""
        if percent <= 0:
            return BEYOND_EVERY_SIGMA
        return 0.0 if percent >= 1 else self.sigma((1 - percent) * (len(self.sigmas) - 1))


@dataclass(frozen=True, eq=False)
class DistilledLevels:
    """The few levels that a consistency model was distilled to (Luo et al. 2023).

    Attributes:
        every: Levels of the process that it was distilled from.
        skip: Each so many timesteps there is one of them.
    """

    every: DiscreteLevels
    skip: int = 20

    @property
    def sigmas(self) -> Tensor:
        """The levels of timesteps 19, 39, ..., 999."""
        return self.every.sigmas[self.skip - 1 :: self.skip]

    def timestep(self, sigma: float) -> float:
        """Return the timestep of the nearest of the few levels."""
        return DiscreteLevels(self.sigmas).timestep(sigma) * self.skip + self.skip - 1

    def sigma(self, timestep: float) -> float:
        """Interpolate the logarithm between the few levels."""
        return DiscreteLevels(self.sigmas).sigma((timestep - (self.skip - 1)) / self.skip)

    def percent_to_sigma(self, percent: float) -> float:
        """Return the level at a fraction of the timesteps."""
        if percent <= 0:
            return BEYOND_EVERY_SIGMA
        return 0.0 if percent >= 1 else self.sigma((1 - percent) * (len(self.every.sigmas) - 1))


@dataclass(frozen=True, eq=False)
class FlowLevels:
    """The levels of a rectified flow with a shifted time (Esser et al. 2024, section 5.3.2).

    Attributes:
        shift: Above 1 spends more steps on high noise; 1 is the plain flow.
    """

    shift: float = 1.0

    @property
    def sigmas(self) -> Tensor:
        """The levels of 1000 even times."""
        t = torch.arange(1, _TIMESTEPS + 1, dtype=torch.float32) / _TIMESTEPS
        return self.shift * t / (1 + (self.shift - 1) * t)

    def timestep(self, sigma: float) -> float:
        """Return the level in thousandths."""
        return sigma * _TIMESTEPS

    def sigma(self, timestep: float) -> float:
        """Shift a time in thousandths."""
        t = timestep / _TIMESTEPS
        return self.shift * t / (1 + (self.shift - 1) * t)

    def percent_to_sigma(self, percent: float) -> float:
        """Return the level at a fraction of the time."""
        if percent <= 0:
            return 1.0
        return 0.0 if percent >= 1 else self.sigma((1 - percent) * _TIMESTEPS)


@dataclass(frozen=True, eq=False)
class FluxLevels:
    """The levels of a rectified flow whose shift is given as a logarithm.

    Attributes:
        mu: Logarithm of the shift.
        count: Number of levels in the table.
    """

    mu: float = 1.15
    count: int = 10_000

    @property
    def sigmas(self) -> Tensor:
        """The levels of even times."""
        t = torch.arange(1, self.count + 1, dtype=torch.float32) / self.count
        return math.exp(self.mu) / (math.exp(self.mu) + (1 / t - 1))

    def timestep(self, sigma: float) -> float:
        """Return the level itself."""
        return sigma

    def sigma(self, timestep: float) -> float:
        """Shift a time between 0 and 1."""
        return math.exp(self.mu) / (math.exp(self.mu) + (1 / timestep - 1))

    def percent_to_sigma(self, percent: float) -> float:
        """Return the level at a fraction of the time."""
        if percent <= 0:
            return 1.0
        return 0.0 if percent >= 1 else self.sigma(1 - percent)


@dataclass(frozen=True, eq=False)
class ContinuousLevels:
    """Levels at even distances of their logarithm (Karras et al. 2022).

    Attributes:
        low: Least level.
        high: Greatest level.
    """

    low: float = 0.002
    high: float = 120.0

    @property
    def sigmas(self) -> Tensor:
        """A thousand levels."""
        logs = torch.linspace(math.log(self.low), math.log(self.high), _TIMESTEPS)
        return logs.exp()

    def timestep(self, sigma: float) -> float:
        """Return a quarter of the logarithm, the paper's c_noise."""
        return 0.25 * math.log(sigma)

    def sigma(self, timestep: float) -> float:
        """Invert `timestep`."""
        return math.exp(4 * timestep)

    def percent_to_sigma(self, percent: float) -> float:
        """Return the level at a fraction of the logarithmic range."""
        if percent <= 0:
            return BEYOND_EVERY_SIGMA
        if percent >= 1:
            return 0.0
        low, high = math.log(self.low), math.log(self.high)
        return math.exp(low + (high - low) * (1 - percent))


@dataclass(frozen=True, eq=False)
class ModelSampling:
    """What samplers and schedules need to know of a model.

    Attributes:
        levels: The noise levels of its training.
        prediction: What the network's output means.
    """

    levels: NoiseLevels
    prediction: Prediction

    @property
    def is_flow(self) -> bool:
        """Noise and latent are mixed on a straight line."""
        return self.prediction == "flow"

    @property
    def sigma_min(self) -> float:
        """The least level."""
        return float(self.levels.sigmas[0])

    @property
    def sigma_max(self) -> float:
        """The greatest level."""
        return float(self.levels.sigmas[-1])

    def alpha(self, sigma: float) -> float:
        """Return the factor of the latent in the noisy latent."""
        return 1.0 - sigma if self.is_flow else 1.0

    def half_log_snr(self, sigma: float) -> float:
        """Return lambda = log(alpha / sigma)."""
        return math.log(self.alpha(sigma) / sigma)

    def sigma_of(self, half_log_snr: float) -> float:
        """Invert `half_log_snr`."""
        if self.is_flow:
            return 1.0 / (1.0 + math.exp(half_log_snr))
        return math.exp(-half_log_snr)

    def network_input(self, x: Tensor, sigma: float) -> Tensor:
        """Scale a noisy latent to the variance that the network was trained on."""
        if self.is_flow or self.prediction == "translation":
            return x
        return x / math.sqrt(sigma**2 + 1)

    def denoised(self, x: Tensor, output: Tensor, sigma: float) -> Tensor:
        """Turn the network's output into its guess of the latent without noise."""
        if self.prediction in {"sample", "translation"}:
            return output
        if self.prediction == "v_prediction":
            variance = sigma**2 + 1
            return x / variance - output * (sigma / math.sqrt(variance))
        guess = x - output * sigma
        if self.prediction != "consistency":
            return guess
        # The boundary condition: at timestep 0 the model is the identity.
        scaled = self.levels.timestep(sigma) * _CONSISTENCY_SCALE
        norm = scaled**2 + _CONSISTENCY_SIGMA**2
        return guess * (scaled / math.sqrt(norm)) + x * (_CONSISTENCY_SIGMA**2 / norm)

    def add_noise(
        self, latent: Tensor, noise: Tensor, sigma: float, *, from_pure_noise: bool = False
    ) -> Tensor:
        """Bring a latent to a noise level.

        Args:
            latent: Without noise, in the network's scale.
            noise: Of unit variance, same shape.
            sigma: The level.
            from_pure_noise: The level is the greatest one: scale the noise to the total variance.
        """
        if self.is_flow:
            return sigma * noise + (1.0 - sigma) * latent
        return noise * (math.sqrt(1.0 + sigma**2) if from_pure_noise else sigma) + latent

    def remove_scale(self, x: Tensor, sigma: float) -> Tensor:
        """Undo the factor of the latent where a run stops before the noise is gone."""
        return x / (1.0 - sigma) if self.is_flow else x

    def starts_from_pure_noise(self, sigma: float) -> bool:
        """Tell whether a level is the greatest one or above it."""
        return sigma > self.sigma_max or math.isclose(sigma, self.sigma_max, rel_tol=1e-5)


def stable_diffusion_betas() -> Tensor:
    """Return the variances of all Stable Diffusion models, float64 [1000]."""
    low, high = math.sqrt(0.00085), math.sqrt(0.012)
    return torch.linspace(low, high, _TIMESTEPS, dtype=torch.float64) ** 2


def model_sampling(diffusion: Diffusion) -> ModelSampling:
    """Return the noise levels and the prediction of a loaded model."""
    if diffusion.prediction == "flow":
        return ModelSampling(FlowLevels(), "flow")
    levels = DiscreteLevels.from_betas(
        stable_diffusion_betas(), zero_terminal_snr=diffusion.zero_terminal_snr
    )
    if diffusion.prediction == "consistency":
        return ModelSampling(DistilledLevels(levels), diffusion.prediction)
    return ModelSampling(levels, diffusion.prediction)
