"""Training as nodes: what is trained is cached, resumed bit-exactly, and feeds the next node."""

import dataclasses
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

from engine import Choice, Context, Number, Seed, Toggle, node
from nodes import training_run
from nodes.diffusion import handles
from nodes.diffusion.training import plans
from nodes.library_errors import blaming
from nodes.training_session import Session, model_previews
from nodes.types import (
    Checkpoints,
    Clip,
    Dataset,
    EmaConfig,
    Image,
    LoraFile,
    LossMap,
    Model,
    Objective,
    Optimizer,
    Previews,
    Vae,
)

if TYPE_CHECKING:
    from nodes.diffusion.training.parts import Parts

CATEGORY = "training"
Steps = Annotated[int, Number(1, 10_000_000)]
BatchSize = Annotated[int, Number(1, 4096)]
LearningRate = Annotated[float, Number(0.0, 1.0, step=1e-6, round=1e-9)]
Accumulate = Annotated[int, Number(1, 1024)]
Precision = Annotated[str, Choice(plans.PRECISIONS)]


class TrainedVae(NamedTuple):
    """An autoencoder after training.

    Attributes:
        VAE: The autoencoder; averaged weights where an average was kept.
        loss: The loss of each step.
        curve: A picture of it.
    """

    VAE: Vae
    loss: LossMap
    curve: Image


@node("TrainVAE", title="Train VAE", category=CATEGORY)
def train_vae(
    *,
    vae: Vae,
    dataset: Dataset,
    steps: Steps = 2000,
    batch_size: BatchSize = 16,
    learning_rate: LearningRate = 1e-3,
    l1: Annotated[float, Number(0, 100, step=0.01)] = 0.1,
    edges: Annotated[float, Number(0, 100, step=0.01)] = 0.0,
    kl: Annotated[float, Number(0, 1, step=1e-6, round=1e-9)] = 5e-5,
    decoder_only: Annotated[bool, Toggle()] = False,
    precision: Precision = "float32",
    seed: Annotated[int, Seed()] = 0,
    optimizer: Optimizer | None = None,
    ema: EmaConfig | None = None,
    checkpoints: Checkpoints | None = None,
    context: Context,
) -> TrainedVae:
    """Train an autoencoder on pictures; more steps go on from where fewer ended.

    Args:
        vae: Where to start.
        dataset: What to learn from; captions do not matter.
        steps: Changes of the weights in all.
        batch_size: Pictures per step.
        learning_rate: Size of the changes.
        l1: Weight of absolute besides squared differences.
        edges: Weight of differences of edges.
        kl: How strongly latents are pulled to a normal distribution.
        decoder_only: Leave the encoder, and with it all latents, as it is; otherwise every
            channel of the latents is brought to mean 0 and deviation 1 at the end.
        precision: Of the forward pass.
        seed: Of the order of the pictures and of the noise.
        optimizer: How gradients become changes.
        ema: An average of the weights to keep.
        checkpoints: When the state is written.
    """
    from nodes.diffusion.datasets.batches import Batches
    from nodes.diffusion.residency import Residency
    from nodes.diffusion.training.autoencoder import autoencoder_method, write_autoencoder
    from nodes.diffusion.training.runs import open_run

    plan = _plan(
        steps=steps,
        batch=batch_size,
        learning_rate=learning_rate,
        precision=precision,
        seed=seed,
        optimizer=optimizer,
        ema=ema,
        checkpoints=checkpoints,
    )
    terms = plans.AutoencoderPlan(l1=l1, gradient=edges, kl=kl, decoder_only=decoder_only)
    residency = context.resource("residency", Residency)
    with blaming(), residency.autoencoder(vae) as base:
        batches = Batches(dataset, batch=batch_size, seed=seed)
        method, trained = autoencoder_method(base, batches, terms, seed=seed)

        def export(path: Path) -> None:
            write_autoencoder(path, trained, batches, normalise=not decoder_only)

        run = open_run(context.folders.runs, method, plan, export)
        training_run.follow(context, run)
    return TrainedVae(
        VAE=handles.Vae(weights=training_run.result(context, run, "ema")),
        loss=training_run.loss_map(run),
        curve=training_run.curve(run),
    )


class TrainedModel(NamedTuple):
    """A model after training.

    Attributes:
        MODEL: The denoising network with its last weights.
        CLIP: The text encoder with its last weights.
        MODEL_EMA: The denoising network with averaged weights; the last ones without an average.
        CLIP_EMA: The text encoder likewise.
        loss: The loss of each step.
        curve: A picture of it.
        previews: The prompts drawn with the last weights, then with the averaged ones.
    """

    MODEL: Model
    CLIP: Clip
    MODEL_EMA: Model
    CLIP_EMA: Clip
    loss: LossMap
    curve: Image
    previews: Image


@node(
    "TrainFullFinetune",
    title="Train Model",
    category=CATEGORY,
    search_aliases=("text to image", "fine-tune", "finetune", "full"),
)
def train_full_finetune(
    *,
    model: Model,
    clip: Clip,
    vae: Vae,
    dataset: Dataset,
    trainable: str = "all",
    steps: Steps = 1000,
    batch_size: BatchSize = 8,
    learning_rate: LearningRate = 1e-5,
    accumulate: Accumulate = 1,
    precision: Precision = "float32",
    seed: Annotated[int, Seed()] = 0,
    optimizer: Optimizer | None = None,
    ema: EmaConfig | None = None,
    objective: Objective | None = None,
    previews: Previews | None = None,
    checkpoints: Checkpoints | None = None,
    context: Context,
) -> TrainedModel:
    """Train a model's own weights, all or some; more steps go on from where fewer ended.

    Args:
        model: Where to start; it is not changed.
        clip: Its text encoder.
        vae: Its autoencoder.
        dataset: Captioned pictures.
        trainable: `all` of the network, its `attn`, `attn2` (cross-attention), `attn1+attn2`,
            `kv`, `conv_in`, the `text` encoder, or a regular expression; several with commas.
        steps: Changes of the weights in all.
        batch_size: Pictures per part of a step.
        learning_rate: Size of the changes.
        accumulate: Parts per step; their gradients are averaged.
        precision: Of the forward pass.
        seed: Of the order of the pictures, the captions and the noise.
        optimizer: How gradients become changes.
        ema: An average of the weights to keep.
        objective: What the network is asked for.
        previews: Pictures to draw meanwhile; the first captions, at the end, by default.
        checkpoints: When the state is written.
    """
    from nodes.diffusion.checkpoints import save_checkpoint
    from nodes.diffusion.training.parts import parts_in_full

    plan = _plan(
        steps=steps,
        batch=batch_size,
        accumulate=accumulate,
        learning_rate=learning_rate,
        precision=precision,
        seed=seed,
        optimizer=optimizer,
        ema=ema,
        checkpoints=checkpoints,
    )
    with blaming(), ExitStack() as stack:
        session = Session.open(context, stack, model=model, clip=clip, vae=vae, dataset=dataset)
        parts, chosen = parts_in_full(session.diffusion, session.text_encoders, trainable)
        texts = parts.text_encoders if parts.text_trained else None

        def export(path: Path) -> None:
            save_checkpoint(path, diffusion=parts.diffusion, text_encoders=texts)

        run = session.train(
            parts, chosen, plan, name="full", objective=objective, previews=previews, export=export
        )
    models = [
        _trained(training_run.result(context, run, kind), model, clip, parts)
        for kind in ("raw", "ema")
    ]
    drawn = [model_previews(context, *pair, vae, dataset, previews) for pair in models]
    return TrainedModel(
        *models[0],
        *models[1],
        loss=training_run.loss_map(run),
        curve=training_run.curve(run),
        previews=training_run.stacked(drawn if ema else drawn[:1]),
    )


class TrainedLora(NamedTuple):
    """A LoRA after training.

    Attributes:
        MODEL: The base with the LoRA on top.
        CLIP: The base's text encoder with the LoRA on top.
        LORA: The file, under the names that other programs read.
        loss: The loss of each step.
        curve: A picture of it.
        previews: The prompts drawn with the LoRA.
    """

    MODEL: Model
    CLIP: Clip
    LORA: LoraFile
    loss: LossMap
    curve: Image
    previews: Image


@node("TrainLoRA", title="Train LoRA", category=CATEGORY)
def train_lora(
    *,
    model: Model,
    clip: Clip,
    vae: Vae,
    dataset: Dataset,
    rank: Annotated[int, Number(1, 1024)] = 16,
    alpha: Annotated[float, Number(0.001, 10_000, step=0.5)] = 16.0,
    targets: Annotated[str, Choice(tuple(plans.LORA_TARGETS))] = "transformer",
    train_text: Annotated[bool, Toggle()] = False,
    dropout: Annotated[float, Number(0, 0.99, step=0.01)] = 0.0,
    steps: Steps = 500,
    batch_size: BatchSize = 4,
    learning_rate: LearningRate = 1e-4,
    accumulate: Accumulate = 1,
    precision: Precision = "float32",
    seed: Annotated[int, Seed()] = 0,
    optimizer: Optimizer | None = None,
    ema: EmaConfig | None = None,
    objective: Objective | None = None,
    previews: Previews | None = None,
    checkpoints: Checkpoints | None = None,
    context: Context,
) -> TrainedLora:
    """Train a small change on top of a model; more steps go on from where fewer ended.

    Args:
        model: Where to start; it is not changed.
        clip: Its text encoder.
        vae: Its autoencoder.
        dataset: Captioned pictures.
        rank: Inner size of the change: how much it can hold.
        alpha: The change is scaled by alpha / rank.
        targets: Which layers it changes.
        train_text: The text encoder gets one too.
        dropout: Chance that an input of a layer is left out while training.
        steps: Changes of the weights in all.
        batch_size: Pictures per part of a step.
        learning_rate: Size of the changes.
        accumulate: Parts per step; their gradients are averaged.
        precision: Of the forward pass.
        seed: Of the first weights, the order of the pictures, the captions and the noise.
        optimizer: How gradients become changes.
        ema: An average of the weights to keep; the result is then the average.
        objective: What the network is asked for.
        previews: Pictures to draw meanwhile; the first captions, at the end, by default.
        checkpoints: When the state is written.
    """
    from nodes.diffusion.training.lora_file import write_lora
    from nodes.diffusion.training.parts import parts_with_lora

    shape = plans.LoraPlan(
        rank=rank, alpha=alpha, targets=targets, text=train_text, dropout=dropout
    )
    plan = _plan(
        steps=steps,
        batch=batch_size,
        accumulate=accumulate,
        learning_rate=learning_rate,
        precision=precision,
        seed=seed,
        optimizer=optimizer,
        ema=ema,
        checkpoints=checkpoints,
    )
    with blaming(), ExitStack() as stack:
        session = Session.open(context, stack, model=model, clip=clip, vae=vae, dataset=dataset)
        parts, chosen = parts_with_lora(session.diffusion, session.text_encoders, shape, seed=seed)

        def export(path: Path) -> None:
            write_lora(path, parts, shape, plan, session.facts(parts))

        run = session.train(
            parts,
            chosen,
            plan,
            name="lora",
            objective=objective,
            previews=previews,
            export=export,
            shape=shape,
        )
    weights = training_run.result(context, run, "ema")
    patch = handles.LoraPatch(weights=weights, strength=1.0)
    tuned = dataclasses.replace(model, patches=(*model.patches, patch))
    tuned_clip = clip
    if train_text:
        tuned_clip = dataclasses.replace(clip, patches=(*clip.patches, patch))
    return TrainedLora(
        MODEL=tuned,
        CLIP=tuned_clip,
        LORA=weights,
        loss=training_run.loss_map(run),
        curve=training_run.curve(run),
        previews=model_previews(context, tuned, tuned_clip, vae, dataset, previews),
    )


def _plan(
    *,
    steps: int,
    batch: int,
    accumulate: int = 1,
    learning_rate: float,
    precision: str,
    seed: int,
    optimizer: plans.OptimizerPlan | None,
    ema: plans.EmaPlan | None,
    checkpoints: plans.CheckpointPlan | None,
) -> plans.RunPlan:
    chosen = optimizer or plans.OptimizerPlan()
    return plans.RunPlan(
        steps=steps,
        batch=batch,
        accumulate=accumulate,
        seed=seed,
        precision=precision,
        optimizer=dataclasses.replace(chosen, learning_rate=learning_rate),
        ema=ema,
        checkpoints=checkpoints or plans.CheckpointPlan(),
    )


def _trained(
    weights: handles.Weights, model: handles.Model, clip: handles.Clip, parts: "Parts"
) -> tuple[handles.Model, handles.Clip]:
    """Return handles of the new weights; what was not trained stays the base's.

    The base's patches are in the new weights already.
    """
    tuned = dataclasses.replace(model, weights=weights, patches=())
    if not parts.text_trained:
        return tuned, clip
    return tuned, dataclasses.replace(clip, weights=weights, patches=())
