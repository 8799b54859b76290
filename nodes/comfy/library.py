"""What ComfyUI's module `nodes` holds besides its classes, and classes that packs build on."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from nodes.comfy.saving import PreviewImage, SaveImage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_LAST_STEP = 10_000


def common_ksampler(  # noqa: PLR0917 - ComfyUI's order
    model: Any,
    seed: int,
    steps: int,
    cfg: float,
    sampler_name: str,
    scheduler: str,
    positive: Any,
    negative: Any,
    latent: Any,
    denoise: float = 1.0,
    disable_noise: bool = False,
    start_step: int | None = None,
    last_step: int | None = None,
    force_full_denoise: bool = False,
) -> Any:
    """Sample within the call of a node as `KSampler` or `KSamplerAdvanced` do.

    Returns a tuple of the new latent, as packs expect.

    Args:
        model: A `MODEL`.
        seed: Of the noise.
        steps: Steps of the whole schedule.
        cfg: How closely to follow the positive conditioning.
        sampler_name: The update rule of a step.
        scheduler: How noise levels are spaced.
        positive: A `CONDITIONING`.
        negative: Another.
        latent: A `LATENT`.
        denoise: How much of it to replace by noise; only for all steps.
        disable_noise: Add no noise.
        start_step: First step to run.
        last_step: Step to stop before.
        force_full_denoise: Leave no noise where it stops.

    Raises:
        LoomError: No node is running.
    """
    classes: Mapping[str, type] = vars(sys.modules["nodes"])["NODE_CLASS_MAPPINGS"]
    common = {
        "model": model,
        "steps": steps,
        "cfg": cfg,
        "sampler_name": sampler_name,
        "scheduler": scheduler,
        "positive": positive,
        "negative": negative,
        "latent_image": latent,
    }
    if start_step is None and last_step is None and not disable_noise:
        whole: Any = classes["KSampler"]()
        return whole.sample(**common, seed=seed, denoise=denoise)
    return _sample_part(
        {**common, "noise_seed": seed, "add_noise": _switch(not disable_noise)},
        denoise=denoise,
        first=start_step or 0,
        last=last_step,
        leftover=not force_full_denoise,
    )


def _sample_part(
    settings: Mapping[str, Any], *, denoise: float, first: int, last: int | None, leftover: bool
) -> Any:
    # Fewer steps of more are what ComfyUI makes of a lower strength, too.
    steps: int = settings["steps"]
    planned = round(steps / denoise) if 0 < denoise < 1 else steps
    skipped = planned - steps
    part: Any = vars(sys.modules["nodes"])["NODE_CLASS_MAPPINGS"]["KSamplerAdvanced"]()
    return part.sample(
        **{**settings, "steps": planned},
        start_at_step=skipped + first,
        end_at_step=_LAST_STEP if last is None else skipped + last,
        return_with_leftover_noise=_switch(leftover),
    )


def _switch(on: bool) -> str:
    return "enable" if on else "disable"


FUNCTIONS: Mapping[str, Callable[..., Any]] = {"common_ksampler": common_ksampler}
"""Functions by name."""
CLASSES: Mapping[str, type] = {"SaveImage": SaveImage, "PreviewImage": PreviewImage}
"""Classes by the names of their kinds, whose declarations they get."""
