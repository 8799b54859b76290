"""The one training loop, as a generator of steps."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from types import FrameType

import torch
from torch import Tensor

from nodes.diffusion.datasets.random import seed_of
from nodes.diffusion.training import optimizer as optimizers
from nodes.diffusion.training.ema import Ema
from nodes.diffusion.training.errors import TrainingError
from nodes.diffusion.training.half_precision import half_precision
from nodes.diffusion.training.losses import Losses
from nodes.diffusion.training.method import Method
from nodes.diffusion.training.plans import PRECISIONS, RunPlan
from nodes.diffusion.training.state import RunFolder, State


@dataclass(frozen=True, kw_only=True)
class Step:
    """What one step of training did.

    Attributes:
        step: Steps done, from 1.
        total: Steps in all.
        loss: Of this step, a scalar on the device; reading it waits for the device.
        rate: The learning rate.
        samples_per_second: Since the run was last started; what goes on between two steps, such
            as drawing pictures, does not count.
        seconds_per_step: Likewise.
        base_share: The base's share in the average of the weights, or None without one.
    """

    step: int
    total: int
    loss: Tensor
    rate: float
    samples_per_second: float
    seconds_per_step: float
    base_share: float | None


class Trainer:
    """A run: a method, followed by a plan, with its state in a folder.

    Args:
        method: What is trained on what.
        plan: How.
        folder: Where the state is; a state in it is continued.

    Raises:
        TrainingError: The plan cannot be followed.
    """

    def __init__(self, method: Method, plan: RunPlan, folder: RunFolder) -> None:
        if plan.precision not in PRECISIONS or min(plan.batch, plan.accumulate) < 1:
            raise TrainingError("a plan with an unknown precision or an empty batch")
        if not method.trainable:
            raise TrainingError("there is nothing to train: no parameter was chosen")
        self.method, self.plan, self.folder = method, plan, folder
        for network in method.networks:
            for parameter in network.parameters():
                parameter.requires_grad = False
        for parameter in method.trainable.values():
            parameter.requires_grad = True
        self.ema = Ema(method.trainable, plan.ema) if plan.ema else None
        self.step = 0
        self._stored = -1
        self._optimizer = optimizers.make_optimizer(plan.optimizer, method.trainable)
        self._losses = Losses(folder.path / "losses.jsonl")
        self._restore()

    def train(self) -> Generator[Step, None, None]:
        """Train to the end of the plan; yields after each step, with everything consistent.

        Whatever ends the iteration (the last step, an error in the consumer, an interrupt, a
        signal) leaves the state of the last whole step on disk.
        """
        whole = True
        first, written, spent = self.step, time.monotonic(), 0.0
        with self.folder.held(), self._precision(), _signals() as stop:
            try:
                while self.step < self.plan.steps:
                    whole, began = False, time.monotonic()
                    loss, rate = self._advance()
                    whole = True
                    spent += time.monotonic() - began
                    yield self._told(loss, rate, spent / (self.step - first))
                    if self._due(time.monotonic() - written):
                        self.save()
                        written = time.monotonic()
                    stop.obey()
            finally:
                if whole:
                    self.save()

    def save(self) -> None:
        """Write the state of the last whole step, unless it is on disk already."""
        if self._stored == self.step:
            return
        self._losses.flush()
        trainable = self.method.trainable
        tensors = {
            "weights": dict(trainable),
            "optimizer": optimizers.read_state(self._optimizer, trainable),
            **({"ema": self.ema.shadow} if self.ema else {}),
        }
        state = State(
            step=self.step,
            tensors={group: values for group, values in tensors.items() if values},
            numbers={"base_share": self.ema.base_share} if self.ema else {},
        )
        checkpoints = self.plan.checkpoints
        self.folder.save(state, keep=checkpoints.keep, keep_every=checkpoints.keep_every)
        self._stored = self.step

    def _advance(self) -> tuple[Tensor, float]:
        plan, method = self.plan, self.method
        rate = optimizers.learning_rate(plan.optimizer, self.step)
        for network in method.networks:
            network.train()
        total = torch.zeros((), device=method.device)
        for part in range(self.step * plan.accumulate, (self.step + 1) * plan.accumulate):
            total += self._backward(part)
        if plan.optimizer.clip:
            parameters = list(method.trainable.values())
            torch.nn.utils.clip_grad_norm_(parameters, plan.optimizer.clip, foreach=True)
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)
        self.step += 1
        if self.ema:
            self.ema.update(self.step)
        self._losses.add(self.step, total, rate)
        return total, rate

    def _backward(self, part: int) -> Tensor:
        plan, method = self.plan, self.method
        batch = method.assemble(part)
        kind = method.device.type
        half = plan.precision == "bfloat16"
        cuda = [method.device] if kind == "cuda" else []
        with torch.random.fork_rng(devices=cuda):
            torch.manual_seed(seed_of("dropout", plan.seed, part) >> 1)
            with torch.autocast(kind, torch.bfloat16, enabled=half):
                loss = method.loss(batch) / plan.accumulate
            torch.autograd.backward(loss)
        return loss.detach().float()

    def _precision(self) -> AbstractContextManager[None]:
        if self.plan.precision == "bfloat16":
            return half_precision(self.method.networks, self.method.device)
        return nullcontext()

    def _told(self, loss: Tensor, rate: float, seconds: float) -> Step:
        return Step(
            step=self.step,
            total=self.plan.steps,
            loss=loss,
            rate=rate,
            samples_per_second=self.plan.batch * self.plan.accumulate / max(seconds, 1e-9),
            seconds_per_step=seconds,
            base_share=self.ema.base_share if self.ema else None,
        )

    def _due(self, seconds: float) -> bool:
        checkpoints = self.plan.checkpoints
        by_step = checkpoints.every and self.step % checkpoints.every == 0
        kept = checkpoints.keep_every and self.step % checkpoints.keep_every == 0
        return bool(by_step or kept) or seconds >= checkpoints.seconds > 0

    @torch.no_grad()
    def _restore(self) -> None:
        state = self.folder.latest(at_most=self.plan.steps)
        if state is None:
            return
        for name, parameter in self.method.trainable.items():
            parameter.copy_(state.tensors["weights"][name])
        memory = state.tensors.get("optimizer", {})
        optimizers.write_state(self._optimizer, self.method.trainable, memory)
        if self.ema:
            self.ema.restore(state.tensors["ema"], state.numbers["base_share"])
        self._losses.truncate(state.step)
        self.step = self._stored = state.step


class _Stop:
    """Remembers a signal until the step is whole."""

    def __init__(self) -> None:
        self.signal: int | None = None

    def note(self, number: int, _frame: FrameType | None) -> None:
        self.signal = number

    def obey(self) -> None:
        if self.signal == signal.SIGINT:
            raise KeyboardInterrupt
        if self.signal is not None:
            raise SystemExit(128 + self.signal)


@contextmanager
def _signals() -> Iterator[_Stop]:
    """Hold back signals that end a process: in the main thread, those that nobody else claims."""
    stop = _Stop()
    unclaimed = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: signal.SIG_DFL}
    claimed: dict[signal.Signals, object] = {}
    if threading.current_thread() is threading.main_thread():
        for number, usual in unclaimed.items():
            if signal.getsignal(number) == usual:
                claimed[number] = usual
                signal.signal(number, stop.note)
    try:
        yield stop
    finally:
        for number in claimed:
            signal.signal(number, unclaimed[number])
