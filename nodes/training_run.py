"""One training run on behalf of a node: progress, losses, previews, results."""

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine import Context
from nodes.diffusion import handles
from nodes.types import Image, LossMap

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

    from nodes.diffusion.training.loop import Step, Trainer
    from nodes.diffusion.training.runs import Run

_REPORT_SECONDS = 0.2

Draw = Callable[["Trainer"], Any]
"""Draws the previews of a run: [n, H, W, 3] in 0..1, on the CPU."""


def follow(
    context: Context,
    run: "Run",
    *,
    prepare: Callable[[], None] | None = None,
    draw: Draw | None = None,
    draw_every: int = 0,
) -> None:
    """Bring a run to its end, or find that it is there already.

    Args:
        context: Of the node; told every step, and may stop the run, whose state is then kept.
        run: The run.
        prepare: What must be done before the first step.
        draw: Draws previews.
        draw_every: Steps between them.

    Raises:
        InterruptedRunError: The user stopped it; the next run goes on from here.
    """
    from nodes.diffusion.training.runs import follow as steps_of

    if run.finished:
        context.progress(run.plan.steps, run.plan.steps)
        return
    if prepare:
        prepare()
    trainer = run.trainer()
    told = 0.0
    with closing(steps_of(run, trainer)) as steps:
        for step in steps:
            preview = None
            if draw and draw_every and step.step % draw_every == 0:
                preview = _keep_preview(run, step, draw(trainer))
            if preview or time.monotonic() - told >= _REPORT_SECONDS or step.step == step.total:
                told = time.monotonic()
                context.report("training", _facts(run, step))
            context.progress(step.step, step.total, preview=preview)


def result(context: Context, run: "Run", kind: str) -> handles.Weights:
    """Return a reference to one of the weights files that a finished run has written.

    Args:
        context: Of the node.
        run: The run.
        kind: `raw` or `ema`; a run without an average gives the raw weights for both.
    """
    return reference(context, run.files.get(kind, run.files["raw"]))


def reference(context: Context, path: Path) -> handles.Weights:
    """Return a reference to a weights file by its content."""
    from nodes.diffusion.residency import Residency

    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    weights = handles.Weights(sha256=sha256, path=str(path))
    context.resource("residency", Residency).remember(weights)
    return weights


def loss_map(run: "Run") -> LossMap:
    """Return the loss of each step of a run."""
    return {"loss": [point.loss for point in run.losses()]}


def curve(run: "Run") -> Image:
    """Return the picture of a run's losses."""
    from nodes.diffusion.training.losses import draw_curve

    return to_image(draw_curve(run.losses()))


def stacked(batches: Sequence[Image]) -> Image:
    """Return pictures of one size as one batch."""
    import torch

    return torch.cat(list(batches))


def to_image(picture: "Picture") -> Image:
    """Return a PIL picture as a batch of one."""
    import numpy as np
    import torch

    pixels = np.array(picture.convert("RGB"), dtype=np.float32) / 255
    return torch.asarray(pixels)[None]


def _facts(run: "Run", step: "Step") -> Mapping[str, Any]:
    return {
        "run": run.folder.path.name,
        "step": step.step,
        "total": step.total,
        "loss": float(step.loss),
        "learning_rate": step.rate,
        "samples_per_second": step.samples_per_second,
        "base_share": step.base_share,
    }


def _keep_preview(run: "Run", step: "Step", pictures: Any) -> "Picture":
    from nodes.diffusion.training.previews import as_grid

    rows = 2 if run.plan.ema else 1
    grid = as_grid(pictures, len(pictures) // rows)
    folder = run.folder.path / "previews"
    folder.mkdir(exist_ok=True)
    grid.save(folder / f"step-{step.step:07d}.png")
    return grid
