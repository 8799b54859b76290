"""UniPC (Zhao et al. 2023): a predictor and a corrector that share their questions."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

    from nodes.diffusion.sampling.trajectory import Trajectory

_ORDER = 3


def uni_pc(trajectory: Trajectory, x: Tensor, *, variant: str = "bh1") -> Tensor:
    """UniPC-p in data prediction (algorithms 7 and 8 of the paper), order 3, lower at the ends.

    The last level must not be zero. Always takes the form with alpha = 1.

    Args:
        trajectory: Model and levels.
        x: The noisy latent.
        variant: `bh1` takes B(h) = h, `bh2` takes B(h) = exp(h) - 1.
    """
    sigmas = trajectory.sigmas
    total = len(sigmas) - 1
    guesses: list[Tensor] = []
    for step in trajectory.steps():
        if not guesses:
            guesses = [trajectory.start(x, step)]
        else:
            trajectory.report(step, x, guesses[0])
        order = min(max(1, min(_ORDER, total - 1)), step.index + 1, total - step.index)
        used = sigmas[step.index + 1 - order : step.index + 1]
        b_h, predictor, corrector = _weights(step.next, used, variant)
        base = (step.next / step.sigma) * x + (1 - step.next / step.sigma) * guesses[0]
        slopes = _slopes(guesses, step.next, used)
        x = _add(base, predictor, slopes, b_h)
        if step.index < total - 1:
            guess = trajectory.denoiser(x, step.next)
            x = _add(base, corrector, [*slopes, guess - guesses[0]], b_h)
            guesses = [guess, *guesses[: _ORDER - 1]]
    return x


def uni_pc_bh2(trajectory: Trajectory, x: Tensor) -> Tensor:
    """UniPC with B(h) = exp(h) - 1."""
    return uni_pc(trajectory, x, variant="bh2")


def _add(base: Tensor, weights: Sequence[float], slopes: Sequence[Tensor], b_h: float) -> Tensor:
    for weight, slope in zip(weights, slopes, strict=True):
        base = base - (b_h * weight) * slope
    return base


def _ratios(sigma_next: float, used: Sequence[float]) -> list[float]:
    """Return the distances of past levels (newest first, present left out) in steps."""
    h = math.log(used[-1] / sigma_next)
    return [math.log(used[-1] / past) / h for past in reversed(used[:-1])]


def _slopes(guesses: Sequence[Tensor], sigma_next: float, used: Sequence[float]) -> list[Tensor]:
    ratios = _ratios(sigma_next, used)
    return [(guesses[k + 1] - guesses[0]) / r for k, r in enumerate(ratios)]


def _weights(
    sigma_next: float, used: Sequence[float], variant: str
) -> tuple[float, list[float], list[float]]:
    """Return B(h) and the weights that match the expansion of the exact solution."""
    order = len(used)
    h = -math.log(used[-1] / sigma_next)
    b_h = h if variant == "bh1" else math.expm1(h)
    nodes = np.array([*_ratios(sigma_next, used), 1.0])
    matrix = np.vander(nodes, increasing=True).T
    phi, factorial, right = math.expm1(h) / h - 1, 1, []
    for k in range(1, order + 1):
        right.append(phi * factorial / b_h)
        factorial *= k + 1
        phi = phi / h - 1 / factorial
    corrector = [0.5] if order == 1 else np.linalg.solve(matrix, right).tolist()
    if order < 3:
        return b_h, [0.5] * (order - 1), corrector
    return b_h, np.linalg.solve(matrix[:-1, :-1], right[:-1]).tolist(), corrector
