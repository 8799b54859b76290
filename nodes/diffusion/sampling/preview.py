"""Small pictures of unfinished latents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from PIL import Image

if TYPE_CHECKING:
    from torch import Tensor

    from nodes.diffusion.components import AutoEncoder

_CHEAP_PARAMETERS = 8_000_000
_CHEAP_CELLS = 1024
_PROBE_CELLS = 4
_PROBE_LEVEL = 1.5
_SMALLEST_SIDE = 256


@dataclass(frozen=True, eq=False)
class Projection:
    """A linear map from latents to colours.

    Attributes:
        weights: Colour change per channel [C, 3].
        bias: Colour of the zero latent [3].
    """

    weights: Tensor
    bias: Tensor

    @classmethod
    @torch.no_grad()
    def of(cls, autoencoder: AutoEncoder) -> Projection:
        """Measure the map: decode constant latents, one channel up or down at a time."""
        channels = autoencoder.latents.channels
        levels = torch.eye(channels) * (_PROBE_LEVEL / autoencoder.latents.scale)
        probes = torch.cat([torch.zeros(1, channels), levels, -levels])
        flat = probes[:, :, None, None].expand(-1, -1, _PROBE_CELLS, _PROBE_CELLS)
        colours = _decode(autoencoder, flat).mean(dim=(2, 3))
        up, down = colours[1 : 1 + channels], colours[1 + channels :]
        return cls((up - down) / (2 * _PROBE_LEVEL), colours[0])

    def colours(self, latent: Tensor) -> Tensor:
        """Return colours [h, w, 3] in 0..1 of a latent [C, h, w] in the network's scale."""
        weights, bias = self.weights.to(latent.device), self.bias.to(latent.device)
        return (latent.movedim(0, -1) @ weights + bias).clamp(0, 1)


def picture(latent: Tensor, autoencoder: AutoEncoder, projection: Projection) -> Image.Image:
    """Return a picture of the first latent of a batch.

    Small latents of a small autoencoder are decoded, all others projected.

    Args:
        latent: In the network's scale [B, C, h, w].
        autoencoder: The one that belongs to the model.
        projection: Measured from it.
    """
    parameters = sum(parameter.numel() for parameter in autoencoder.vae.parameters())
    cells = latent.shape[2] * latent.shape[3]
    if parameters <= _CHEAP_PARAMETERS and cells <= _CHEAP_CELLS:
        one = latent[:1].to(autoencoder.device) / autoencoder.latents.scale
        return _image(_decode(autoencoder, one)[0].movedim(0, -1))
    return _image(projection.colours(latent[0].float()))


def grey_picture(latent: Tensor) -> Image.Image:
    """Return a picture of the first latent of a batch without knowing its autoencoder."""
    mean = latent[0].float().mean(dim=0)
    spread = mean.std().clamp_min(1e-6)
    grey = ((mean - mean.mean()) / (4 * spread) + 0.5).clamp(0, 1)
    return _image(grey[..., None].expand(-1, -1, 3))


@torch.no_grad()
def _decode(autoencoder: AutoEncoder, latent: Tensor) -> Tensor:
    entering = latent.to(autoencoder.device, autoencoder.dtype)
    vae: Any = autoencoder.vae
    return ((vae.decode(entering).sample.float() + 1) / 2).clamp(0, 1)


def _image(colours: Tensor) -> Image.Image:
    pixels = (colours.detach() * 255).to(torch.uint8).cpu().numpy()
    image = Image.fromarray(np.ascontiguousarray(pixels))
    smaller = min(image.size)
    if smaller >= _SMALLEST_SIDE:
        return image
    factor = -(-_SMALLEST_SIDE // smaller)
    return image.resize((image.width * factor, image.height * factor), Image.Resampling.NEAREST)
