"""Pictures drawn while training, from fixed prompts and noise, without disturbing it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from nodes.diffusion.autoencoding import decode
from nodes.diffusion.sampling.noise import initial_noise
from nodes.diffusion.sampling.sample import plan as plan_sigmas
from nodes.diffusion.sampling.sample import sample
from nodes.diffusion.text import encode

if TYPE_CHECKING:
    from nodes.diffusion.components import AutoEncoder
    from nodes.diffusion.training.ema import Ema
    from nodes.diffusion.training.parts import Parts
    from nodes.diffusion.training.plans import PreviewPlan

_SAMPLER, _SCHEDULE = "dpmpp_2m", "karras"


def draw_previews(
    parts: Parts,
    autoencoder: AutoEncoder,
    plan: PreviewPlan,
    *,
    size: tuple[int, int],
    ema: Ema | None = None,
) -> Tensor:
    """Draw every prompt with the weights as they are, and with their average.

    No random state outside is read or changed, and the networks are left in the mode they were
    in, so training goes on as if nothing had been drawn.

    Args:
        parts: The model.
        autoencoder: Turns latents into pictures.
        plan: Prompts and how to draw them.
        size: Width and height in pixels.
        ema: The average of the weights, or None.

    Returns:
        `[n, H, W, 3]` from 0 to 1: all prompts, then all prompts with the average.
    """
    with _drawing(list(parts.networks.values())):
        rows = [_draw(parts, autoencoder, plan, size)]
        if ema:
            with ema.swapped():
                rows.append(_draw(parts, autoencoder, plan, size))
    return torch.cat(rows)


def as_grid(pictures: Tensor, columns: int) -> Image.Image:
    """Return pictures `[n, H, W, 3]` side by side, so many in a row."""
    count, height, width, _ = pictures.shape
    sheet = Image.new("RGB", (columns * width, -(-count // columns) * height), "white")
    for place, picture in enumerate((pictures * 255).round().byte().cpu().numpy()):
        row, column = divmod(place, columns)
        sheet.paste(Image.fromarray(np.ascontiguousarray(picture)), (column * width, row * height))
    return sheet


def _draw(
    parts: Parts, autoencoder: AutoEncoder, plan: PreviewPlan, size: tuple[int, int]
) -> Tensor:
    latents = parts.diffusion.latents
    width, height = (side // latents.downscale for side in size)
    sigmas = plan_sigmas(parts.diffusion, sampler=_SAMPLER, schedule=_SCHEDULE, steps=plan.steps)
    negative = _conditioning(parts, "")
    drawn: list[Tensor] = []
    for place, prompt in enumerate(plan.prompts):
        empty = torch.zeros(1, latents.channels, height, width)
        result = sample(
            parts.diffusion,
            noise=initial_noise(empty, plan.seed + place),
            latent=empty,
            positive=_conditioning(parts, prompt),
            negative=negative,
            cfg=plan.cfg,
            sampler=_SAMPLER,
            sigmas=sigmas,
            seed=plan.seed + place,
        )
        drawn.append(decode(autoencoder, result))
    return torch.cat(drawn)


def _conditioning(parts: Parts, text: str) -> Sequence[Sequence[object]]:
    encoded, pooled = encode(parts.text_encoders, text)
    return [[encoded, {"pooled_output": pooled}]]


@contextmanager
def _drawing(networks: Sequence[nn.Module]) -> Iterator[None]:
    modes = [(module, module.training) for network in networks for module in network.modules()]
    for network in networks:
        network.eval()
    with torch.no_grad(), torch.random.fork_rng(devices=[]):
        try:
            yield
        finally:
            for module, mode in modes:
                module.training = mode
