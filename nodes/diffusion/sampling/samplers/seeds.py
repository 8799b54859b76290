"""SEEDS (Gonzalez et al. 2023): exponential stochastic solvers with several stages a step."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

    from nodes.diffusion.sampling.trajectory import Step, Trajectory


def seeds_2(
    trajectory: Trajectory, x: Tensor, *, eta: float = 1.0, s_noise: float = 1.0, r: float = 0.5
) -> Tensor:
    """SEEDS-2: one stage inside the step."""
    trajectory = trajectory.with_finite_snr()
    late = 1 / (2 * r)
    for step in trajectory.steps():
        denoised = trajectory.start(x, step)
        if step.next == 0:
            x = denoised
            continue
        way = _Way.of(trajectory, step, (r, 1.0), eta, s_noise)
        u = way.to(0, x, denoised * way.growth(0))
        denoised_2 = trajectory.denoiser(u, way.levels[0])
        mixed = (1 - late) * denoised + late * denoised_2
        x = way.to(1, x, mixed * way.growth(1))
    return x


def seeds_3(trajectory: Trajectory, x: Tensor, *, eta: float = 1.0, s_noise: float = 1.0) -> Tensor:
    """SEEDS-3: two stages inside the step, at a third and at two thirds."""
    trajectory = trajectory.with_finite_snr()
    r1, r2 = 1 / 3, 2 / 3
    for step in trajectory.steps():
        denoised = trajectory.start(x, step)
        if step.next == 0:
            x = denoised
            continue
        way = _Way.of(trajectory, step, (r1, r2, 1.0), eta, s_noise)
        u = way.to(0, x, denoised * way.growth(0))
        denoised_2 = trajectory.denoiser(u, way.levels[0])
        weight = r2 / r1 * (1 - way.growth(1) / (r2 * way.h_eta))
        u = way.to(1, x, (way.growth(1) - weight) * denoised + weight * denoised_2)
        denoised_3 = trajectory.denoiser(u, way.levels[1])
        weight = (1 - way.growth(2) / way.h_eta) / r2
        x = way.to(2, x, (way.growth(2) - weight) * denoised + weight * denoised_3)
    return x


@dataclass(frozen=True, eq=False)
class _Way:
    """The stages of one step.

    Attributes:
        levels: Sigma at each stage.
        alphas: Alpha at each stage.
        fractions: How far each stage is along the step, in half log signal-to-noise ratio.
        sigma: Where the step starts.
        h: Length of the step.
        eta: Noise of the process.
        noise: What the process adds up to each stage; empty without noise.
    """

    levels: Sequence[float]
    alphas: Sequence[float]
    fractions: Sequence[float]
    sigma: float
    h: float
    eta: float
    noise: Sequence[Tensor]

    @classmethod
    def of(
        cls,
        trajectory: Trajectory,
        step: Step,
        fractions: tuple[float, ...],
        eta: float,
        s_noise: float,
    ) -> _Way:
        sampling = trajectory.sampling
        lam = sampling.half_log_snr(step.sigma)
        h = sampling.half_log_snr(step.next) - lam
        levels = [sampling.sigma_of(lam + r * h) for r in fractions]
        alphas = [sampling.alpha(level) for level in levels]
        noise: list[Tensor] = []
        if eta > 0 and s_noise > 0:
            noise = _accumulated(trajectory, (step.sigma, *levels), (0.0, *fractions), h * eta)
            noise = [part * s_noise for part in noise]
        return cls(levels, alphas, fractions, step.sigma, h, eta, noise)

    @property
    def h_eta(self) -> float:
        return self.h * (self.eta + 1)

    def growth(self, stage: int) -> float:
        """Return how much of the guess the exact solution takes in up to a stage."""
        return -math.expm1(-self.fractions[stage] * self.h_eta)

    def to(self, stage: int, x: Tensor, guess: Tensor) -> Tensor:
        decay = math.exp(-self.fractions[stage] * self.h * self.eta)
        level = self.levels[stage]
        x = (level / self.sigma * decay) * x + self.alphas[stage] * guess
        return x + level * self.noise[stage] if self.noise else x


def _accumulated(
    trajectory: Trajectory, levels: Sequence[float], fractions: Sequence[float], h_eta: float
) -> list[Tensor]:
    """Return the noise of the process up to each stage, relative to the stage's level."""
    total: Tensor | None = None
    result: list[Tensor] = []
    for k in range(1, len(levels)):
        length = (fractions[k] - fractions[k - 1]) * h_eta
        fresh = trajectory.noise(levels[k - 1], levels[k]) * math.sqrt(-math.expm1(-2 * length))
        total = fresh if total is None else total * math.exp(-length) + fresh
        result.append(total)
    return result
