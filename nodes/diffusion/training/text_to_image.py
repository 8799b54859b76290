"""Training a denoising network on captioned pictures, whole, in parts, or through a LoRA."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from nodes.diffusion.datasets.batches import Batches
from nodes.diffusion.datasets.random import rng
from nodes.diffusion.text import encode_batch
from nodes.diffusion.training import objective
from nodes.diffusion.training.identity import differing
from nodes.diffusion.training.method import Method
from nodes.diffusion.training.plans import ObjectivePlan

if TYPE_CHECKING:
    from nodes.diffusion.components import Diffusion
    from nodes.diffusion.training.latents import Latents
    from nodes.diffusion.training.parts import Parts

_TEXTS_REMEMBERED = 4096


@dataclass(frozen=True, kw_only=True)
class Batch:
    """All that one part of a step is made from; nothing else is drawn.

    Attributes:
        latents: Clean latents `[B, C, h, w]` in the network's scale.
        noise: `[B, C, h, w]`.
        timesteps: `[B]`, int64.
        captions: One per sample.
    """

    latents: Tensor
    noise: Tensor
    timesteps: Tensor
    captions: tuple[str, ...]


def text_to_image_method(
    name: str,
    parts: Parts,
    trainable: Mapping[str, nn.Parameter],
    batches: Batches,
    latents: Latents,
    plan: ObjectivePlan,
    *,
    facts: Mapping[str, Any] | None = None,
) -> Method:
    """Return how to train a denoising network on a data set.

    Args:
        name: Of the method.
        parts: The model.
        trainable: What of it changes.
        batches: Which pictures under which captions.
        latents: The pictures' latents.
        plan: The objective.
        facts: What else decides the result.
    """
    objective.check_objective(plan)
    texts = _Texts(parts)
    # of the networks that learn nothing only the denoiser is put into training mode, for its
    # activation checkpoints; it has no dropout
    networks = [parts.diffusion.unet]
    if parts.text_trained:
        networks += [encoder.model for encoder in parts.text_encoders.values()]
    return Method(
        name=name,
        trainable=trainable,
        networks=networks,
        assemble=assembler(batches, latents, plan),
        loss=lambda batch: denoising_loss(parts.diffusion, batch, texts(batch.captions), plan),
        base=parts.base,
        facts={
            "dataset": batches.dataset.manifest.sha256,
            "seen": differing(batches.dataset, without=frozenset({"manifest"})),
            "latents": latents.identity,
            "objective": differing(plan),
            **(facts or {}),
        },
        device=parts.diffusion.device,
    )


def assembler(batches: Batches, latents: Latents, plan: ObjectivePlan) -> Callable[[int], Batch]:
    """Return what makes the batch of a part: a pure function of its number."""
    seed = batches.seed

    def assemble(part: int) -> Batch:
        samples = batches.at(part)
        clean = latents.draw(samples, rng("posterior", seed, part))
        return Batch(
            latents=clean,
            noise=objective.draw_noise(plan, tuple(clean.shape), seed, part),
            timesteps=objective.draw_timesteps(plan, len(samples), seed, part),
            captions=tuple(sample.caption for sample in samples),
        )

    return assemble


def denoising_loss(
    diffusion: Diffusion, batch: Batch, context: Tensor, plan: ObjectivePlan
) -> Tensor:
    """Return the weighted mean loss of a batch, a scalar.

    Args:
        diffusion: The network and what its output means.
        batch: What to ask.
        context: Encoded captions `[B, T, D]`.
        plan: How answers are judged.
    """
    device = diffusion.device
    latents, noise = batch.latents.to(device), batch.noise.to(device)
    timesteps = batch.timesteps.to(device)
    levels = objective.signal_levels(zero_terminal_snr=diffusion.zero_terminal_snr).to(device)
    signal = levels[timesteps]
    noisy = objective.add_noise(latents, noise, signal)
    said = diffusion.unet(noisy, timesteps, context, return_dict=False)[0].float()
    wanted = objective.target(diffusion.prediction, latents, noise, signal)
    losses = objective.sample_losses(plan, said, wanted)
    return (losses * objective.weights(plan, diffusion.prediction, signal)).mean()


class _Texts:
    """Encoded captions; those of frozen encoders are remembered."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._known: OrderedDict[str, Tensor] = OrderedDict()

    def __call__(self, captions: Sequence[str]) -> Tensor:
        if self._parts.text_trained:
            return encode_batch(self._parts.text_encoders, captions)[0]
        missing = [text for text in dict.fromkeys(captions) if text not in self._known]
        if missing:
            with torch.no_grad(), torch.autocast(self._parts.diffusion.device.type, enabled=False):
                # one by one, so that a caption's encoding does not depend on its company
                for text in missing:
                    self._known[text] = encode_batch(self._parts.text_encoders, [text])[0][0]
        rows = [self._known[text] for text in captions]
        while len(self._known) > _TEXTS_REMEMBERED:
            self._known.popitem(last=False)
        longest = max(len(row) for row in rows)
        return torch.stack([row.repeat(longest // len(row), 1) for row in rows])
