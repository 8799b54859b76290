"""The way of a noisy latent through the levels of a schedule: what every sampler works on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from torch import Tensor

    from nodes.diffusion.sampling.model_sampling import ModelSampling
    from nodes.diffusion.sampling.noise import StepNoise


class Denoiser(Protocol):
    """A model in the form that samplers use: noisy latent and level in, latent out."""

    @property
    def sampling(self) -> ModelSampling:
        """The model's noise levels."""
        ...

    def __call__(self, x: Tensor, sigma: float) -> Tensor:
        """Return the guess of the latent without noise, guided; same shape as `x`."""
        ...

    def both(self, x: Tensor, sigma: float) -> tuple[Tensor, Tensor]:
        """Return the guided guess and the guess of the negative conditioning alone."""
        ...


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a schedule.

    Attributes:
        index: Counts from 0.
        sigma: The level that it starts from.
        next: The level that it ends at; 0 in the last step of a whole schedule.
    """

    index: int
    sigma: float
    next: float


@dataclass(frozen=True, slots=True)
class Moment:
    """What a sampler tells while it works.

    Attributes:
        step: Counts from 0; an adaptive sampler may go beyond `total`.
        total: Steps of the schedule.
        sigma: The level at which the model was asked.
        x: The noisy latent, in the network's scale.
        denoised: The guess of the latent without noise.
    """

    step: int
    total: int
    sigma: float
    x: Tensor
    denoised: Tensor


Callback = Callable[[Moment], None]


@dataclass(frozen=True, eq=False)
class Trajectory:
    """A schedule, the model that is asked along it, and the noise that is added on the way.

    Attributes:
        denoiser: The model.
        sigmas: Falling levels.
        noise: Noise of the steps.
        callback: Told once per step, after the first question to the model.
    """

    denoiser: Denoiser
    sigmas: tuple[float, ...]
    noise: StepNoise
    callback: Callback | None = None

    @property
    def sampling(self) -> ModelSampling:
        """The model's noise levels."""
        return self.denoiser.sampling

    def steps(self) -> Iterator[Step]:
        """Yield the steps in order."""
        for index in range(len(self.sigmas) - 1):
            yield Step(index, self.sigmas[index], self.sigmas[index + 1])

    def report(self, step: Step, x: Tensor, denoised: Tensor) -> None:
        """Tell what the model said at the beginning of a step."""
        if self.callback is not None:
            total = len(self.sigmas) - 1
            self.callback(Moment(step.index, total, step.sigma, x, denoised))

    def start(self, x: Tensor, step: Step) -> Tensor:
        """Ask the model at the beginning of a step, and tell what it said."""
        denoised = self.denoiser(x, step.sigma)
        self.report(step, x, denoised)
        return denoised

    def start_both(self, x: Tensor, step: Step, *, cfg_pp: bool) -> tuple[Tensor, Tensor]:
        """Ask at the beginning of a step; return the guess and where the direction comes from.

        Args:
            x: The noisy latent.
            step: The step.
            cfg_pp: Take the direction from the negative conditioning alone, so that guidance does
                not push the latent off the data (CFG++, Chung et al. 2024).
        """
        if not cfg_pp:
            denoised = self.start(x, step)
            return denoised, denoised
        denoised, unguided = self.denoiser.both(x, step.sigma)
        self.report(step, x, denoised)
        return denoised, unguided

    def with_finite_snr(self) -> Trajectory:
        """Lower a first level of pure flow noise, whose log signal-to-noise ratio is infinite."""
        if not self.sampling.is_flow or self.sigmas[0] < 1:
            return self
        first = self.sampling.levels.percent_to_sigma(1e-4)
        return Trajectory(self.denoiser, (first, *self.sigmas[1:]), self.noise, self.callback)
