"""Training learns, says how far it is, and draws previews without being disturbed."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest
import torch

from nodes.diffusion.datasets.batches import Batches
from nodes.diffusion.training.autoencoder import (
    autoencoder_method,
    latent_statistics,
    normalise_latents,
    psnr,
)
from nodes.diffusion.training.errors import DivergedError
from nodes.diffusion.training.identity import identity, run_name
from nodes.diffusion.training.loop import Step, Trainer
from nodes.diffusion.training.losses import draw_curve, read_losses
from nodes.diffusion.training.method import Method
from nodes.diffusion.training.parts import Parts
from nodes.diffusion.training.plans import (
    AutoencoderPlan,
    EmaPlan,
    OptimizerPlan,
    PreviewPlan,
    RunPlan,
)
from nodes.diffusion.training.previews import as_grid, draw_previews
from nodes.diffusion.training.state import RunFolder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nodes.diffusion.checkpoints.create import Components
    from nodes.diffusion.datasets.plans import Dataset
    from tests.nodes.diffusion.training.conftest import MakeMethod

FAST = OptimizerPlan(learning_rate=2e-3)


def trained(
    method: object,
    plan: RunPlan,
    folder: Path,
    watch: Callable[[Trainer, Step], None] | None = None,
) -> Trainer:
    trainer = Trainer(method, plan, RunFolder(folder, identity(method, plan)))
    with closing(trainer.train()) as steps:
        for step in steps:
            if watch:
                watch(trainer, step)
    return trainer


def falls(path: Path) -> bool:
    losses = [point.loss for point in read_losses(path / "losses.jsonl")]
    fifth = len(losses) // 5
    return sum(losses[-fifth:]) < 0.7 * sum(losses[:fifth])


def test_the_loss_falls(make_method: MakeMethod, tmp_path: Path) -> None:
    method, _ = make_method("all,text", batch=4)
    trained(method, RunPlan(steps=60, batch=4, optimizer=FAST), tmp_path / "run")
    assert falls(tmp_path / "run")


def test_an_autoencoder_learns_and_normalising_it_changes_no_picture(
    model: Components, dataset: Dataset, tmp_path: Path
) -> None:
    batches = Batches(dataset, batch=4, seed=0)
    assert model.autoencoder
    method, own = autoencoder_method(model.autoencoder, batches, AutoencoderPlan(), seed=0)
    plan = RunPlan(steps=60, batch=4, optimizer=FAST, ema=EmaPlan(decay=0.9))
    trained(method, plan, tmp_path / "run")
    assert falls(tmp_path / "run")
    pictures = batches.pixels(batches.at(0))
    assert psnr(own.vae, pictures) > psnr(model.autoencoder.vae, pictures)
    with torch.no_grad():
        before = own.vae.decode(own.vae.encode(pictures * 2 - 1).latent_dist.mean).sample
        mean, std = latent_statistics(own.vae, [pictures])
        normalise_latents(own.vae, mean, std)
        posterior = own.vae.encode(pictures * 2 - 1).latent_dist
        after = own.vae.decode(posterior.mean).sample
    assert torch.allclose(before, after, atol=1e-4)
    channels = posterior.mean.transpose(0, 1).flatten(1)
    assert torch.allclose(channels.mean(1), torch.zeros(len(channels)), atol=1e-3)
    assert torch.allclose(channels.std(1), torch.ones(len(channels)), atol=1e-2)


def test_training_the_decoder_alone_keeps_all_latents(
    model: Components, dataset: Dataset, tmp_path: Path
) -> None:
    batches = Batches(dataset, batch=4, seed=0)
    assert model.autoencoder
    terms = AutoencoderPlan(decoder_only=True, gradient=0.1)
    method, own = autoencoder_method(model.autoencoder, batches, terms, seed=0)
    trained(method, RunPlan(steps=2, batch=4, optimizer=FAST), tmp_path / "run")
    pictures = batches.pixels(batches.at(0))
    with torch.no_grad():
        latents = [
            vae.encode(pictures).latent_dist.mean for vae in (own.vae, model.autoencoder.vae)
        ]
    assert torch.allclose(*latents, atol=1e-5)


def test_previews_come_when_asked_and_disturb_nothing(
    make_method: MakeMethod, model: Components, tmp_path: Path
) -> None:
    plan = RunPlan(steps=6, batch=2, optimizer=FAST, ema=EmaPlan(decay=0.9))
    shown = PreviewPlan(prompts=("a red ball", "a blue ball"), steps=2)
    seen: list[int] = []
    parts: Parts

    def watch(trainer: Trainer, step: Step) -> None:
        torch.rand(3)
        if step.step % 3 == 0:
            assert model.autoencoder
            pictures = draw_previews(
                parts, model.autoencoder, shown, size=(32, 32), ema=trainer.ema
            )
            assert pictures.shape == (4, 32, 32, 3)
            assert as_grid(pictures, 2).size == (64, 64)
            seen.append(step.step)

    method, parts = make_method("all,text")
    watched = trained(method, plan, tmp_path / "watched", watch)
    method, _ = make_method("all,text")
    alone = trained(method, plan, tmp_path / "alone")
    assert seen == [3, 6]
    for name, parameter in watched.method.trainable.items():
        assert torch.equal(parameter, alone.method.trainable[name])


def test_a_preview_before_the_first_step_is_what_the_base_draws(
    make_method: MakeMethod, model: Components
) -> None:
    assert model.diffusion
    assert model.autoencoder
    shown = PreviewPlan(prompts=("a red ball",), steps=2)
    base = Parts(
        diffusion=model.diffusion, text_encoders=model.text_encoders, text_trained=False, base=""
    )
    _, parts = make_method("all,text")
    pictures = [draw_previews(p, model.autoencoder, shown, size=(32, 32)) for p in (base, parts)]
    assert torch.equal(*pictures)


def test_a_loss_that_is_no_number_ends_the_run_before_it_is_stored(
    make_method: MakeMethod, tmp_path: Path
) -> None:
    method, _ = make_method("attn2")
    plan = RunPlan(steps=200, batch=2, optimizer=OptimizerPlan(learning_rate=1e18, clip=0))
    with pytest.raises(DivergedError):
        trained(method, plan, tmp_path / "run")
    assert RunFolder(tmp_path / "run", identity(method, plan)).steps() == []


def test_length_and_cadence_do_not_belong_to_a_runs_identity(make_method: MakeMethod) -> None:
    method, _ = make_method("attn2")
    names = {run_name(identity(method, RunPlan(steps=steps))) for steps in (5, 50)}
    assert len(names) == 1
    assert run_name(identity(method, RunPlan(seed=1))) not in names


def test_accumulated_parts_equal_one_large_batch(tmp_path: Path) -> None:
    weights: list[torch.Tensor] = []
    for batch, accumulate in ((4, 1), (1, 4)):
        net = torch.nn.Linear(4, 1, bias=False)
        torch.nn.init.ones_(net.weight)
        data = torch.arange(16.0).view(4, 4) / 16

        def assemble(part: int, batch: int = batch, data: torch.Tensor = data) -> torch.Tensor:
            start = part * batch % 4
            return data[start : start + batch]

        method = Method(
            name="toy",
            trainable=dict(net.named_parameters()),
            networks=[net],
            assemble=assemble,
            loss=lambda rows, net=net: (net(rows) - 1).square().mean(),
            base="",
            facts={},
            device=torch.device("cpu"),
        )
        sgd = OptimizerPlan(name="sgd", learning_rate=0.1, beta1=0, weight_decay=0)
        plan = RunPlan(steps=3, batch=batch, accumulate=accumulate, optimizer=sgd)
        trained(method, plan, tmp_path / str(batch))
        weights.append(net.weight.detach())
    assert torch.allclose(*weights, rtol=1e-6)


def test_a_curve_is_drawn_even_of_nothing() -> None:
    assert draw_curve([]).size == (640, 360)
