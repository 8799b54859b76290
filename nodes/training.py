"""Training as nodes: what is trained is cached, resumed bit-exactly, and feeds the next node."""

import dataclasses
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

from engine import Context, Number, Seed, Toggle, node
from nodes import training_run
from nodes.diffusion import handles
from nodes.diffusion.training import plans
from nodes.library_errors import blaming
from nodes.training_session import (
    Accumulate,
    Base,
    BatchSize,
    LearningRate,
    Pace,
    Precision,
    Session,
    Steps,
    model_previews,
)
from nodes.types import (
    Checkpoints,
    Clip,
    Dataset,
    EmaConfig,
    Image,
    LossMap,
    Model,
    Objective,
    Optimizer,
    Previews,
    Vae,
)

if TYPE_CHECKING:
    from nodes.diffusion.training.parts import Parts
    from nodes.diffusion.training.runs import Run

CATEGORY = "training"


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
    plan = Pace(steps, batch_size, 1, precision, seed).plan(
        learning_rate, optimizer, ema, checkpoints
    )
    terms = plans.AutoencoderPlan(l1=l1, gradient=edges, kl=kl, decoder_only=decoder_only)
    with blaming():
        run = _train_autoencoder(context, vae, dataset, plan, terms)
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
    base = Base(model, clip, vae, dataset)
    pace = Pace(steps, batch_size, accumulate, precision, seed)
    plan = pace.plan(learning_rate, optimizer, ema, checkpoints)
    with blaming():
        return _tune(context, base, trainable, plan, objective, previews)


def _train_autoencoder(
    context: Context,
    vae: handles.Vae,
    dataset: Dataset,
    plan: plans.RunPlan,
    terms: plans.AutoencoderPlan,
) -> "Run":
    from nodes.diffusion.datasets.batches import Batches
    from nodes.diffusion.residency import Residency
    from nodes.diffusion.training.autoencoder import autoencoder_method, write_autoencoder
    from nodes.diffusion.training.runs import open_run

    with context.resource("residency", Residency).autoencoder(vae) as base:
        batches = Batches(dataset, batch=plan.batch, seed=plan.seed)
        method, trained = autoencoder_method(base, batches, terms, seed=plan.seed)

        def export(path: Path, _done: plans.RunPlan) -> None:
            write_autoencoder(path, trained, batches, normalise=not terms.decoder_only)

        run = open_run(context.folders.runs, method, plan, export)
        return training_run.follow(context, run)


def _tune(
    context: Context,
    base: Base,
    trainable: str,
    plan: plans.RunPlan,
    objective: plans.ObjectivePlan | None,
    previews: plans.PreviewPlan | None,
) -> TrainedModel:
    from nodes.diffusion.checkpoints import save_checkpoint
    from nodes.diffusion.training.parts import parts_in_full

    with ExitStack() as stack:
        session = Session.open(context, stack, base)
        parts, chosen = parts_in_full(session.diffusion, session.text_encoders, trainable)
        texts = parts.text_encoders if parts.text_trained else None

        def export(path: Path, _done: plans.RunPlan) -> None:
            save_checkpoint(path, diffusion=parts.diffusion, text_encoders=texts)

        run = session.train(
            parts, chosen, plan, name="full", objective=objective, previews=previews, export=export
        )
    tuned = [
        _trained(training_run.result(context, run, kind), base, parts) for kind in ("raw", "ema")
    ]
    drawn = [model_previews(context, one, previews) for one in tuned]
    raw, averaged = tuned
    return TrainedModel(
        MODEL=raw.model,
        CLIP=raw.clip,
        MODEL_EMA=averaged.model,
        CLIP_EMA=averaged.clip,
        loss=training_run.loss_map(run),
        curve=training_run.curve(run),
        previews=training_run.stacked(drawn if plan.ema else drawn[:1]),
    )


def _trained(weights: handles.Weights, base: Base, parts: "Parts") -> Base:
    """Return the base with new weights; what was not trained stays the base's.

    The base's patches are in the new weights already.
    """
    model = dataclasses.replace(base.model, weights=weights, patches=())
    if not parts.text_trained:
        return base._replace(model=model)
    clip = dataclasses.replace(base.clip, weights=weights, patches=())
    return base._replace(model=model, clip=clip)
