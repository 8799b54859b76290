"""One training run on behalf of a node: progress, losses, previews, results."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from engine import Context
from nodes.diffusion import handles
from nodes.training_course import Course, Drawing
from nodes.types import Image, LossMap

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

    from nodes.diffusion.training.runs import Run


def follow(
    context: Context,
    run: "Run",
    *,
    prepare: Callable[[], None] | None = None,
    previews: Drawing | None = None,
) -> "Run":
    """Bring a run to its end, or find that it is there already.

    Args:
        context: Of the node; told every step. Its user may interrupt the run, whose state is then
            kept, or steer it: see `Course`.
        run: The run.
        prepare: What must be done before the first step.
        previews: What is drawn meanwhile.

    Returns:
        The run; a shorter one where the user stopped it early and keeps what was trained.

    Raises:
        InterruptedRunError: The user interrupted it; the next run goes on from here.
    """
    if run.finished:
        context.progress(run.plan.steps, run.plan.steps)
        return run
    if prepare:
        prepare()
    return Course(context, run, previews).follow()


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
