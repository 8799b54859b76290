"""What stays in full precision, or is written out, while the rest computes in half precision."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

import torch
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel


@contextmanager
def half_precision(networks: Sequence[nn.Module], device: torch.device) -> Iterator[None]:
    """Let networks be trained under autocast without its slow paths.

    Group norms see float32: statistics of half precision are coarse, and on CPUs their gradient
    takes five times as long. On CPUs attention is written out as products and a softmax, whose
    gradient takes a third of the fused one's time at the sizes that are trained there.

    Args:
        networks: Left as they were at the end.
        device: Of the networks.
    """
    with ExitStack() as kept:
        if device.type == "cpu":
            kept.enter_context(sdpa_kernel(SDPBackend.MATH))
        for network in networks:
            for module in network.modules():
                if isinstance(module, nn.GroupNorm):
                    hook = module.register_forward_pre_hook(_to_float32)
                    kept.callback(hook.remove)
        yield


def _to_float32(_module: nn.Module, inputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    return tuple(value.float() for value in inputs)
