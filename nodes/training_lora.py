"""Training of LoRAs: small changes on top of a model."""

import dataclasses
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

from engine import Choice, Context, Number, Seed, Toggle, node
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
    LoraFile,
    LossMap,
    Model,
    Objective,
    Optimizer,
    Previews,
    Vae,
)

if TYPE_CHECKING:
    from nodes.diffusion.training.runs import Run

CATEGORY = "training"


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
    base = Base(model, clip, vae, dataset)
    shape = plans.LoraPlan(
        rank=rank, alpha=alpha, targets=targets, text=train_text, dropout=dropout
    )
    pace = Pace(steps, batch_size, accumulate, precision, seed)
    plan = pace.plan(learning_rate, optimizer, ema, checkpoints)
    with blaming():
        run = _train(context, base, shape, plan, objective, previews)
        return _result(context, base, shape, run, previews)


def _train(
    context: Context,
    base: Base,
    shape: plans.LoraPlan,
    plan: plans.RunPlan,
    objective: plans.ObjectivePlan | None,
    previews: plans.PreviewPlan | None,
) -> "Run":
    from nodes.diffusion.training.lora_file import write_lora
    from nodes.diffusion.training.parts import parts_with_lora

    with ExitStack() as stack:
        session = Session.open(context, stack, base)
        parts, chosen = parts_with_lora(
            session.diffusion, session.text_encoders, shape, seed=plan.seed
        )

        def export(path: Path, done: plans.RunPlan) -> None:
            write_lora(path, parts, shape, done, session.facts(parts))

        return session.train(
            parts,
            chosen,
            plan,
            name="lora",
            objective=objective,
            previews=previews,
            export=export,
            shape=shape,
        )


def _result(
    context: Context,
    base: Base,
    shape: plans.LoraPlan,
    run: "Run",
    previews: plans.PreviewPlan | None,
) -> TrainedLora:
    weights = training_run.result(context, run, "ema")
    patch = handles.LoraPatch(weights=weights, strength=1.0)
    model = dataclasses.replace(base.model, patches=(*base.model.patches, patch))
    clip = base.clip
    if shape.text:
        clip = dataclasses.replace(clip, patches=(*clip.patches, patch))
    return TrainedLora(
        MODEL=model,
        CLIP=clip,
        LORA=weights,
        loss=training_run.loss_map(run),
        curve=training_run.curve(run),
        previews=model_previews(context, base._replace(model=model, clip=clip), previews),
    )
