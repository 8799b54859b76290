"""A training run under way: told to whoever watches, and steered by them between two steps."""

from __future__ import annotations

import dataclasses
import json
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from PIL.Image import Image as Picture
    from torch import Tensor

    from engine import Context
    from nodes.diffusion.training.loop import Step, Trainer
    from nodes.diffusion.training.runs import Run

    State = Literal["training", "paused", "stopped", "finished"]

_REPORT_SECONDS = 0.2
_WAIT_SECONDS = 3600.0
_ENDINGS = frozenset({"save", "stop", "pause"})
"""Requests that are obeyed with the state on disk, outside of the loop of steps."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Drawing:
    """How pictures are drawn while training.

    Attributes:
        draw: Draws every prompt with the weights as they are, then, where an average is kept,
            every prompt with it: `[n, H, W, 3]` in 0..1, on the CPU.
        prompts: What is drawn.
        every: Steps between pictures; 0 draws them only when the user asks.
    """

    draw: Callable[[Trainer], Any]
    prompts: Sequence[str]
    every: int


class Course:
    """Follows a run to its end, or as far as the user wants.

    Args:
        context: Of the node.
        run: The run.
        drawing: What is drawn meanwhile; None draws nothing.
    """

    def __init__(self, context: Context, run: Run, drawing: Drawing | None) -> None:
        self._context = context
        self._run = run
        self._drawing = drawing
        self._trainer = run.trainer()
        self._facts: Mapping[str, Any] = {}
        self._told = 0.0

    def follow(self) -> Run:
        """Train; returns the run, or that part of it after which the user stopped it.

        The state of the last whole step is on disk whatever ends it.

        Raises:
            InterruptedRunError: The user interrupted the job; the next one goes on from there.
        """
        sample = ("sample",) if self._drawing else ()
        with (
            self._run.folder.held(),
            self._context.offer("pause", "resume", "save", "stop", *sample),
        ):
            action = self._train()
            while action is not None and self._obey(action):
                action = self._train()
            done = self._run.until(self._trainer.step)
            done.write_results(self._trainer)
        stopped = done.plan.steps < self._run.plan.steps
        if stopped:
            self._context.keep_nothing()
        self._tell("stopped" if stopped else "finished")
        return done

    def _train(self) -> str | None:
        """Train until the end, or until the user asks for something that needs a halt."""
        with closing(self._trainer.train()) as steps:
            for step in steps:
                action = self._after(step)
                if action in _ENDINGS and step.step < step.total:
                    return action
        return None

    def _after(self, step: Step) -> str | None:
        action = self._context.asked()
        preview: Picture | None = None
        drawing = self._drawing
        due = drawing and drawing.every and step.step % drawing.every == 0
        if drawing and (due or action == "sample"):
            preview = self._draw(drawing, step.step)
        now = time.monotonic()
        notable = action or preview or not self._facts or step.step == step.total
        if notable or now - self._told >= _REPORT_SECONDS:
            self._told = now
            self._facts = _facts(step)
            self._tell("training")
        self._context.progress(step.step, step.total, preview=preview)
        return action

    def _obey(self, action: str | None) -> bool:
        """Do what the user asks for between two steps; returns whether training goes on."""
        paused = False
        while action != "stop":
            if action == "save":
                self._run.until(self._trainer.step).write_results(self._trainer)
                self._tell("paused" if paused else "training", saved=self._trainer.step)
            elif action == "sample" and self._drawing:
                self._draw(self._drawing, self._trainer.step)
            elif action == "pause" and not paused:
                paused = True
                self._tell("paused")
            if not paused or action == "resume":
                return True
            action = self._context.asked(_WAIT_SECONDS)
        return False

    def _draw(self, drawing: Drawing, step: int) -> Picture:
        from nodes.diffusion.training.previews import as_grid

        pictures = drawing.draw(self._trainer)
        kinds = ("raw", "ema") if self._run.plan.ema else ("raw",)
        kept = self._keep(pictures, step, kinds, drawing.prompts)
        self._context.report("training_samples", {"run": self._name, "step": step, **kept})
        return as_grid(pictures, len(drawing.prompts))

    def _keep(
        self, pictures: Tensor, step: int, kinds: Sequence[str], prompts: Sequence[str]
    ) -> dict[str, Any]:
        """Write each picture as a file; returns the prompts, and the names by kind of weights."""
        from nodes.diffusion.training.previews import as_grid

        folder = self._run.folder.path / "previews"
        folder.mkdir(exist_ok=True)
        (folder / "prompts.json").write_text(json.dumps(list(prompts)))
        names: dict[str, list[str]] = {kind: [] for kind in kinds}
        for place, picture in enumerate(pictures):
            kind = kinds[place // len(prompts)]
            name = f"step-{step:07d}-{kind}-{place % len(prompts)}.png"
            as_grid(picture[None], 1).save(folder / name)
            names[kind].append(name)
        return {"prompts": list(prompts), "pictures": names}

    def _tell(self, state: State, **more: Any) -> None:
        self._context.report("training", {**self._facts, "run": self._name, "state": state, **more})

    @property
    def _name(self) -> str:
        return self._run.folder.path.name


def _facts(step: Step) -> Mapping[str, Any]:
    return {
        "step": step.step,
        "total": step.total,
        "loss": float(step.loss),
        "learning_rate": step.rate,
        "samples_per_second": step.samples_per_second,
        "seconds_per_step": step.seconds_per_step,
        "base_share": step.base_share,
    }
