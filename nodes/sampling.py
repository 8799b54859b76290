"""Sampling: from noise, or from a latent, to a new latent."""

from typing import TYPE_CHECKING, Annotated

from engine import Choice, Context, Number, Seed, node
from nodes.diffusion.sampling.names import SAMPLERS, SCHEDULES
from nodes.diffusion.sampling.request import Guidance, Method
from nodes.sampling_run import run_sampler
from nodes.types import Conditioning, Latent, Model, Sigmas

if TYPE_CHECKING:
    from nodes.diffusion.components import Diffusion

Steps = Annotated[int, Number(1, 10_000)]
Cfg = Annotated[float, Number(0.0, 100.0, step=0.1, round=0.01)]
StepIndex = Annotated[int, Number(0, 10_000)]


@node("KSampler", category="sampling")
def ksampler(
    *,
    model: Model,
    seed: Annotated[int, Seed()] = 0,
    steps: Steps = 20,
    cfg: Cfg = 8.0,
    sampler_name: Annotated[str, Choice(SAMPLERS)],
    scheduler: Annotated[str, Choice(SCHEDULES)],
    positive: Conditioning,
    negative: Conditioning,
    latent_image: Latent,
    denoise: Annotated[float, Number(0.0, 1.0, step=0.01)] = 1.0,
    context: Context,
) -> Latent:
    """Turn noise into a latent that shows what the conditioning says.

    Args:
        model: The model that denoises.
        seed: Another seed gives another picture; the same gives the same.
        steps: More steps are slower and, up to a point, better.
        cfg: How closely to follow the positive conditioning; 1 ignores the negative one.
        sampler_name: The update rule of a step.
        scheduler: How the noise levels of the steps are spaced.
        positive: What the picture should show.
        negative: What it should not show.
        latent_image: What to start from.
        denoise: How much of it to replace by noise first; 1 replaces it all.
    """

    def levels(diffusion: "Diffusion") -> Sigmas:
        from nodes.diffusion.sampling.sample import plan

        return plan(
            diffusion, sampler=sampler_name, schedule=scheduler, steps=steps, denoise=denoise
        )

    return run_sampler(
        context,
        model=model,
        guidance=Guidance(positive=positive, negative=negative, cfg=cfg),
        method=Method(name=sampler_name),
        sigmas=levels,
        latent=latent_image,
        seed=seed,
    )[0]


@node("KSamplerAdvanced", title="KSampler (Advanced)", category="sampling")
def ksampler_advanced(
    *,
    model: Model,
    add_noise: Annotated[str, Choice(("enable", "disable"))],
    noise_seed: Annotated[int, Seed()] = 0,
    steps: Steps = 20,
    cfg: Cfg = 8.0,
    sampler_name: Annotated[str, Choice(SAMPLERS)],
    scheduler: Annotated[str, Choice(SCHEDULES)],
    positive: Conditioning,
    negative: Conditioning,
    latent_image: Latent,
    start_at_step: StepIndex = 0,
    end_at_step: StepIndex = 10_000,
    return_with_leftover_noise: Annotated[str, Choice(("disable", "enable"))],
    context: Context,
) -> Latent:
    """Run some of the steps of a schedule, so that another sampler can run the others.

    Args:
        model: The model that denoises.
        add_noise: Disable it to continue what another sampler left with noise.
        noise_seed: Seed of the noise.
        steps: Steps of the whole schedule.
        cfg: How closely to follow the positive conditioning.
        sampler_name: The update rule of a step.
        scheduler: How the noise levels of the steps are spaced.
        positive: What the picture should show.
        negative: What it should not show.
        latent_image: What to start from.
        start_at_step: First step to run.
        end_at_step: Step to stop before.
        return_with_leftover_noise: Stop there with the noise that is left; otherwise remove it.
    """

    def levels(diffusion: "Diffusion") -> Sigmas:
        from nodes.diffusion.sampling.sample import plan
        from nodes.diffusion.sampling.schedules import cut

        whole = plan(diffusion, sampler=sampler_name, schedule=scheduler, steps=steps)
        finish = return_with_leftover_noise == "disable"
        return cut(whole, start=start_at_step, end=end_at_step, finish=finish)

    return run_sampler(
        context,
        model=model,
        guidance=Guidance(positive=positive, negative=negative, cfg=cfg),
        method=Method(name=sampler_name),
        sigmas=levels,
        latent=latent_image,
        seed=noise_seed,
        add_noise=add_noise == "enable",
    )[0]
