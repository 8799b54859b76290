"""Which files a handle is made of."""

from __future__ import annotations

from collections.abc import Iterator

from nodes.diffusion.handles import Clip, LoraPatch, Model, Vae, Weights


def weights_of(handle: Model | Clip | Vae) -> Iterator[Weights]:
    """Yield all weights files that a handle needs, its own first."""
    yield handle.weights
    for patch in () if isinstance(handle, Vae) else handle.patches:
        if isinstance(patch, LoraPatch):
            yield patch.weights
        else:
            yield from weights_of(patch.other)
