"""DPM-Solver of orders 1 to 3 (Lu et al. 2022), with a fixed and with an adaptive step size.

Time is t = -log(sigma). Neither sampler takes the last step to sigma = 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import torch

from nodes.diffusion.sampling.samplers.ancestral import split
from nodes.diffusion.sampling.trajectory import Step

if TYPE_CHECKING:
    from torch import Tensor

    from nodes.diffusion.sampling.trajectory import Trajectory


@dataclass(frozen=True, eq=False)
class _Solver:
    trajectory: Trajectory
    order: int = 3

    def eps(self, x: Tensor, t: float) -> Tensor:
        return (x - self.trajectory.denoiser(x, math.exp(-t))) * math.exp(t)

    def step_1(self, x: Tensor, eps: Tensor, t: float, t_next: float) -> Tensor:
        return x - math.exp(-t_next) * math.expm1(t_next - t) * eps

    def step_2(
        self, x: Tensor, eps: Tensor, t: float, t_next: float, *, r: float = 1 / 2
    ) -> tuple[Tensor, Tensor]:
        h = t_next - t
        u = self.step_1(x, eps, t, t + r * h)
        change = self.eps(u, t + r * h) - eps
        factor = math.exp(-t_next) / (2 * r) * math.expm1(h)
        return self.step_1(x, eps, t, t_next) - factor * change, change

    def step_3(
        self, x: Tensor, eps: Tensor, t: float, t_next: float, *, change: Tensor | None = None
    ) -> Tensor:
        h, r1, r2 = t_next - t, 1 / 3, 2 / 3
        if change is None:
            u1 = self.step_1(x, eps, t, t + r1 * h)
            change = self.eps(u1, t + r1 * h) - eps
        s2 = t + r2 * h
        bend = math.expm1(r2 * h) / (r2 * h) - 1
        u2 = self.step_1(x, eps, t, s2) - math.exp(-s2) * (r2 / r1) * bend * change
        change_2 = self.eps(u2, s2) - eps
        bend = math.expm1(h) / h - 1
        return self.step_1(x, eps, t, t_next) - math.exp(-t_next) / r2 * bend * change_2

    def step(self, x: Tensor, eps: Tensor, t: float, t_next: float, order: int) -> Tensor:
        if order == 1:
            return self.step_1(x, eps, t, t_next)
        if order == 2:
            return self.step_2(x, eps, t, t_next)[0]
        return self.step_3(x, eps, t, t_next)

    def pair(self, x: Tensor, eps: Tensor, t: float, t_next: float) -> tuple[Tensor, Tensor]:
        """Return a step of the lower and one of the full order, sharing questions."""
        if self.order == 2:
            return self.step_1(x, eps, t, t_next), self.step_2(x, eps, t, t_next)[0]
        low, change = self.step_2(x, eps, t, t_next, r=1 / 3)
        return low, self.step_3(x, eps, t, t_next, change=change)


def dpm_fast(
    trajectory: Trajectory, x: Tensor, *, eta: float = 0.0, s_noise: float = 1.0
) -> Tensor:
    """DPM-Solver-fast: steps of order 3, and lower ones to use up the number of questions."""
    solver = _Solver(trajectory)
    budget = len(trajectory.sigmas) - 1
    t_start, t_end = _span(trajectory)
    count = budget // 3 + 1
    orders = [3] * (count - 2) + [2, 1] if budget % 3 == 0 else [3] * (count - 1) + [budget % 3]
    ts = torch.linspace(t_start, t_end, count + 1, dtype=torch.float64).tolist()
    for i, order in enumerate(orders):
        t, t_next, up = _target(ts[i], ts[i + 1], t_end, eta)
        eps = solver.eps(x, t)
        _report(trajectory, i, t, x, eps)
        x = solver.step(x, eps, t, t_next, order)
        if up:
            x = x + trajectory.noise(math.exp(-t), math.exp(-ts[i + 1])) * (s_noise * up)
    return x


@dataclass
class _StepSize:
    """A PID controller of the step size."""

    h: float
    pcoeff: float
    icoeff: float
    dcoeff: float
    order: float
    accept_safety: float
    errors: list[float] = field(default_factory=list)

    def propose(self, error: float) -> bool:
        """Take the error of a step, change the size; tell whether the step was good enough."""
        inverse = 1 / (error + 1e-8)
        if not self.errors:
            self.errors = [inverse] * 3
        self.errors[0] = inverse
        p, i, d = (c / self.order for c in (self.pcoeff, self.icoeff, self.dcoeff))
        e0, e1, e2 = self.errors
        factor = 1 + math.atan(e0 ** (p + i + d) * e1 ** -(p + 2 * d) * e2**d - 1)
        accept = factor >= self.accept_safety
        if accept:
            self.errors[2], self.errors[1] = self.errors[1], self.errors[0]
        self.h *= factor
        return accept


def dpm_adaptive(
    trajectory: Trajectory,
    x: Tensor,
    *,
    order: int = 3,
    rtol: float = 0.05,
    atol: float = 0.0078,
    h_init: float = 0.05,
    pcoeff: float = 0.0,
    icoeff: float = 1.0,
    dcoeff: float = 0.0,
    accept_safety: float = 0.81,
    eta: float = 0.0,
    s_noise: float = 1.0,
) -> Tensor:
    """DPM-Solver-12 or -23: the step size follows the difference of two orders.

    Only the first and the last non-zero level of the schedule matter. Reads the error back from
    the device after each step, since it decides what comes next.
    """
    solver = _Solver(trajectory, order)
    t, t_end = _span(trajectory)
    control = _StepSize(h_init, pcoeff, icoeff, dcoeff, 1.5 if eta else order, accept_safety)
    x_prev, count = x, 0
    while t < t_end - 1e-5:
        following = min(t_end, t + control.h)
        t, t_next, up = _target(t, following, t_end, eta)
        eps = solver.eps(x, t)
        _report(trajectory, count, t, x, eps)
        x_low, x_high = solver.pair(x, eps, t, t_next)
        scale = torch.maximum(x_low.abs(), x_prev.abs()).mul(rtol).clamp_min(atol)
        error = float(torch.linalg.vector_norm((x_low - x_high) / scale)) / x.numel() ** 0.5
        if control.propose(error):
            x_prev, x = x_low, x_high
            if up:
                x = x + trajectory.noise(math.exp(-t), math.exp(-following)) * (s_noise * up)
            t = following
        count += 1
    return x


def _span(trajectory: Trajectory) -> tuple[float, float]:
    sigmas = trajectory.sigmas
    return -math.log(sigmas[0]), -math.log(sigmas[-1] or sigmas[-2])


def _target(t: float, t_next: float, t_end: float, eta: float) -> tuple[float, float, float]:
    """Return present time, time to go to, and the noise that leads back from there."""
    if not eta:
        return t, t_next, 0.0
    down, _ = split(math.exp(-t), math.exp(-t_next), eta)
    below = min(t_end, -math.log(down)) if down else t_end
    return t, below, math.sqrt(max(math.exp(-2 * t_next) - math.exp(-2 * below), 0.0))


def _report(trajectory: Trajectory, index: int, t: float, x: Tensor, eps: Tensor) -> None:
    sigma = math.exp(-t)
    trajectory.report(Step(index, sigma, 0.0), x, x - sigma * eps)
