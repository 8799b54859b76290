"""Linear multistep methods: the slope of a step is a polynomial through the slopes before it.

They differ in the variable of the polynomial and in how many slopes they remember.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.polynomial import Polynomial

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from torch import Tensor

    from nodes.diffusion.sampling.trajectory import Trajectory

    Weights = Callable[[int, int], Sequence[float]]
    """Takes index and order; returns the weights of the newest slope, the one before, ..."""

_DEIS_POINTS = 10_000
_ADAMS_BASHFORTH = (
    (1.0,),
    (3 / 2, -1 / 2),
    (23 / 12, -16 / 12, 5 / 12),
    (55 / 24, -59 / 24, 37 / 24, -9 / 24),
)


def lms(trajectory: Trajectory, x: Tensor, *, order: int = 4) -> Tensor:
    """Linear multistep: the polynomial is one of sigma, integrated over the step."""
    sigmas = trajectory.sigmas
    return _march(trajectory, x, order, lambda i, used: _lagrange_integrals(sigmas, i, used))


def ipndm(trajectory: Trajectory, x: Tensor, *, max_order: int = 4) -> Tensor:
    """Improved pseudo numerical method (Zhang & Chen 2022): as if all steps were equally long."""
    sigmas = trajectory.sigmas

    def weights(i: int, used: int) -> Sequence[float]:
        return [(sigmas[i + 1] - sigmas[i]) * weight for weight in _ADAMS_BASHFORTH[used - 1]]

    return _march(trajectory, x, max_order, weights)


def ipndm_v(trajectory: Trajectory, x: Tensor, *, max_order: int = 4) -> Tensor:
    """The same for steps of different length (Zhou et al. 2023)."""
    sigmas = trajectory.sigmas
    return _march(trajectory, x, max_order, lambda i, used: _variable_weights(sigmas, i, used))


def deis(trajectory: Trajectory, x: Tensor, *, max_order: int = 3) -> Tensor:
    """DEIS, tAB variant (Zhang & Chen 2022): a polynomial of variance-preserving time."""
    sigmas = trajectory.sigmas
    levels = np.maximum(np.array(sigmas), 1e-10)
    return _march(trajectory, x, max_order, lambda i, used: _deis_weights(levels, i, used))


def _march(trajectory: Trajectory, x: Tensor, order: int, weights: Weights) -> Tensor:
    slopes: list[Tensor] = []
    for step in trajectory.steps():
        denoised = trajectory.start(x, step)
        slopes = [(x - denoised) / step.sigma, *slopes[: order - 1]]
        if step.next == 0:
            x = denoised
            continue
        for weight, slope in zip(weights(step.index, len(slopes)), slopes, strict=True):
            x = x + weight * slope
    return x


def _lagrange_integrals(sigmas: Sequence[float], i: int, order: int) -> list[float]:
    """Integrate the Lagrange polynomials of the last `order` levels over step i."""
    start, length = sigmas[i], sigmas[i + 1] - sigmas[i]
    nodes = [(sigmas[i - k] - start) / length for k in range(order)]
    result: list[float] = []
    for j in range(order):
        others = [node for k, node in enumerate(nodes) if k != j]
        basis = Polynomial.fromroots(others) if others else Polynomial([1.0])
        integral = basis.integ()
        result.append(float(length * (integral(1.0) - integral(0.0)) / basis(nodes[j])))
    return result


def _variable_weights(sigmas: Sequence[float], i: int, order: int) -> list[float]:
    """Return the weights of `ipndm_v`, as the sampler of that name is known.

    They differ from the exact integrals in two places, which pictures made with the sampler
    contain: the second difference has 1 - a * b in place of (1 - a) * b, and the weight of the
    oldest slope has the ratio of the wrong pair of steps.
    """
    h = [sigmas[i + 1 - k] - sigmas[i - k] for k in range(order)]
    if order == 1:
        return [h[0]]
    differences = [1.0, h[0] / h[1] / 2]
    if order > 2:
        b = h[0] * (h[0] + h[1]) / (h[1] * (h[1] + h[2]))
        differences.append((1 - h[0] / (3 * (h[0] + h[1])) * b) / 2)
    if order > 3:
        differences.append(_third_difference(h))
    return [h[0] * weight for weight in _from_differences(differences, h)]


def _third_difference(h: Sequence[float]) -> float:
    near, far = h[0] + h[1], h[0] + h[1] + h[2]
    average = (1 - h[0] / (3 * near)) / 2 + (1 - h[0] / (2 * near)) * h[0] / (6 * far)
    return average * (h[0] * near * far) / (h[1] * (h[1] + h[2]) * (h[1] + h[2] + h[3]))


def _from_differences(differences: Sequence[float], h: Sequence[float]) -> list[float]:
    """Turn weights of backward differences into weights of the slopes themselves."""
    weights = [1 + differences[1], -differences[1]]
    if len(differences) > 2:
        r = h[1] / h[2]
        change = [1.0, -(1 + r), r]
        weights = [w + differences[2] * c for w, c in zip([*weights, 0.0], change, strict=True)]
    if len(differences) > 3:
        r, q = h[1] / h[2], h[1] * (h[1] + h[2]) / (h[2] * (h[2] + h[3]))
        change = [1.0, -(1 + r + q), r + q * (1 + h[2] / h[3]), -q * r]
        weights = [w + differences[3] * c for w, c in zip([*weights, 0.0], change, strict=True)]
    return weights


def _deis_weights(sigmas: np.ndarray, i: int, order: int) -> list[float]:
    """Integrate Lagrange polynomials of the time of a variance-preserving process over d sigma.

    The process is the linear one that reaches sigma 0.002 at time 1e-3 and 80 at time 1.
    """
    if order == 1:
        return [float(sigmas[i + 1] - sigmas[i])]
    eps, low, high = 1e-3, np.log(0.002**2 + 1), np.log(80.0**2 + 1)
    beta_d = 2 * (low / eps - high) / (eps - 1)
    beta_min = high - 0.5 * beta_d
    t = (np.sqrt(beta_min**2 + 2 * beta_d * np.log(sigmas**2 + 1)) - beta_min) / beta_d
    times = np.linspace(t[i], t[i + 1], _DEIS_POINTS)
    exponent = 0.5 * beta_d * times**2 + beta_min * times
    slope = 0.5 * (beta_d * times + beta_min) * np.exp(exponent) / np.sqrt(np.expm1(exponent))
    used = [t[i - k] for k in range(order)]
    return [float(np.trapezoid(slope * _lagrange(used, j, times), times)) for j in range(order)]


def _lagrange(nodes: Sequence[float], j: int, at: np.ndarray) -> np.ndarray:
    result = np.ones_like(at)
    for k, node in enumerate(nodes):
        if k != j:
            result = result * (at - node) / (nodes[j] - node)
    return result
