"""The values that links of the built-in nodes carry, with their socket types.

Annotations of node functions are read at run time, so torch's types stand here as `object` then.
"""

from typing import TYPE_CHECKING, Annotated, Any

from engine import Socket, handle
from nodes.diffusion import handles
from nodes.diffusion.datasets import plans
from nodes.diffusion.sampling import request
from nodes.diffusion.training import plans as training

if TYPE_CHECKING:
    from torch import Tensor
else:
    Tensor = object

for _part in (
    handles.Weights,
    handles.LoraPatch,
    handles.ModelMerge,
    handles.ModelSum,
    handles.ClipMerge,
    handles.ClipSum,
    handles.Model,
    handles.Clip,
    handles.Vae,
):
    handle(_part)

Image = Annotated[Tensor, Socket("IMAGE")]
"""Pictures [B, H, W, C], float32 in 0..1, RGB (C 3) or with alpha (C 4), on the CPU."""

Mask = Annotated[Tensor, Socket("MASK")]
"""Masks [B, H, W], float32 in 0..1; 1 is what is to be changed."""

Latent = Annotated[dict[str, Any], Socket("LATENT")]
"""`samples` [B, C, h, w]; may hold `noise_mask` [B, 1, H, W] and `batch_index` (a list)."""

Conditioning = Annotated[list[list[Any]], Socket("CONDITIONING")]
"""Pairs of encoded text [B, T, D] and a dict with `pooled_output` and further settings."""

Sigmas = Annotated[Tensor, Socket("SIGMAS")]
"""Noise levels [n + 1], falling, float32; the last one is usually 0."""

Model = Annotated[handles.Model, Socket("MODEL")]
"""A denoising network, by reference."""

Clip = Annotated[handles.Clip, Socket("CLIP")]
"""A text encoder with its tokenizer, by reference."""

Vae = Annotated[handles.Vae, Socket("VAE")]
"""An autoencoder between pictures and latents, by reference."""

LoraModel = Annotated[dict[str, Tensor], Socket("LORA_MODEL")]
"""Weights of a LoRA by their names in the file."""

LossMap = Annotated[dict[str, list[float]], Socket("LOSS_MAP")]
"""`loss`: the training loss of each step."""

Dataset = Annotated[plans.Dataset, Socket("DATASET")]
"""Pictures with captions and what is to be done with them, by reference."""

Sampler = Annotated[request.Method, Socket("SAMPLER")]
"""A sampler with its options."""

Noise = Annotated[request.NoiseSource, Socket("NOISE")]
"""The seed of the noise that a picture starts from, or that there is none."""

Guider = Annotated[request.Guider, Socket("GUIDER")]
"""A model together with the conditioning that it follows."""

Optimizer = Annotated[training.OptimizerPlan, Socket("OPTIMIZER")]
"""How gradients become changes of weights."""

EmaConfig = Annotated[training.EmaPlan, Socket("EMA_CONFIG")]
"""An average of the weights to keep while training."""

Objective = Annotated[training.ObjectivePlan, Socket("OBJECTIVE")]
"""What a denoising network is asked for while it is trained."""

Previews = Annotated[training.PreviewPlan, Socket("PREVIEW_PLAN")]
"""Pictures to draw while training."""

Checkpoints = Annotated[training.CheckpointPlan, Socket("CHECKPOINT_POLICY")]
"""When the state of a training run is written."""

LoraFile = Annotated[handles.Weights, Socket("LORA")]
"""A LoRA file, by reference."""
