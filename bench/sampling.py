"""Twenty steps of guided sampling, beside diffusers' scheduler around the same network.

The network has the starter's size and random weights; both sides batch the two conditionings and
use the same noise, so that they compute the same picture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import diffusers
import torch

from bench.rows import Row, alternating, compared, report
from nodes.diffusion.checkpoints import create, presets
from nodes.diffusion.sampling.sample import plan, sample

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor

    from nodes.diffusion.components import Diffusion

STEPS, CFG, REPEATS = 20, 4.0, 5
PEER = f"diffusers {diffusers.__version__}"


class Case:
    """One size of batch."""

    def __init__(self, diffusion: Diffusion, batch: int) -> None:
        self.diffusion = diffusion
        generator = torch.Generator().manual_seed(0)
        channels = diffusion.latents.channels
        self.noise = torch.randn(batch, channels, 8, 8, generator=generator)
        width = diffusion.unet.config["cross_attention_dim"]
        self.positive, self.negative = torch.randn(2, 1, 77, width, generator=generator)

    def ours(self) -> Tensor:
        """Sample as the nodes do."""
        return sample(
            self.diffusion,
            noise=self.noise,
            latent=torch.zeros_like(self.noise),
            positive=[[self.positive, {}]],
            negative=[[self.negative, {}]],
            cfg=CFG,
            sampler="euler",
            sigmas=plan(self.diffusion, sampler="euler", schedule="normal", steps=STEPS),
            seed=0,
        )

    @torch.no_grad()
    def theirs(self) -> Tensor:
        """Sample as diffusers' text-to-image pipeline does."""
        scheduler = diffusers.EulerDiscreteScheduler(
            beta_start=0.00085,
            beta_end=0.012,
            beta_schedule="scaled_linear",
            prediction_type=self.diffusion.prediction,
            timestep_spacing="linspace",
        )
        scheduler.set_timesteps(STEPS)
        batch = len(self.noise)
        context = torch.cat(
            [self.negative.expand(batch, -1, -1), self.positive.expand(batch, -1, -1)]
        )
        # The pipeline leaves out the signal's own share of the variance; the nodes count it.
        latents = self.noise * (scheduler.init_noise_sigma**2 + 1) ** 0.5
        for timestep in scheduler.timesteps:
            doubled = scheduler.scale_model_input(torch.cat([latents] * 2), timestep)
            said = self.diffusion.unet(doubled, timestep, context, return_dict=False)[0]
            without, guided = said.chunk(2)
            guess = without + CFG * (guided - without)
            latents = scheduler.step(guess, timestep, latents, return_dict=False)[0]
        return latents / self.diffusion.latents.scale


def rows() -> Iterator[Row]:
    """Yield one row for each size of batch, and one for how far the two pictures are apart."""
    made = create(presets.starter(("a red apple",)), seed=0)
    if made.diffusion is None:
        raise AssertionError("the starter has a network")
    made.diffusion.unet.eval()
    for batch in (1, 4):
        case = Case(made.diffusion, batch)
        apart = (case.ours() - case.theirs()).abs().max() / case.theirs().abs().max()
        if apart > 1e-3:
            raise AssertionError(f"the two sides draw different pictures: {apart:.1e}")
        seconds = alternating(case.ours, case.theirs, REPEATS)
        yield compared(f"starter/euler/{STEPS}/batch{batch}", seconds[0], PEER, seconds[1])


if __name__ == "__main__":
    report(rows())
