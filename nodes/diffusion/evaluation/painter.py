"""Draws pictures for prompts, many at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from nodes.diffusion.datasets.random import rng
from nodes.diffusion.sampling.sample import plan, sample
from nodes.diffusion.text import encode_batch

if TYPE_CHECKING:
    from nodes.diffusion.components import AutoEncoder, Diffusion, TextEncoder


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How pictures are drawn.

    Attributes:
        steps: Sampling steps.
        cfg: Strength of the guidance against the empty prompt.
        sampler: One of `sampling.names.SAMPLERS`.
        schedule: One of `sampling.names.SCHEDULES`.
        seed: Decides noise and the choice of prompts.
        size: Width and height in pixels.
        batch: Pictures drawn at once; changes nothing but the speed.
    """

    steps: int = 20
    cfg: float = 4.0
    sampler: str = "dpmpp_2m"
    schedule: str = "karras"
    seed: int = 0
    size: int = 64
    batch: int = 25

    def facts(self) -> dict[str, Any]:
        """Return what a report should say about them."""
        return {
            "steps": self.steps,
            "cfg": self.cfg,
            "sampler": self.sampler,
            "scheduler": self.schedule,
            "seed": self.seed,
        }


@dataclass(frozen=True, kw_only=True)
class Painter:
    """The parts of a model that pictures are drawn with.

    Attributes:
        diffusion: The denoising network.
        text_encoders: By name.
        autoencoder: Makes pictures of latents.
    """

    diffusion: Diffusion
    text_encoders: Mapping[str, TextEncoder]
    autoencoder: AutoEncoder

    def draw(
        self,
        prompts: Sequence[str],
        settings: Settings,
        progress: Callable[[int, int], None] | None = None,
    ) -> Tensor:
        """Return a picture for each prompt: `[N, 3, H, W]` from 0 to 1.

        Picture i depends on the settings, its prompt and i alone.

        Args:
            prompts: At least one.
            settings: How to draw.
            progress: Told how many are done, and how many there are.
        """
        drawn: list[Tensor] = []
        for start in range(0, len(prompts), settings.batch):
            some = prompts[start : start + settings.batch]
            drawn.append(self._draw(some, start, settings))
            if progress is not None:
                progress(start + len(some), len(prompts))
        return torch.cat(drawn)

    @torch.no_grad()
    def _draw(self, prompts: Sequence[str], first: int, settings: Settings) -> Tensor:
        latents = self.diffusion.latents
        side = settings.size // latents.downscale
        shape = (latents.channels, side, side)
        seeds = range(first, first + len(prompts))
        noise = [torch.randn(shape, generator=rng("evaluate", settings.seed, i)) for i in seeds]
        texts, pooled = encode_batch(self.text_encoders, prompts)
        empty, no_pooled = encode_batch(self.text_encoders, [""])
        made = sample(
            self.diffusion,
            noise=torch.stack(noise),
            latent=torch.zeros(len(prompts), *shape),
            positive=[[texts, {"pooled_output": pooled}]],
            negative=[[empty, {"pooled_output": no_pooled}]],
            cfg=settings.cfg,
            sampler=settings.sampler,
            sigmas=plan(
                self.diffusion,
                sampler=settings.sampler,
                schedule=settings.schedule,
                steps=settings.steps,
            ),
            seed=settings.seed,
        )
        return decode(self.autoencoder, made)


def decode(autoencoder: AutoEncoder, latents: Tensor) -> Tensor:
    """Return the pictures of latents: `[B, 3, H, W]`, float32 on the CPU, from 0 to 1."""
    vae: Any = autoencoder.vae
    pixels = vae.decode(latents.to(autoencoder.device, autoencoder.dtype)).sample
    return (pixels.float().cpu() / 2 + 0.5).clamp(0, 1)
