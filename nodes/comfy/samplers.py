"""ComfyUI's `comfy.samplers`: the names that packs offer as choices."""

from __future__ import annotations

from typing import ClassVar

from nodes.diffusion.sampling.names import SAMPLERS, SCHEDULES

SAMPLER_NAMES = list(SAMPLERS)
KSAMPLER_NAMES = SAMPLER_NAMES
SCHEDULER_NAMES = list(SCHEDULES)


class KSampler:
    """The names as attributes of the class that ComfyUI samples with; `nodes.KSampler` samples."""

    SAMPLERS: ClassVar[list[str]] = SAMPLER_NAMES
    SCHEDULERS: ClassVar[list[str]] = SCHEDULER_NAMES
