"""Models as data: weights by reference, changes as a list; no torch.

Two equal handles are the same model. A handle never holds tensors: `residency` turns it into
modules on a device, always from the pristine weights, so that any number of changes leaves the
base bit-identical.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Prediction = Literal["epsilon", "v_prediction", "sample", "flow"]
"""What the network's output means."""


@dataclass(frozen=True, kw_only=True)
class Weights:
    """A weights file, known by what is in it.

    Attributes:
        sha256: Hash of the whole file, lower-case hex.
        path: Where the file was when the handle was made; not part of the identity.
    """

    sha256: str
    path: str = field(compare=False)


@dataclass(frozen=True, kw_only=True)
class LoraPatch:
    """A LoRA (or another low-rank file) on top of a model.

    Attributes:
        weights: The LoRA file.
        strength: Factor on its change; 0 leaves the model as it is.
    """

    weights: Weights
    strength: float


@dataclass(frozen=True, kw_only=True)
class ModelMerge:
    """A weighted average with another model: `ratio` of this one, `1 - ratio` of the other."""

    other: Model
    ratio: float


@dataclass(frozen=True, kw_only=True)
class ClipMerge:
    """A weighted average with another text encoder: `ratio` of this one."""

    other: Clip
    ratio: float


@dataclass(frozen=True, kw_only=True)
class ModelSum:
    """A sum with another model: `own` times this one plus `others` times the other."""

    other: Model
    own: float
    others: float


@dataclass(frozen=True, kw_only=True)
class ClipSum:
    """A sum with another text encoder: `own` times this one plus `others` times the other."""

    other: Clip
    own: float
    others: float


@dataclass(frozen=True, kw_only=True)
class Model:
    """A denoising network.

    Attributes:
        weights: The file that holds the network (a checkpoint or the network alone).
        patches: Changes to the weights, applied in order.
        prediction: Overrides what the file says about itself.
        zero_terminal_snr: Overrides what the file says about itself.
    """

    weights: Weights
    patches: tuple[LoraPatch | ModelMerge | ModelSum, ...] = ()
    prediction: Prediction | None = None
    zero_terminal_snr: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Clip:
    """A text encoder with its tokenizer.

    Attributes:
        weights: The file that holds the encoder.
        patches: Changes to the weights, applied in order.
        layer: Which hidden state to take, from the end (-1 is the last); None is the model's own.
    """

    weights: Weights
    patches: tuple[LoraPatch | ClipMerge | ClipSum, ...] = ()
    layer: int | None = None


@dataclass(frozen=True, kw_only=True)
class Vae:
    """An autoencoder between pictures and latents."""

    weights: Weights
