"""Runs from beginning to end: their folders, and the weights files that come out of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from nodes.diffusion.training.identity import identity, run_name
from nodes.diffusion.training.loop import Trainer
from nodes.diffusion.training.losses import Point, read_losses
from nodes.diffusion.training.plans import RunPlan
from nodes.diffusion.training.state import RunFolder

if TYPE_CHECKING:
    from nodes.diffusion.training.method import Method

RAW, AVERAGED = "raw", "ema"
Export = Callable[[Path, RunPlan], None]
"""Writes the weights as they are now to a file, as the result of a plan."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run and what it leaves behind.

    Attributes:
        method: What is trained on what.
        plan: How.
        folder: Where its state is.
        export: Writes its weights.
    """

    method: Method
    plan: RunPlan
    folder: RunFolder
    export: Export

    @property
    def files(self) -> Mapping[str, Path]:
        """Where the results of the plan's last step are, or will be: `raw` and perhaps `ema`."""
        kinds = (RAW, AVERAGED) if self.plan.ema else (RAW,)
        folder = self.folder.path / "results"
        return {kind: folder / f"{kind}-{self.plan.steps}.safetensors" for kind in kinds}

    @property
    def finished(self) -> bool:
        """Whether the results are there already."""
        return all(path.is_file() for path in self.files.values())

    def until(self, step: int) -> Run:
        """Return the run that ends at a step: what a plan of so many steps would have been."""
        return replace(self, plan=replace(self.plan, steps=step))

    def losses(self) -> list[Point]:
        """Return the loss of each step up to the plan's last."""
        points = read_losses(self.folder.path / "losses.jsonl")
        return [point for point in points if point.step <= self.plan.steps]

    def trainer(self) -> Trainer:
        """Return the run's trainer, at the last state on disk."""
        return Trainer(self.method, self.plan, self.folder)

    def write_results(self, trainer: Trainer) -> None:
        """Write the weights at the end of the run, raw and averaged.

        Args:
            trainer: It has come to the end of the plan, and is between two calls of `train`.
        """
        for kind, path in self.files.items():
            averaged = kind == AVERAGED and trainer.ema
            with trainer.ema.swapped() if averaged and trainer.ema else nullcontext():
                self.export(path, self.plan)


def open_run(root: Path, method: Method, plan: RunPlan, export: Export) -> Run:
    """Return a run in its folder beneath `root`, new or from before.

    A run that has gone further than the plan, and whose states up to there are gone, is done anew
    in a folder beside it.

    Args:
        root: The folder of all runs.
        method: What is trained on what.
        plan: How.
        export: Writes the weights as they are to a file, as the result of a plan.
    """
    described = identity(method, plan)
    folder = RunFolder(root / run_name(described), described)
    run = Run(method=method, plan=plan, folder=folder, export=export)
    steps = folder.steps()
    if steps and min(steps) > plan.steps and not run.finished:
        beside = RunFolder(root / f"{run_name(described)}-to-{plan.steps}", described)
        return Run(method=method, plan=plan, folder=beside, export=export)
    return run
