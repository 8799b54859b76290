"""Conditioning as the sampler uses it: what links carry, brought to one latent, once per run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import torch

from nodes.diffusion.errors import DiffusionError
from nodes.diffusion.sampling.region import Area, read_area, read_mask, weights

if TYPE_CHECKING:
    from torch import Tensor

    from nodes.diffusion.components import Diffusion
    from nodes.diffusion.sampling.model_sampling import ModelSampling
    from nodes.diffusion.sampling.request import Conditioning

_BLANK_LATENT = (0.8223, -0.6876, 0.6364, 0.1380)
"""A grey picture in Stable Diffusion's latents, in the network's scale."""
_REFINER_SIZES = 5


@dataclass(frozen=True, eq=False)
class Entry:
    """One conditioning entry, ready for the network.

    Attributes:
        context: Encoded text [1 or B, T, D].
        area: The rectangle that it is for; None for all of the latent.
        weights: How much each cell counts [1 or B, 1, h, w]; None counts as 1.
        starts: Highest noise level at which it counts.
        ends: Lowest noise level at which it counts.
        concat: Further input channels [1 or B, c, h, w] at latent size.
        added: SDXL's pooled text and sizes.
    """

    context: Tensor
    area: Area | None = None
    weights: Tensor | None = None
    starts: float = float("inf")
    ends: float = 0.0
    concat: Tensor | None = None
    added: Mapping[str, Tensor] = field(default_factory=dict)

    def is_active(self, sigma: float) -> bool:
        """Tell whether the entry counts at a noise level."""
        return self.ends <= sigma <= self.starts


@dataclass(frozen=True, eq=False)
class Target:
    """What conditioning is brought to.

    Attributes:
        diffusion: The model.
        sampling: Its noise levels.
        shape: Shape of the latent [B, C, h, w].
        noise_mask: What is repainted, at latent size [B, 1, h, w]; inpainting models see it.
    """

    diffusion: Diffusion
    sampling: ModelSampling
    shape: tuple[int, ...]
    noise_mask: Tensor | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of the latent."""
        return (self.shape[2], self.shape[3])


def prepare(
    positive: Conditioning, negative: Conditioning, target: Target
) -> tuple[list[Entry], list[Entry]]:
    """Return the entries of both sides, each area of one side present on the other too.

    Raises:
        DiffusionError: The text was encoded for another kind of model.
    """
    sides = [_read(entry, target, aesthetic=6.0) for entry in positive]
    others = [_read(entry, target, aesthetic=2.5) for entry in negative]
    return sides + _counterparts(others, sides), others + _counterparts(sides, others)


def _read(entry: Sequence[Any], target: Target, *, aesthetic: float) -> Entry:
    context, options = entry[0], entry[1]
    diffusion, sampling = target.diffusion, target.sampling
    _check_width(context, diffusion)
    device = diffusion.device
    mask: Tensor | None = None
    if options.get("mask") is not None:
        mask = read_mask(options["mask"], target.size) * options.get("mask_strength", 1.0)
    area = read_area(options, mask, target.size)
    counts = weights(area, options.get("strength", 1.0), mask, target.size)
    percent_to_sigma = sampling.levels.percent_to_sigma
    concat = _concat(options, target)
    return Entry(
        context=context.to(device, diffusion.dtype),
        area=area,
        weights=None if counts is None else counts.to(device),
        starts=percent_to_sigma(options.get("start_percent", 0.0)),
        ends=percent_to_sigma(options.get("end_percent", 1.0)),
        concat=None if concat is None else concat.to(device),
        added=_added(options, target, aesthetic),
    )


def _check_width(context: Tensor, diffusion: Diffusion) -> None:
    wanted = diffusion.unet.config["cross_attention_dim"]
    if isinstance(wanted, int) and context.shape[-1] != wanted:
        raise DiffusionError(
            "the text was encoded for another kind of model",
            expected=f"conditioning {wanted} wide",
            got=f"{context.shape[-1]} wide",
            hint="encode it with the text encoder of the model's own checkpoint",
        )


def _counterparts(entries: Sequence[Entry], others: Sequence[Entry]) -> list[Entry]:
    """Return what the side `others` lacks: for each area, its own text from around that area."""
    made: list[Entry] = []
    for entry in entries:
        area = entry.area
        if area is None or any(other.area == area for other in others):
            continue
        around = [o for o in others if o.area is not None and o.area.encloses(area)]
        whole = [o for o in others if o.area is None]
        if around:
            source = min(around, key=lambda o: _cells(o.area))
        elif whole:
            source = whole[-1]
        else:
            continue
        made.append(
            replace(entry, context=source.context, added=source.added, concat=source.concat)
        )
    return made


def _cells(area: Area | None) -> int:
    return area.height * area.width if area else 0


def _added(options: Mapping[str, Any], target: Target, aesthetic: float) -> dict[str, Tensor]:
    """Return SDXL's `text_embeds` [B, P] and `time_ids` [1, 6] (the refiner's [1, 5])."""
    unet = target.diffusion.unet
    if unet.config.get("addition_embed_type") != "text_time":
        return {}
    pixels = target.diffusion.latents.downscale
    height = options.get("height", target.size[0] * pixels)
    width = options.get("width", target.size[1] * pixels)
    sizes = [height, width, options.get("crop_h", 0), options.get("crop_w", 0)]
    wide = unet.config["projection_class_embeddings_input_dim"]
    each = unet.config["addition_time_embed_dim"]
    pooled = options.get("pooled_output")
    if pooled is not None and wide - pooled.shape[-1] == _REFINER_SIZES * each:
        sizes.append(options.get("aesthetic_score", aesthetic))
    else:
        sizes += [options.get("target_height", height), options.get("target_width", width)]
    if pooled is None:
        pooled = torch.zeros(1, wide - len(sizes) * each)
    where = {"device": target.diffusion.device, "dtype": target.diffusion.dtype}
    return {"text_embeds": pooled.to(**where), "time_ids": torch.tensor([sizes], **where)}


def _concat(options: Mapping[str, Any], target: Target) -> Tensor | None:
    """Return the further input channels of inpainting (mask, picture) and editing models."""
    channels = target.diffusion.latents.channels
    extra = target.diffusion.unet.config["in_channels"] - channels
    if extra <= 0:
        return None
    image = options.get("concat_latent_image")
    if extra == channels:
        return torch.zeros(1, *target.shape[1:]) if image is None else image
    mask = options.get("concat_mask", target.noise_mask)
    if mask is None:
        mask = torch.ones(1, 1, *target.size)
    else:
        mask = read_mask(mask.reshape(-1, *mask.shape[-2:]), target.size).round().unsqueeze(1)
    if image is None:
        image = torch.tensor(_BLANK_LATENT).reshape(1, -1, 1, 1).expand(-1, -1, *target.size)
    else:
        image = image * target.diffusion.latents.scale
    count = max(len(mask), len(image))
    return torch.cat([mask.expand(count, -1, -1, -1), image.expand(count, -1, -1, -1)], dim=1)
