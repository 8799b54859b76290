"""Models as data: weights by reference, changes as a list; no torch.

Two equal handles are the same model. A handle never holds tensors: `residency` turns it into
modules on a device, always from the pristine weights, so that any number of changes leaves the
base bit-identical.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Prediction = Literal["epsilon", "v_prediction", "sample", "flow", "consistency", "translation"]
"""What the network's output means.

`consistency` models (LCM) say the noise and were distilled to few noise levels; `translation`
models take a picture without noise and say another picture.
"""


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
    """A weighted average with another model: `ratio` of this one, `1 - ratio` of the other.

    Attributes:
        other: The other model.
        ratio: Share of this one.
        blocks: Shares of the tensors whose name in the original layout begins with a text; where
            several fit, the longest counts.
    """

    other: Model
    ratio: float
    blocks: tuple[tuple[str, float], ...] = ()

    def ratio_of(self, name: str) -> float:
        """Return the share of this model in a tensor, by its name in the original layout."""
        fitting = [block for block in self.blocks if name.startswith(block[0])]
        return max(fitting, key=lambda block: len(block[0]))[1] if fitting else self.ratio


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
        rescale_cfg: How far guided guesses get the contrast of those that were not led away from
            the negative conditioning, from 0 to 1.
        gradual_mask: Noise masks open with time, the darker the later: how much of the mask does
            so; None for masks that stay as they are.
    """

    weights: Weights
    patches: tuple[LoraPatch | ModelMerge | ModelSum, ...] = ()
    prediction: Prediction | None = None
    zero_terminal_snr: bool | None = None
    rescale_cfg: float = 0.0
    gradual_mask: float | None = None


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
