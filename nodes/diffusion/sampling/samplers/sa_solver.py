"""SA-Solver (Xue et al. 2023): stochastic Adams predictor and corrector."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

    from nodes.diffusion.sampling.trajectory import Trajectory


@dataclass(frozen=True, kw_only=True)
class Adams:
    """Settings of the solver.

    Attributes:
        predictor_order: Guesses that the predictor uses.
        corrector_order: Guesses that the corrector uses; 0 leaves it out.
        eta: Noise between the two fractions of the way.
        start_percent: Where noise begins.
        end_percent: Where noise ends.
        s_noise: Factor on the noise.
        evaluate_twice: Ask the model again after the corrector (PECE).
        simple_order_2: Use the approximate weights of order 2 of the paper's appendix.
    """

    predictor_order: int = 3
    corrector_order: int = 4
    eta: float = 1.0
    start_percent: float = 0.2
    end_percent: float = 0.8
    s_noise: float = 1.0
    evaluate_twice: bool = False
    simple_order_2: bool = False


def sa_solver(trajectory: Trajectory, x: Tensor, **options: float) -> Tensor:
    """Predict, ask the model, correct (algorithm 1 of the paper); options as in `Adams`."""
    return _Adams(trajectory.with_finite_snr(), Adams(**options)).run(x)  # pyright: ignore[reportArgumentType]


def sa_solver_pece(trajectory: Trajectory, x: Tensor) -> Tensor:
    """Predict, ask, correct, ask again."""
    return sa_solver(trajectory, x, evaluate_twice=True)


class _Adams:
    """The state of one run: past guesses and the noise of the last step."""

    def __init__(self, trajectory: Trajectory, settings: Adams) -> None:
        self.trajectory = trajectory
        self.settings = settings
        sampling = trajectory.sampling
        self.sigmas = trajectory.sigmas
        self.lambdas = [sampling.half_log_snr(s) if s > 0 else math.inf for s in self.sigmas]
        self.guesses: list[Tensor] = []
        self.tau = 0.0
        self.noise: Tensor | None = None

    def run(self, x: Tensor) -> Tensor:
        predicted = x
        for step in self.trajectory.steps():
            denoised = self.trajectory.start(predicted, step)
            kept = max(self.settings.predictor_order, self.settings.corrector_order)
            self.guesses = [*self.guesses, denoised][-kept:]
            order = self._corrector_order(step.index)
            if order:
                x = self._adams(x, step.index - 1, step.index, order)
                if self.settings.evaluate_twice:
                    self.guesses[-1] = self.trajectory.denoiser(x, step.sigma)
            else:
                x = predicted
            predicted = self.guesses[-1] if step.next == 0 else self._predict(x, step.index)
        return predicted

    def _predict(self, x: Tensor, i: int) -> Tensor:
        settings = self.settings
        start = self.trajectory.sampling.levels.percent_to_sigma(settings.start_percent)
        end = self.trajectory.sampling.levels.percent_to_sigma(settings.end_percent)
        self.tau = settings.eta if start >= self.sigmas[i + 1] >= end else 0.0
        self.noise = None
        if self.tau > 0 and settings.s_noise > 0:
            h = self.lambdas[i + 1] - self.lambdas[i]
            up = self.sigmas[i + 1] * math.sqrt(-math.expm1(-2 * self.tau**2 * h))
            drawn = self.trajectory.noise(self.sigmas[i], self.sigmas[i + 1])
            self.noise = drawn * (up * settings.s_noise)
        order = self._capped(min(settings.predictor_order, len(self.guesses)), i + 1)
        return self._adams(x, i, i, order)

    def _corrector_order(self, i: int) -> int:
        last_without_second_question = self.sigmas[i + 1] == 0 and not self.settings.evaluate_twice
        if i == 0 or last_without_second_question:
            return 0
        return self._capped(min(self.settings.corrector_order, len(self.guesses)), i)

    def _capped(self, order: int, i: int) -> int:
        """Lower the order towards the end, where the last level is zero."""
        return min(order, len(self.sigmas) - 1 - i) if self.sigmas[-1] == 0 else order

    def _adams(self, x: Tensor, i: int, newest: int, order: int) -> Tensor:
        """Go from level i to level i + 1 with the `order` guesses up to level `newest`."""
        points = self.lambdas[newest - order + 1 : newest + 1]
        ends = (self.lambdas[i], self.lambdas[i + 1])
        if self.settings.simple_order_2 and order == 2:
            weights = _simple_weights(points, ends, self.tau, corrects=newest > i)
        else:
            weights = _adams_weights(points, ends, self.tau)
        sigma_next = self.sigmas[i + 1]
        decay = math.exp(-(self.tau**2) * (ends[1] - ends[0]))
        x = (sigma_next / self.sigmas[i] * decay) * x
        alpha_next = self.trajectory.sampling.alpha(sigma_next)
        for weight, guess in zip(weights, self.guesses[-order:], strict=True):
            x = x + (alpha_next * weight) * guess
        return x if self.noise is None else x + self.noise


def _adams_weights(points: Sequence[float], ends: tuple[float, float], tau: float) -> list[float]:
    """Integrate Lagrange polynomials times the exponential weight of the exact solution."""
    order, k = len(points), 1 + tau**2
    shifted = np.array(points) - ends[1]
    h = ends[1] - ends[0]
    moments = np.empty(order)
    moments[0] = -math.expm1(-k * h)
    for p in range(1, order):
        moments[p] = -math.exp(-k * h) * (-h) ** p - p / k * moments[p - 1]
    return np.linalg.solve(np.vander(shifted, increasing=True).T, moments).tolist()


def _simple_weights(
    points: Sequence[float], ends: tuple[float, float], tau: float, *, corrects: bool
) -> list[float]:
    """Keep the first-order weight exact and approximate the slope (UniPC's B(h) = h)."""
    k, h = 1 + tau**2, ends[1] - ends[0]
    whole = -math.expm1(-k * h)
    slope = k * h * h / 2
    distance = points[1] - points[0]
    older = -slope / distance
    if corrects:
        older = whole - slope / distance
    return [older, whole - older]
