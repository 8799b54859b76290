"""A network in the form that samplers use: noisy latent and level in, latent without noise out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from nodes.diffusion.sampling.model_sampling import model_sampling

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

    from nodes.diffusion.components import Diffusion
    from nodes.diffusion.sampling.model_sampling import ModelSampling


@dataclass(frozen=True, eq=False)
class Network:
    """A diffusion network and the meaning of its output.

    Attributes:
        diffusion: The network.
        sampling: Its noise levels.
    """

    diffusion: Diffusion
    sampling: ModelSampling

    @classmethod
    def of(cls, diffusion: Diffusion) -> Network:
        """Return the network with the noise levels that it says it has."""
        return cls(diffusion, model_sampling(diffusion))

    def denoise(
        self,
        x: Tensor,
        sigma: float,
        context: Tensor,
        *,
        concat: Tensor | None = None,
        added: Mapping[str, Tensor] | None = None,
    ) -> Tensor:
        """Return the guess of the latent without noise, float32 [B, C, h, w].

        Args:
            x: Noisy latent in the network's scale, float32 [B, C, h, w].
            sigma: Its noise level.
            context: Encoded text [B, T, D].
            concat: Further input channels [B, c, h, w] (inpainting models).
            added: SDXL's pooled text and sizes: `text_embeds` [B, P] and `time_ids` [B, k].
        """
        dtype = self.diffusion.dtype
        entering = self.sampling.network_input(x, sigma)
        if concat is not None:
            entering = torch.cat([entering, concat], dim=1)
        timestep = torch.full((len(x),), self.sampling.levels.timestep(sigma), device=x.device)
        output = self.diffusion.unet(
            entering.to(dtype),
            timestep,
            encoder_hidden_states=context,
            added_cond_kwargs=dict(added) if added else None,
        ).sample
        return self.sampling.denoised(x, output.float(), sigma)
