"""Sampling in parts: noise, guidance, sampler and noise levels, each from a node of its own."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from engine import Choice, Context, Number, Seed, handle, node
from nodes.diffusion.handles import Prediction
from nodes.diffusion.sampling import request
from nodes.diffusion.sampling.names import SAMPLERS
from nodes.diffusion.sampling.request import Guidance, Method, NoiseSource
from nodes.library_errors import blaming
from nodes.sampling_run import residency, run_sampler
from nodes.types import Conditioning, Guider, Latent, Model, Noise, Sampler, Sigmas

if TYPE_CHECKING:
    from nodes.diffusion.components import Diffusion

CATEGORY = "sampling/custom_sampling"
Cfg = Annotated[float, Number(0.0, 100.0, step=0.1, round=0.01)]
_PREDICTIONS: dict[str, Prediction] = {
    "eps": "epsilon",
    "v_prediction": "v_prediction",
    "lcm": "consistency",
    "x0": "sample",
    "img_to_img": "translation",
}

for part in (Method, NoiseSource, Guidance, request.Guider):
    handle(part)


class Sampled(NamedTuple):
    """What a sampler gives.

    Attributes:
        output: The latent.
        denoised_output: The model's last guess of the latent without noise.
    """

    output: Latent
    denoised_output: Latent


@node("KSamplerSelect", category=f"{CATEGORY}/samplers")
def ksampler_select(*, sampler_name: Annotated[str, Choice(SAMPLERS)]) -> Sampler:
    """Choose a sampler.

    Args:
        sampler_name: The update rule of a step.
    """
    return Method(name=sampler_name)


@node("RandomNoise", category=f"{CATEGORY}/noise")
def random_noise(*, noise_seed: Annotated[int, Seed()] = 0) -> Noise:
    """Start from noise.

    Args:
        noise_seed: Another seed gives another picture.
    """
    return NoiseSource(seed=noise_seed)


@node("DisableNoise", category=f"{CATEGORY}/noise")
def disable_noise() -> Noise:
    """Add no noise, to continue what another sampler left."""
    return NoiseSource(seed=None)


@node("BasicGuider", category=f"{CATEGORY}/guiders")
def basic_guider(*, model: Model, conditioning: Conditioning) -> Guider:
    """Follow one conditioning, without guidance against another.

    Args:
        model: The model that denoises.
        conditioning: What the picture should show.
    """
    return request.Guider(model=model, guidance=Guidance(positive=conditioning))


@node("CFGGuider", category=f"{CATEGORY}/guiders")
def cfg_guider(
    *, model: Model, positive: Conditioning, negative: Conditioning, cfg: Cfg = 8.0
) -> Guider:
    """Follow one conditioning and avoid another.

    Args:
        model: The model that denoises.
        positive: What the picture should show.
        negative: What it should not show.
        cfg: Strength.
    """
    guidance = Guidance(positive=positive, negative=negative, cfg=cfg)
    return request.Guider(model=model, guidance=guidance)


@node("DualCFGGuider", category=f"{CATEGORY}/guiders")
def dual_cfg_guider(
    *,
    model: Model,
    cond1: Conditioning,
    cond2: Conditioning,
    negative: Conditioning,
    cfg_conds: Cfg = 8.0,
    cfg_cond2_negative: Cfg = 8.0,
    style: Annotated[str, Choice(("regular", "nested"))],
) -> Guider:
    """Follow two conditionings with a strength each, such as an instruction and a picture.

    Args:
        model: The model that denoises.
        cond1: What to follow first.
        cond2: What to follow second.
        negative: What to avoid.
        cfg_conds: Strength of the first against the second.
        cfg_cond2_negative: Strength of the second against the negative.
        style: `nested` guides the first by the second as already guided.
    """
    guidance = Guidance(
        positive=cond1,
        second=cond2,
        negative=negative,
        cfg=cfg_conds,
        cfg_second=cfg_cond2_negative,
        nested=style == "nested",
    )
    return request.Guider(model=model, guidance=guidance)


@node("SamplerCustom", category=CATEGORY)
def sampler_custom(
    *,
    model: Model,
    add_noise: bool = True,
    noise_seed: Annotated[int, Seed()] = 0,
    cfg: Cfg = 8.0,
    positive: Conditioning,
    negative: Conditioning,
    sampler: Sampler,
    sigmas: Sigmas,
    latent_image: Latent,
    context: Context,
) -> Sampled:
    """Sample with noise levels from another node.

    Args:
        model: The model that denoises.
        add_noise: Off continues what another sampler left.
        noise_seed: Seed of the noise.
        cfg: Strength of the guidance.
        positive: What the picture should show.
        negative: What it should not show.
        sampler: The update rule of a step.
        sigmas: The noise levels.
        latent_image: What to start from.
    """
    return Sampled(
        *run_sampler(
            context,
            model=model,
            guidance=Guidance(positive=positive, negative=negative, cfg=cfg),
            method=sampler,
            sigmas=_given(sigmas),
            latent=latent_image,
            seed=noise_seed,
            add_noise=add_noise,
        )
    )


@node("SamplerCustomAdvanced", category=CATEGORY)
def sampler_custom_advanced(
    *,
    noise: Noise,
    guider: Guider,
    sampler: Sampler,
    sigmas: Sigmas,
    latent_image: Latent,
    context: Context,
) -> Sampled:
    """Sample with every part from another node.

    Args:
        noise: What to start from besides the latent.
        guider: The model and what it follows.
        sampler: The update rule of a step.
        sigmas: The noise levels.
        latent_image: What to start from.
    """
    return Sampled(
        *run_sampler(
            context,
            model=guider.model,
            guidance=guider.guidance,
            method=sampler,
            sigmas=_given(sigmas),
            latent=latent_image,
            seed=noise.seed or 0,
            add_noise=noise.seed is not None,
        )
    )


@node("AddNoise", category="_for_testing/custom_sampling/noise")
def add_noise(
    *, model: Model, noise: Noise, sigmas: Sigmas, latent_image: Latent, context: Context
) -> Latent:
    """Add as much noise to a latent as a schedule takes away.

    Args:
        model: The model whose scale of latents is used.
        noise: Where the noise comes from.
        sigmas: The schedule.
        latent_image: The latent.
    """
    from nodes.diffusion.sampling.model_sampling import model_sampling
    from nodes.diffusion.sampling.noise import initial_noise

    samples = latent_image["samples"]
    if not len(sigmas) or noise.seed is None:
        return latent_image
    drawn = initial_noise(samples, noise.seed, latent_image.get("batch_index"))
    level = abs(float(sigmas[0] - sigmas[-1])) if len(sigmas) > 1 else float(sigmas[0])
    with blaming("model"), residency(context).diffusion(model) as diffusion:
        scale = diffusion.latents.scale
        noisy = model_sampling(diffusion).add_noise(samples * scale, drawn, level) / scale
    return {**latent_image, "samples": noisy}


@node("ModelSamplingDiscrete", category="advanced/model")
def model_sampling_discrete(
    *,
    model: Model,
    sampling: Annotated[str, Choice(tuple(_PREDICTIONS))],
    zsnr: bool = False,
) -> Model:
    """Say what a model's output means, where its file says nothing or the wrong thing.

    Args:
        model: The model.
        sampling: The noise, the velocity, the noise as a consistency model says it (LCM), the
            picture itself, or another picture in place of one without noise.
        zsnr: Its noise schedule ends in pure noise.
    """
    return replace(model, prediction=_PREDICTIONS[sampling], zero_terminal_snr=zsnr)


def _given(sigmas: Sigmas) -> "Callable[[Diffusion], Any]":
    return lambda _: sigmas
