"""A model, its autoencoder and a data set, made ready for one training run."""

import dataclasses
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from engine import Choice, Context, Number
from nodes import training_run
from nodes.diffusion import handles
from nodes.diffusion.datasets.plans import Dataset
from nodes.diffusion.training import plans
from nodes.training_course import Drawing
from nodes.types import Image

if TYPE_CHECKING:
    from nodes.diffusion.components import AutoEncoder, Diffusion, TextEncoder
    from nodes.diffusion.training.loop import Trainer
    from nodes.diffusion.training.parts import Parts
    from nodes.diffusion.training.runs import Run

Steps = Annotated[int, Number(1, 10_000_000)]
BatchSize = Annotated[int, Number(1, 4096)]
LearningRate = Annotated[float, Number(0.0, 1.0, step=1e-6, round=1e-9)]
Accumulate = Annotated[int, Number(1, 1024)]
Precision = Annotated[str, Choice(plans.PRECISIONS)]
_DEFAULT_PREVIEWS = 4


class Pace(NamedTuple):
    """How long a run goes, in which portions.

    Attributes:
        steps: Changes of the weights in all.
        batch: Pictures per part of a step.
        accumulate: Parts per step.
        precision: Of the forward pass.
        seed: Of everything that is drawn.
    """

    steps: int
    batch: int
    accumulate: int
    precision: str
    seed: int

    def plan(
        self,
        learning_rate: float,
        optimizer: plans.OptimizerPlan | None,
        ema: plans.EmaPlan | None,
        checkpoints: plans.CheckpointPlan | None,
    ) -> plans.RunPlan:
        """Return the plan of a run at this pace; what is None is as usual."""
        chosen = optimizer or plans.OptimizerPlan()
        return plans.RunPlan(
            **self._asdict(),
            optimizer=dataclasses.replace(chosen, learning_rate=learning_rate),
            ema=ema,
            checkpoints=checkpoints or plans.CheckpointPlan(),
        )


class Base(NamedTuple):
    """What a run starts from and learns from.

    Attributes:
        model: The denoising network.
        clip: Its text encoder.
        vae: Its autoencoder.
        dataset: Captioned pictures.
    """

    model: handles.Model
    clip: handles.Clip
    vae: handles.Vae
    dataset: Dataset


@dataclasses.dataclass(frozen=True, kw_only=True)
class Session:
    """What a run of a node works with, for as long as the run lasts.

    Attributes:
        context: Of the node.
        diffusion: The base's denoising network.
        text_encoders: The base's, by name.
        autoencoder: Makes latents.
        dataset: Captioned pictures.
    """

    context: Context
    diffusion: "Diffusion"
    text_encoders: Mapping[str, "TextEncoder"]
    autoencoder: "AutoEncoder"
    dataset: Dataset

    @classmethod
    def open(cls, context: Context, stack: ExitStack, base: Base) -> "Session":
        """Return the networks of handles, which stay as they are until the stack is closed."""
        from nodes.diffusion.residency import Residency

        residency = context.resource("residency", Residency)
        return cls(
            context=context,
            diffusion=stack.enter_context(residency.diffusion(base.model)),
            text_encoders=stack.enter_context(residency.text_encoders(base.clip)),
            autoencoder=stack.enter_context(residency.autoencoder(base.vae)),
            dataset=base.dataset,
        )

    def train(
        self,
        parts: "Parts",
        trainable: Mapping[str, Any],
        plan: plans.RunPlan,
        *,
        name: str,
        objective: plans.ObjectivePlan | None,
        previews: plans.PreviewPlan | None,
        export: Callable[[Path, plans.RunPlan], None],
        shape: plans.LoraPlan | None = None,
    ) -> "Run":
        """Bring a run to its end and return it, or what of it the user waited for.

        Args:
            parts: The model that is trained.
            trainable: What of it changes.
            plan: How.
            name: Of the method.
            objective: What the network is asked for.
            previews: What is drawn meanwhile.
            export: Writes the weights as they are, as the result of a plan.
            shape: Of a LoRA, where one is trained.
        """
        from nodes.diffusion.datasets.batches import Batches
        from nodes.diffusion.training.identity import differing
        from nodes.diffusion.training.latents import Latents
        from nodes.diffusion.training.runs import open_run
        from nodes.diffusion.training.text_to_image import text_to_image_method

        context = self.context
        batches = Batches(self.dataset, batch=plan.batch, seed=plan.seed)
        latents = Latents(self.autoencoder, batches, context.folders.cache / "latents")
        method = text_to_image_method(
            name,
            parts,
            trainable,
            batches,
            latents,
            objective or plans.ObjectivePlan(),
            facts={"lora": differing(shape)} if shape else {},
        )
        run = open_run(context.folders.runs, method, plan, export)
        shown = previews_of(self.dataset, previews)
        return training_run.follow(
            context,
            run,
            prepare=lambda: latents.fill(context.progress),
            previews=Drawing(
                draw=lambda trainer: self._draw(parts, trainer, shown),
                prompts=shown.prompts,
                every=shown.every,
            ),
        )

    def facts(self, parts: "Parts") -> Mapping[str, object]:
        """Return what a LoRA's header tells of where it comes from."""
        return {
            "base_model_version": "sd_v1",
            "base_weights": parts.base,
            "dataset": self.dataset.manifest.sha256,
            "resolution": f"({self.dataset.buckets.width}, {self.dataset.buckets.height})",
        }

    def _draw(self, parts: "Parts", trainer: "Trainer", shown: plans.PreviewPlan) -> Any:
        from nodes.diffusion.training.previews import draw_previews

        size = (self.dataset.buckets.width, self.dataset.buckets.height)
        return draw_previews(parts, self.autoencoder, shown, size=size, ema=trainer.ema)


def previews_of(dataset: Dataset, previews: plans.PreviewPlan | None) -> plans.PreviewPlan:
    """Return what to draw; the first captions of the data set where nobody says."""
    if previews and previews.prompts:
        return previews
    from nodes.diffusion.datasets.manifest import open_manifest

    records = open_manifest(dataset.manifest).records[:_DEFAULT_PREVIEWS]
    prompts = tuple(f"{dataset.captions.prefix}{record.caption}" for record in records)
    return dataclasses.replace(previews or plans.PreviewPlan(), prompts=prompts)


def model_previews(context: Context, base: Base, previews: plans.PreviewPlan | None) -> Image:
    """Draw the previews of a run with a model that has come out of it."""
    from nodes.diffusion.training.parts import Parts
    from nodes.diffusion.training.previews import draw_previews

    with ExitStack() as stack:
        session = Session.open(context, stack, base)
        parts = Parts(
            diffusion=session.diffusion,
            text_encoders=session.text_encoders,
            text_trained=False,
            base="",
        )
        size = (base.dataset.buckets.width, base.dataset.buckets.height)
        plan = previews_of(base.dataset, previews)
        return draw_previews(parts, session.autoencoder, plan, size=size)
