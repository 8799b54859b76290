"""One run of a sampler on behalf of a node: noise, progress, previews, the latent's bookkeeping."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from engine import Context
from nodes.diffusion import handles
from nodes.diffusion.sampling.request import Guidance, Method
from nodes.library_errors import blaming
from nodes.types import Latent, Sigmas, Tensor

if TYPE_CHECKING:
    from nodes.diffusion.components import Diffusion
    from nodes.diffusion.residency import Residency
    from nodes.diffusion.sampling.trajectory import Moment

_REST = 15
"""Time between two previews, as a multiple of what one costs."""

Planned = Callable[["Diffusion"], Sigmas]
"""Makes the noise levels once the model is there."""


def residency(context: Context) -> "Residency":
    """Return the worker's keeper of weights."""
    from nodes.diffusion.residency import Residency

    return context.resource("residency", Residency)


def run_sampler(
    context: Context,
    *,
    model: handles.Model,
    guidance: Guidance,
    method: Method,
    sigmas: Planned,
    latent: Latent,
    seed: int,
    add_noise: bool = True,
) -> tuple[Latent, Latent]:
    """Return the sampled latent, and the model's last guess of the latent without noise.

    Args:
        context: Of the node.
        model: The model.
        guidance: Conditioning and its strength.
        method: The sampler.
        sigmas: Makes the noise levels.
        latent: What to start from.
        seed: Of the noise.
        add_noise: Without it the run continues an earlier one that stopped before the noise ended.
    """
    import torch

    from nodes.diffusion.sampling.noise import initial_noise
    from nodes.diffusion.sampling.sample import fit_channels, sample_guided

    context.check_interrupt()
    watcher = _Watcher(context, model)
    with blaming("model"), residency(context).diffusion(model) as diffusion:
        with blaming("latent_image"):
            samples = fit_channels(latent["samples"], diffusion.latents.channels)
        noise = torch.zeros_like(samples)
        if add_noise:
            noise = initial_noise(samples, seed, latent.get("batch_index"))
        with blaming():
            result = sample_guided(
                diffusion,
                noise=noise,
                latent=samples,
                guidance=guidance,
                method=method,
                sigmas=sigmas(diffusion),
                seed=seed,
                noise_mask=latent.get("noise_mask"),
                callback=watcher,
            )
        last = watcher.last
        guess = result if last is None else (last / diffusion.latents.scale).cpu()
    return {**latent, "samples": result}, {**latent, "samples": guess}


class _Watcher:
    """Tells the user of each step and keeps the last guess."""

    def __init__(self, context: Context, model: handles.Model) -> None:
        self._context = context
        self._vae = handles.Vae(weights=model.weights)
        self._in_colour = True
        self._rested_at = 0.0
        self.last: Tensor | None = None

    def __call__(self, moment: "Moment") -> None:
        self.last = moment.denoised
        done = min(moment.step + 1, moment.total)
        self._context.progress(done, moment.total, preview=self._preview)

    def _preview(self) -> Any:
        """Return a picture, or None while the last one still costs too much of the time."""
        start = time.monotonic()
        if start < self._rested_at or self.last is None:
            return None
        shown = self._picture(self.last)
        end = time.monotonic()
        self._rested_at = end + _REST * (end - start)
        return shown

    def _picture(self, latent: Tensor) -> Any:
        """Return a picture, in colour where the model's file holds an autoencoder too."""
        from nodes.diffusion.errors import DiffusionError
        from nodes.diffusion.sampling.preview import Projection, grey_picture, picture

        if not self._in_colour:
            return grey_picture(latent)
        try:
            with residency(self._context).autoencoder(self._vae) as autoencoder:
                name = f"preview/{self._vae.weights.sha256}"
                measured = self._context.resource(name, lambda: Projection.of(autoencoder))
                return picture(latent, autoencoder, measured)
        except DiffusionError:
            self._in_colour = False
            return grey_picture(latent)
