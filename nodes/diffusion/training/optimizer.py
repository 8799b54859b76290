"""Optimizers, their learning rates, and their state as named tensors."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from nodes.diffusion.training.errors import TrainingError
from nodes.diffusion.training.muon import Muon
from nodes.diffusion.training.plans import LEARNING_RATE_SCHEDULES, OPTIMIZERS, OptimizerPlan


class Lion(torch.optim.Optimizer):
    """Sign of an interpolated momentum (Chen et al. 2023, algorithm 2)."""

    def __init__(
        self, params: Iterable[Tensor], lr: float, betas: tuple[float, float], weight_decay: float
    ) -> None:
        super().__init__(params, {"lr": lr, "betas": betas, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:  # type: ignore[override]
        """Change the parameters once; `closure` is not supported."""
        if closure is not None:
            raise TypeError("Lion takes no closure")
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for parameter in group["params"]:
                if parameter.grad is None:
                    continue
                state = self.state[parameter]
                momentum = state.setdefault("exp_avg", torch.zeros_like(parameter))
                update = torch.lerp(parameter.grad, momentum, beta1).sign_()
                parameter.mul_(1 - group["lr"] * group["weight_decay"])
                parameter.add_(update, alpha=-group["lr"])
                momentum.lerp_(parameter.grad, 1 - beta2)


def make_optimizer(plan: OptimizerPlan, trainable: Mapping[str, nn.Parameter]) -> Any:
    """Return the optimizer of a plan for parameters by name.

    Its learning rate is set before each step.

    Raises:
        TrainingError: The plan names no optimizer or no schedule.
    """
    check(plan)
    params = list(trainable.values())
    rate, decay = plan.learning_rate, plan.weight_decay
    betas = (plan.beta1, plan.beta2)
    if plan.name == "sgd":
        return torch.optim.SGD(params, lr=rate, momentum=plan.beta1, weight_decay=decay)
    if plan.name == "lion":
        return Lion(params, lr=rate, betas=betas, weight_decay=decay)
    if plan.name == "adafactor":
        return torch.optim.Adafactor(params, lr=rate, weight_decay=decay)
    adamw = {"betas": betas, "eps": plan.epsilon, "fused": True}
    if plan.name == "muon":
        return Muon(trainable, lr=rate, momentum=plan.beta1, weight_decay=decay, adamw=adamw)
    return torch.optim.AdamW(params, lr=rate, weight_decay=decay, **adamw)


def check(plan: OptimizerPlan) -> None:
    """Refuse a plan that cannot be followed.

    Raises:
        TrainingError: It names no optimizer or no schedule, or a schedule without its length.
    """
    for value, known, what in (
        (plan.name, OPTIMIZERS, "optimizer"),
        (plan.schedule, LEARNING_RATE_SCHEDULES, "learning rate schedule"),
    ):
        if value not in known:
            raise TrainingError(f"no such {what}", expected=", ".join(known), got=value)
    if plan.schedule != "constant" and plan.schedule_steps <= plan.warmup:
        raise TrainingError(
            f"the schedule {plan.schedule!r} needs its length",
            expected="schedule_steps greater than warmup",
            got=str(plan.schedule_steps),
            hint="the length is a setting of its own so that a run can be made longer later",
        )


def learning_rate(plan: OptimizerPlan, step: int) -> float:
    """Return the rate of a step, counted from 0; a pure function, so it needs no state."""
    if step < plan.warmup:
        return plan.learning_rate * (step + 1) / plan.warmup
    if plan.schedule == "constant":
        return plan.learning_rate
    done = min(1.0, (step - plan.warmup) / (plan.schedule_steps - plan.warmup))
    falling = 1 - done if plan.schedule == "linear" else (1 + math.cos(math.pi * done)) / 2
    return plan.learning_rate * (plan.end + (1 - plan.end) * falling)


def read_state(optimizer: Any, trainable: Mapping[str, nn.Parameter]) -> dict[str, Tensor]:
    """Return the optimizer's memory as tensors by `<value>/<parameter>`."""
    return {
        f"{key}/{name}": value
        for name, parameter in trainable.items()
        for key, value in optimizer.state.get(parameter, {}).items()
        if isinstance(value, Tensor)
    }


def write_state(
    optimizer: Any, trainable: Mapping[str, nn.Parameter], tensors: Mapping[str, Tensor]
) -> None:
    """Give an optimizer the memory that `read_state` returned."""
    for key, tensor in tensors.items():
        value, name = key.split("/", 1)
        parameter = trainable[name]
        like = parameter if tensor.shape == parameter.shape else tensor
        # memory of our own, in the parameter's layout: a mapped file's may be aligned otherwise
        copy = torch.empty_like(like, device=tensor.device, dtype=tensor.dtype)
        optimizer.state[parameter][value] = copy.copy_(tensor)
