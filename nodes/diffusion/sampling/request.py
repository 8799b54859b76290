"""What a workflow asks of sampling, as data; no torch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nodes.diffusion.handles import Model

Conditioning = Sequence[Sequence[Any]]
"""What links carry: pairs of encoded text [B, T, D] and a dict of settings."""


@dataclass(frozen=True, kw_only=True)
class Method:
    """A sampler with its options.

    Attributes:
        name: One of `names.SAMPLERS`.
        options: Keyword arguments of the sampler's function.
    """

    name: str
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, kw_only=True)
class NoiseSource:
    """Where the noise that a picture starts from comes from.

    Attributes:
        seed: From 0 to 2**64 - 1; None adds no noise.
    """

    seed: int | None


@dataclass(frozen=True, kw_only=True)
class Guidance:
    """What a run follows.

    Attributes:
        positive: Conditioning to follow.
        negative: Conditioning to avoid.
        cfg: Strength of the guidance; 1 does without the negative conditioning.
        second: A second conditioning to follow, between the two.
        cfg_second: Strength of the second against the negative.
        nested: Guide the first by the second as already guided.
    """

    positive: Conditioning
    negative: Conditioning = ()
    cfg: float = 1.0
    second: Conditioning = ()
    cfg_second: float = 1.0
    nested: bool = False


@dataclass(frozen=True, kw_only=True)
class Guider:
    """A model together with what it follows.

    Attributes:
        model: The model.
        guidance: Conditioning and its strength.
    """

    model: Model
    guidance: Guidance
