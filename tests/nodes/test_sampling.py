from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
import torch

from engine import InputError, InterruptedRunError
from engine.cache.results import ResultsCache
from nodes.custom_sampling import (
    add_noise,
    basic_guider,
    cfg_guider,
    disable_noise,
    dual_cfg_guider,
    ksampler_select,
    model_sampling_discrete,
    random_noise,
    sampler_custom,
    sampler_custom_advanced,
)
from nodes.diffusion.handles import Model, Weights
from nodes.latent import empty_latent_image, set_latent_noise_mask
from nodes.model_options import differential_diffusion, rescale_cfg
from nodes.sampler_options import sampler_euler_ancestral
from nodes.sampling import ksampler, ksampler_advanced
from nodes.schedule import (
    basic_scheduler,
    beta_scheduler,
    exponential_scheduler,
    extend_intermediate_sigmas,
    flip_sigmas,
    karras_scheduler,
    sampling_percent_to_sigma,
    sd_turbo_scheduler,
    set_first_sigma,
    split_sigmas,
    split_sigmas_denoise,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from engine import Context
    from engine.run.events import Event

WIDTH = 32
POSITIVE = [[torch.ones(1, 77, WIDTH), {}]]
NEGATIVE = [[torch.zeros(1, 77, WIDTH), {}]]


@pytest.fixture
def model(tiny_checkpoint: Path) -> Model:
    return Model(weights=Weights(sha256="tiny", path=str(tiny_checkpoint)))


def sample(model: Model, context: Context, **changes: Any) -> torch.Tensor:
    arguments: dict[str, Any] = {
        "model": model,
        "seed": 3,
        "steps": 4,
        "cfg": 3.0,
        "sampler_name": "euler",
        "scheduler": "normal",
        "positive": POSITIVE,
        "negative": NEGATIVE,
        "latent_image": empty_latent_image(width=64, height=64),
        "context": context,
    }
    return ksampler(**{**arguments, **changes})["samples"]


def advanced(model: Model, context: Context, **changes: Any) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        "model": model,
        "add_noise": "enable",
        "noise_seed": 3,
        "steps": 4,
        "cfg": 3.0,
        "sampler_name": "euler",
        "scheduler": "normal",
        "positive": POSITIVE,
        "negative": NEGATIVE,
        "latent_image": empty_latent_image(width=64, height=64),
        "return_with_leftover_noise": "disable",
        "context": context,
    }
    return ksampler_advanced(**{**arguments, **changes})


def test_the_same_seed_gives_the_same_latent(model: Model, context: Context) -> None:
    first = sample(model, context)
    assert first.shape[2:] == (8, 8)
    assert torch.equal(first, sample(model, context))
    assert not torch.allclose(first, sample(model, context, seed=4))


def test_item_k_of_a_batch_is_the_same_in_a_longer_batch(model: Model, context: Context) -> None:
    two, three = (
        sample(model, context, latent_image=empty_latent_image(width=64, height=64, batch_size=n))
        for n in (2, 3)
    )
    assert torch.allclose(two, three[:2], atol=1e-4)


def test_progress_and_previews_come_with_each_step(
    model: Model, make_context: Callable[..., Context]
) -> None:
    events: list[Any] = []
    sample(model, make_context(listener=events.append))
    assert [(event.step, event.total) for event in events] == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert events[0].preview.mode == "RGB"


def test_a_model_without_an_autoencoder_has_grey_previews(
    tmp_path: Path, tiny_checkpoint: Path, make_context: Callable[..., Context]
) -> None:
    from safetensors import safe_open
    from safetensors.torch import load_file, save_file

    with safe_open(tiny_checkpoint, "pt") as file:
        metadata = file.metadata()
    tensors = load_file(tiny_checkpoint)
    alone = {k: v for k, v in tensors.items() if not k.startswith("first_stage_model.")}
    save_file(alone, tmp_path / "alone.safetensors", metadata)
    events: list[Any] = []
    model = Model(weights=Weights(sha256="alone", path=str(tmp_path / "alone.safetensors")))
    sample(model, make_context(listener=events.append))
    red, green, _ = events[0].preview.split()
    assert red.tobytes() == green.tobytes()


def test_an_interrupt_stops_within_one_step(
    model: Model, make_context: Callable[..., Context]
) -> None:
    interrupt, events = threading.Event(), list[Any]()

    def listener(event: Event) -> None:
        events.append(event)
        if len(events) == 2:
            interrupt.set()

    with pytest.raises(InterruptedRunError):
        sample(model, make_context(listener=listener, interrupt=interrupt), steps=50)
    assert len(events) == 2


def test_no_denoising_returns_the_latent_unchanged(model: Model, context: Context) -> None:
    latent = {"samples": torch.randn(1, 4, 8, 8), "batch_index": [3]}
    assert torch.equal(sample(model, context, latent_image=latent, denoise=0.0), latent["samples"])


def test_other_facts_of_the_latent_are_kept(model: Model, context: Context) -> None:
    latent = set_latent_noise_mask(
        samples={**empty_latent_image(width=64, height=64), "batch_index": [5]},
        mask=torch.ones(1, 64, 64),
    )
    result = advanced(model, context, latent_image=latent)
    assert result["batch_index"] == [5]
    assert result["noise_mask"].shape == (1, 1, 64, 64)
    assert latent["samples"].abs().max() == 0


def test_a_latent_of_another_model_is_a_clear_error(model: Model, context: Context) -> None:
    with pytest.raises(InputError) as raised:
        sample(model, context, latent_image={"samples": torch.ones(1, 7, 8, 8)})
    assert raised.value.problem.input == "latent_image"
    assert raised.value.problem.expected == "4 channels"


def test_text_of_another_model_is_a_clear_error(model: Model, context: Context) -> None:
    with pytest.raises(InputError, match="another kind of model") as raised:
        sample(model, context, positive=[[torch.ones(1, 77, 768), {}]])
    assert raised.value.problem.expected == f"conditioning {WIDTH} wide"
    assert raised.value.problem.got == "768 wide"


def test_a_broken_model_file_is_blamed_on_the_model(context: Context, tmp_path: Path) -> None:
    (tmp_path / "broken.safetensors").write_bytes(b"no weights at all")
    broken = Model(weights=Weights(sha256="broken", path=str(tmp_path / "broken.safetensors")))
    with pytest.raises(InputError) as raised:
        sample(broken, context)
    assert raised.value.problem.input == "model"


def test_two_samplers_share_a_schedule(model: Model, context: Context) -> None:
    first = advanced(model, context, end_at_step=2, return_with_leftover_noise="enable")
    second = advanced(model, context, latent_image=first, add_noise="disable", start_at_step=2)
    assert torch.allclose(second["samples"], sample(model, context), rtol=1e-3, atol=1e-3)


def test_steps_beyond_the_end_return_the_latent(model: Model, context: Context) -> None:
    latent = empty_latent_image(width=64, height=64)
    result = advanced(model, context, latent_image=latent, start_at_step=9)
    assert torch.equal(result["samples"], latent["samples"])


def test_sampling_in_parts_equals_the_sampler(model: Model, context: Context) -> None:
    whole = sample(model, context)
    sigmas = basic_scheduler(model=model, scheduler="normal", steps=4, context=context)
    latent = empty_latent_image(width=64, height=64)
    sampler = ksampler_select(sampler_name="euler")
    custom = sampler_custom(
        model=model,
        noise_seed=3,
        cfg=3.0,
        positive=POSITIVE,
        negative=NEGATIVE,
        sampler=sampler,
        sigmas=sigmas,
        latent_image=latent,
        context=context,
    )
    advanced_ = sampler_custom_advanced(
        noise=random_noise(noise_seed=3),
        guider=cfg_guider(model=model, positive=POSITIVE, negative=NEGATIVE, cfg=3.0),
        sampler=sampler,
        sigmas=sigmas,
        latent_image=latent,
        context=context,
    )
    assert torch.equal(custom.output["samples"], whole)
    assert torch.equal(advanced_.output["samples"], whole)
    assert torch.allclose(custom.denoised_output["samples"], whole, rtol=1e-3, atol=1e-3)


def test_guiders_without_a_negative_and_with_two_positives(model: Model, context: Context) -> None:
    sigmas = karras_scheduler(steps=3)

    def run(guider: Any) -> torch.Tensor:
        return sampler_custom_advanced(
            noise=disable_noise(),
            guider=guider,
            sampler=sampler_euler_ancestral(eta=0.0),
            sigmas=sigmas,
            latent_image={"samples": torch.ones(1, 4, 8, 8)},
            context=context,
        ).output["samples"]

    basic = run(basic_guider(model=model, conditioning=POSITIVE))
    dual = run(
        dual_cfg_guider(
            model=model,
            cond1=POSITIVE,
            cond2=POSITIVE,
            negative=POSITIVE,
            style="regular",
        )
    )
    assert torch.allclose(basic, dual, rtol=1e-3, atol=1e-2)


def test_the_prediction_of_a_model_can_be_changed(model: Model, context: Context) -> None:
    changed = model_sampling_discrete(model=model, sampling="v_prediction", zsnr=True)
    assert changed.prediction == "v_prediction"
    assert changed.zero_terminal_snr is True
    assert changed != model
    sigmas = basic_scheduler(model=changed, scheduler="simple", steps=2, context=context)
    assert float(sigmas[0]) == pytest.approx(4518.763671875)


def test_models_remember_how_they_are_to_sample(model: Model, tmp_path: Path) -> None:
    changed = differential_diffusion(model=rescale_cfg(model=model, multiplier=0.6), strength=0.5)
    assert (changed.rescale_cfg, changed.gradual_mask) == (0.6, 0.5)
    cache = ResultsCache(folder=tmp_path)
    cache.put(b"m" * 21, [changed], 10.0)
    assert ResultsCache(folder=tmp_path).get(b"m" * 21) == [changed]


def test_schedule_nodes_need_no_model_or_ask_the_model(model: Model, context: Context) -> None:
    assert len(exponential_scheduler(steps=5)) == 6
    assert len(beta_scheduler(model=model, steps=5, context=context)) == 6
    turbo = sd_turbo_scheduler(model=model, steps=2, context=context)
    assert float(turbo[0]) == pytest.approx(14.614641, rel=1e-5)
    assert len(turbo) == 3


def test_schedules_are_split_turned_and_changed_without_touching_the_original() -> None:
    sigmas = torch.tensor([4.0, 3.0, 2.0, 1.0, 0.0])
    high, low = split_sigmas(sigmas=sigmas, step=1)
    assert (high.tolist(), low.tolist()) == ([4.0, 3.0], [3.0, 2.0, 1.0, 0.0])
    high, low = split_sigmas_denoise(sigmas=sigmas, denoise=0.5)
    assert (high.tolist(), low.tolist()) == ([4.0, 3.0, 2.0], [2.0, 1.0, 0.0])
    assert flip_sigmas(sigmas=sigmas).tolist() == pytest.approx([0.0001, 1.0, 2.0, 3.0, 4.0])
    assert set_first_sigma(sigmas=sigmas, sigma=9.0).tolist() == [9.0, 3.0, 2.0, 1.0, 0.0]
    assert sigmas.tolist() == [4.0, 3.0, 2.0, 1.0, 0.0]


def test_more_levels_go_between_the_old_ones() -> None:
    sigmas = torch.tensor([8.0, 4.0, 0.0])
    more = extend_intermediate_sigmas(sigmas=sigmas, end_at_sigma=5.0, spacing="linear")
    assert more.tolist() == [8.0, 6.0, 4.0, 0.0]
    late = extend_intermediate_sigmas(
        sigmas=sigmas, start_at_sigma=5.0, end_at_sigma=0.0, spacing="cosine"
    )
    assert late.tolist() == pytest.approx([8.0, 4.0, 4 - 4 * 0.5**0.5, 0.0])


def test_noise_is_added_in_the_scale_of_the_model(model: Model, context: Context) -> None:
    latent = {"samples": torch.ones(1, 4, 8, 8)}
    sigmas = torch.tensor([3.0, 1.0])
    noise = random_noise(noise_seed=1)
    noisy = add_noise(
        model=model, noise=noise, sigmas=sigmas, latent_image=latent, context=context
    )["samples"]
    assert float((noisy - 1).std()) == pytest.approx(2 / 0.18215, rel=0.2)
    still = add_noise(
        model=model, noise=disable_noise(), sigmas=sigmas, latent_image=latent, context=context
    )
    assert torch.equal(still["samples"], latent["samples"])


def test_percents_become_levels(model: Model, context: Context) -> None:
    def level(percent: float, *, actual: bool) -> float:
        return sampling_percent_to_sigma(
            model=model, sampling_percent=percent, return_actual_sigma=actual, context=context
        )

    assert level(0.0, actual=False) > 1e8
    assert level(0.0, actual=True) == pytest.approx(14.614641)
    assert level(1.0, actual=True) == pytest.approx(0.0291671585)
    assert level(0.5, actual=True) == pytest.approx(1.6155803)
