"""Normalisation in full precision while the layers around it compute in half of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from torch import Tensor, nn


@contextmanager
def norms_in_float32(networks: Sequence[nn.Module]) -> Iterator[None]:
    """Let the group norms of networks see float32, whatever precision autocast gives their inputs.

    Statistics of half precision are coarse, and on CPUs their gradient takes five times as long.
    """
    with ExitStack() as hooks:
        for network in networks:
            for module in network.modules():
                if isinstance(module, nn.GroupNorm):
                    hook = module.register_forward_pre_hook(_to_float32)
                    hooks.callback(hook.remove)
        yield


def _to_float32(_module: nn.Module, inputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    return tuple(value.float() for value in inputs)
