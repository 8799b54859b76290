from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import pytest
import torch

from nodes.diffusion.errors import DiffusionError
from nodes.diffusion.sampling.names import SAMPLERS
from nodes.diffusion.sampling.noise import initial_noise
from nodes.diffusion.sampling.request import Guidance, Method
from nodes.diffusion.sampling.sample import fit_channels, plan, sample, sample_guided

if TYPE_CHECKING:
    from collections.abc import Callable

    from nodes.diffusion.components import Diffusion
    from nodes.diffusion.sampling.trajectory import Moment

EMPTY = torch.zeros(2, 4, 8, 8)


def text(seed: int, tokens: int = 7) -> torch.Tensor:
    return torch.randn(1, tokens, 16, generator=torch.Generator().manual_seed(seed))


POSITIVE: list[list[Any]] = [[text(1), {}]]
NEGATIVE: list[list[Any]] = [[text(2), {}]]


def draw(diffusion: Diffusion, sampler: str = "euler", **changes: Any) -> torch.Tensor:
    latent = changes.pop("latent", EMPTY)
    steps = changes.pop("steps", 3)
    arguments: dict[str, Any] = {
        "noise": initial_noise(latent, 5),
        "latent": latent,
        "positive": POSITIVE,
        "negative": NEGATIVE,
        "cfg": 4.0,
        "sampler": sampler,
        "sigmas": plan(diffusion, sampler=sampler, schedule="karras", steps=steps),
        "seed": 5,
    }
    return sample(diffusion, **{**arguments, **changes})


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_the_same_call_gives_the_same_bits(diffusion: Diffusion, sampler: str) -> None:
    first = draw(diffusion, sampler, steps=2)
    assert torch.equal(first, draw(diffusion, sampler, steps=2))


def test_another_seed_gives_another_latent(diffusion: Diffusion) -> None:
    other = draw(diffusion, noise=initial_noise(EMPTY, 6), seed=6)
    assert not torch.allclose(draw(diffusion), other)


def test_euler_equals_diffusers(diffusion: Diffusion) -> None:
    from diffusers import EulerDiscreteScheduler

    scheduler = EulerDiscreteScheduler(
        beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear"
    )
    scheduler.set_timesteps(timesteps=[999, 749, 499, 249, 0])
    sigmas = scheduler.sigmas.clone()
    noise = initial_noise(EMPTY, 5)
    x = noise * (1 + sigmas[0] ** 2).sqrt()
    for timestep in scheduler.timesteps:
        entering = scheduler.scale_model_input(x, timestep)
        x = scheduler.step(guided(diffusion, entering, timestep), timestep, x).prev_sample
    ours = draw(diffusion, sigmas=sigmas)
    assert torch.allclose(ours * diffusion.latents.scale, x, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("prediction", ["epsilon", "v_prediction", "sample"])
def test_ddim_equals_diffusers(make_diffusion: Callable[..., Diffusion], prediction: str) -> None:
    from diffusers import DDIMScheduler

    diffusion = make_diffusion(prediction=prediction)
    scheduler = DDIMScheduler(
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        clip_sample=False,
        prediction_type=prediction,
    )
    scheduler.set_timesteps(4)
    acp = scheduler.alphas_cumprod[scheduler.timesteps]
    sigmas = torch.cat([((1 - acp) / acp).sqrt(), torch.zeros(1)])
    x = initial_noise(EMPTY, 5) * (1 - acp[0]).sqrt()
    for timestep in scheduler.timesteps:
        x = scheduler.step(guided(diffusion, x, timestep), timestep, x).prev_sample
    ours = draw(diffusion, "ddim", sigmas=sigmas)
    assert torch.allclose(ours * diffusion.latents.scale, x, rtol=1e-3, atol=1e-3)


def guided(diffusion: Diffusion, x: torch.Tensor, timestep: torch.Tensor) -> torch.Tensor:
    with torch.no_grad():
        negative, positive = (
            diffusion.unet(x, timestep, text(seed).expand(2, -1, -1)).sample for seed in (2, 1)
        )
    return negative + 4.0 * (positive - negative)


def test_two_halves_equal_the_whole(diffusion: Diffusion) -> None:
    sigmas = plan(diffusion, sampler="euler", schedule="karras", steps=6)
    first = draw(diffusion, sigmas=sigmas[:4])
    second = draw(diffusion, sigmas=sigmas[3:], latent=first, noise=torch.zeros_like(first))
    assert torch.allclose(second, draw(diffusion, sigmas=sigmas), rtol=1e-4, atol=1e-3)


def test_a_flow_run_stopped_early_can_be_continued(
    make_diffusion: Callable[..., Diffusion],
) -> None:
    diffusion = make_diffusion(prediction="flow")
    sigmas = plan(diffusion, sampler="euler", schedule="simple", steps=6)
    first = draw(diffusion, sigmas=sigmas[:4])
    second = draw(diffusion, sigmas=sigmas[3:], latent=first, noise=torch.zeros_like(first))
    assert torch.allclose(second, draw(diffusion, sigmas=sigmas), rtol=1e-3, atol=1e-3)


def test_no_levels_leave_the_latent_as_it_is(diffusion: Diffusion) -> None:
    latent = initial_noise(EMPTY, 1)
    assert draw(diffusion, latent=latent, sigmas=torch.empty(0)) is latent


def test_the_callback_sees_every_step_and_may_stop_the_run(diffusion: Diffusion) -> None:
    seen: list[tuple[int, int]] = []

    def callback(moment: Moment) -> None:
        seen.append((moment.step, moment.total))
        if moment.step == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        draw(diffusion, callback=callback, steps=4)
    assert seen == [(0, 4), (1, 4)]


def test_guidance_one_ignores_the_negative(diffusion: Diffusion) -> None:
    alone = draw(diffusion, cfg=1.0, negative=[])
    assert torch.equal(draw(diffusion, cfg=1.0), alone)


@pytest.mark.parametrize("sampler", ["euler", "euler_cfg_pp"])
def test_without_a_negative_there_is_nothing_to_guide_against(
    diffusion: Diffusion, sampler: str
) -> None:
    alone = draw(diffusion, sampler, cfg=4.0, negative=[])
    same = draw(diffusion, sampler, cfg=1.0, negative=POSITIVE)
    assert torch.allclose(alone, same, rtol=1e-4, atol=1e-3)


def test_two_conditionings_of_equal_strength_are_plain_guidance(diffusion: Diffusion) -> None:
    def led(**changes: Any) -> torch.Tensor:
        guidance = Guidance(positive=POSITIVE, negative=NEGATIVE, cfg=4.0, **changes)
        return sample_guided(
            diffusion,
            noise=initial_noise(EMPTY, 5),
            latent=EMPTY,
            guidance=guidance,
            method=Method(name="euler"),
            sigmas=plan(diffusion, sampler="euler", schedule="karras", steps=3),
            seed=5,
        )

    plain = led()
    doubled = led(second=NEGATIVE, cfg_second=3.0)
    nested = led(second=NEGATIVE, cfg_second=3.0, nested=True)
    assert torch.allclose(plain, doubled, rtol=1e-3, atol=1e-2)
    assert torch.allclose(plain, nested, rtol=1e-3, atol=1e-2)


def test_empty_latents_take_the_channels_of_the_model(
    make_diffusion: Callable[..., Diffusion],
) -> None:
    diffusion = make_diffusion(in_channels=6, latents=6)
    latent = fit_channels(EMPTY, 6)
    assert latent.shape == (2, 6, 8, 8)
    assert draw(diffusion, latent=latent).shape == (2, 6, 8, 8)


def test_other_latents_must_have_the_channels_of_the_model(diffusion: Diffusion) -> None:
    with pytest.raises(DiffusionError) as raised:
        draw(diffusion, latent=torch.ones(1, 5, 8, 8))
    assert raised.value.expected == "4 channels"
    assert raised.value.got == "5 channels"


def test_outside_the_mask_nothing_changes(diffusion: Diffusion) -> None:
    latent = initial_noise(EMPTY, 9)
    mask = torch.zeros(64, 64)
    mask[:, 32:] = 1
    for sampler in ("euler", "ddim", "dpmpp_2m", "euler_ancestral", "lcm"):
        result = draw(diffusion, sampler, latent=latent, noise_mask=mask)
        assert torch.allclose(result[..., :3], latent[..., :3], atol=1e-4), sampler
        assert not torch.allclose(result[..., 5:], latent[..., 5:], atol=0.1), sampler


def test_a_gradual_mask_changes_grey_parts_less_than_white_ones(diffusion: Diffusion) -> None:
    latent = initial_noise(EMPTY, 9)
    mask = torch.zeros(64, 64)
    mask[:, 16:] = 0.3
    mask[:, 48:] = 1
    gradual = replace(diffusion, gradual_mask=1.0)
    result = draw(gradual, latent=latent, noise_mask=mask, steps=8)
    change = (result - latent).abs().mean(dim=(0, 1, 2))
    # What is black is left to the model in the last step only.
    assert float(change[:2].max()) < float(change[3:5].mean()) < float(change[7:].mean())


def test_rescaled_guidance_does_not_go_with_two_conditionings(diffusion: Diffusion) -> None:
    rescaling = replace(diffusion, rescale_cfg=0.7)
    assert not torch.allclose(draw(rescaling), draw(diffusion))
    assert torch.allclose(draw(rescaling, cfg=1.0), draw(diffusion, cfg=1.0))
    with pytest.raises(DiffusionError, match="RescaleCFG"):
        sample_guided(
            rescaling,
            noise=initial_noise(EMPTY, 5),
            latent=EMPTY,
            guidance=Guidance(positive=POSITIVE, negative=NEGATIVE, second=POSITIVE, cfg=4.0),
            method=Method(name="euler"),
            sigmas=plan(rescaling, sampler="euler", schedule="karras", steps=2),
            seed=5,
        )


def test_inpainting_networks_see_mask_and_picture(
    make_diffusion: Callable[..., Diffusion],
) -> None:
    diffusion = make_diffusion(in_channels=9)
    known = {"concat_latent_image": initial_noise(EMPTY[:1], 4), "concat_mask": torch.ones(1, 8, 8)}
    seen = draw(diffusion, positive=[[text(1), known]], negative=[[text(2), known]])
    blank = draw(diffusion)
    assert bool(seen.isfinite().all())
    assert not torch.allclose(seen, blank)


def test_editing_networks_see_the_picture(make_diffusion: Callable[..., Diffusion]) -> None:
    diffusion = make_diffusion(in_channels=8)
    known = {"concat_latent_image": initial_noise(EMPTY[:1], 4)}
    assert not torch.allclose(draw(diffusion, positive=[[text(1), known]]), draw(diffusion))


def test_networks_with_size_conditioning_get_it(make_diffusion: Callable[..., Diffusion]) -> None:
    diffusion = make_diffusion(
        addition_embed_type="text_time",
        addition_time_embed_dim=4,
        projection_class_embeddings_input_dim=8 + 6 * 4,
    )
    pooled = torch.randn(1, 8, generator=torch.Generator().manual_seed(0))
    small = draw(diffusion, positive=[[text(1), {"pooled_output": pooled, "width": 256}]])
    large = draw(diffusion, positive=[[text(1), {"pooled_output": pooled, "width": 2048}]])
    assert bool(small.isfinite().all())
    assert not torch.allclose(small, large)


@pytest.mark.parametrize(
    "sigmas", [[3.0, 3.0, 0.0], [3.0, 0.0, 1.0], [3.0, float("nan"), 0.0], [1.0, 2.0, 0.0]]
)
def test_unsuitable_levels_are_refused(diffusion: Diffusion, sigmas: list[float]) -> None:
    with pytest.raises(DiffusionError, match="noise levels"):
        draw(diffusion, "dpmpp_2m_sde", sigmas=torch.tensor(sigmas))


@pytest.mark.parametrize("sampler", ["euler", "heun", "dpmpp_2m", "lms", "ddim", "uni_pc"])
def test_rising_levels_lead_back_to_noise(diffusion: Diffusion, sampler: str) -> None:
    sigmas = plan(diffusion, sampler=sampler, schedule="karras", steps=4).flip(0)
    sigmas[0] = 1e-4
    latent = initial_noise(EMPTY, 1) * 3
    result = draw(diffusion, sampler, sigmas=sigmas, latent=latent, noise=torch.zeros_like(EMPTY))
    assert bool(result.isfinite().all())


class Narrow(torch.nn.Module):
    """A network on a device that has room for one picture at a time."""

    def __init__(self, unet: torch.nn.Module) -> None:
        super().__init__()
        self.unet = unet

    @property
    def config(self) -> Any:
        return self.unet.config

    def forward(self, x: torch.Tensor, *arguments: Any, **options: Any) -> Any:
        if len(x) > 2:
            raise torch.OutOfMemoryError("no room")
        return self.unet(x, *arguments, **options)


def test_without_memory_for_both_sides_each_is_asked_alone(diffusion: Diffusion) -> None:
    narrow = replace(diffusion, unet=cast("Any", Narrow(diffusion.unet)))
    assert torch.allclose(draw(narrow), draw(diffusion), rtol=1e-4, atol=1e-3)
    with pytest.raises(torch.OutOfMemoryError):
        draw(narrow, latent=torch.zeros(3, 4, 8, 8))
