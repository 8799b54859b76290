"""Which weights are on which device, with which patches applied."""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from nodes.diffusion import checkpoints
from nodes.diffusion.checkpoints.detect import describe
from nodes.diffusion.device_memory import DeviceMemory, Results
from nodes.diffusion.handles import Clip, Model, Vae
from nodes.diffusion.patches import Patches, Recipe
from nodes.diffusion.pristine import UNET, Handle, Pristine, open_pristine

if TYPE_CHECKING:
    from torch import nn

    from nodes.diffusion.components import AutoEncoder, Diffusion, TextEncoder
    from nodes.diffusion.handles import Weights

_Place = tuple[str, str]

_HALF_FROM = 100_000_000
"""Parameters from which a denoising network on a GPU computes in float16."""
_CPU_SHARE, _GPU_SHARE = 0.5, 0.8


@dataclass(kw_only=True, eq=False)
class _Entry:
    """Networks of one file on the device.

    All that changes is guarded by the residency's lock.

    Attributes:
        key: Which part of which file.
        component: What is lent.
        networks: The modules in it, by name.
        bytes: Of their weights.
        patches: Those that are applied; None while it is not sure which.
        recipes: What touches each tensor now; None where it is not sure.
        users: How many it is lent to.
        last_used: Time of the last loan, counted in loans.
    """

    key: tuple[type[Any], str]
    component: Any
    networks: Mapping[str, nn.Module]
    bytes: int
    patches: tuple[Any, ...] | None = ()
    recipes: Mapping[_Place, Recipe | None] = field(default_factory=dict[_Place, "Recipe | None"])
    users: int = 0
    last_used: int = 0


class Residency:
    """Keeps networks on a device and makes them what handles ask for. Safe between threads.

    A file is loaded once. A handle with other patches than the last one changes only the tensors
    that differ. While a network is in use its weights stay as they are; who wants the same file
    with other patches meanwhile gets a second copy.

    Args:
        device: Where networks are; the first GPU if there is one, else the CPU.
        dtype: What they compute in; float32, or float16 for large denoising networks on a GPU.
        budget: Bytes of weights to keep, and of kept results where those share it; most of the
            device's memory by default. What is in use may exceed it.
    """

    def __init__(
        self,
        device: torch.device | None = None,
        dtype: torch.dtype | None = None,
        budget: int | None = None,
    ) -> None:
        self.device = device or torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._memory = DeviceMemory(
            self.device.type, _default_budget(self.device) if budget is None else budget
        )
        self._dtype = dtype
        self._lock = threading.RLock()
        self._entries: list[_Entry] = []
        self._pristine: dict[tuple[type[Any], str], Mapping[str, Pristine]] = {}
        self._paths: dict[str, Path] = {}
        self._patches = Patches(self.pristine, self.locate)
        self._clock = 0

    @property
    def bytes(self) -> int:
        """Bytes of all weights that are kept."""
        return self._memory.weights

    def share_memory(self, results: Results) -> None:
        """Draw on the device's budget together with the results that are kept there."""
        self._memory.share(results)

    @contextmanager
    def diffusion(self, handle: Model) -> Generator[Diffusion, None, None]:
        """Lend the denoising network of a handle.

        Raises:
            DiffusionError: The file, a patch or a merge is not what it should be.
        """
        with self._lent(handle) as component:
            yield replace(
                component,
                prediction=handle.prediction or component.prediction,
                zero_terminal_snr=(
                    component.zero_terminal_snr
                    if handle.zero_terminal_snr is None
                    else handle.zero_terminal_snr
                ),
                rescale_cfg=handle.rescale_cfg,
                gradual_mask=handle.gradual_mask,
            )

    @contextmanager
    def text_encoders(self, handle: Clip) -> Generator[Mapping[str, TextEncoder], None, None]:
        """Lend the text encoders of a handle by name.

        Raises:
            DiffusionError: The file, a patch or a merge is not what it should be.
        """
        with self._lent(handle) as component:
            yield component

    @contextmanager
    def autoencoder(self, handle: Vae) -> Generator[AutoEncoder, None, None]:
        """Lend the autoencoder of a handle.

        Raises:
            DiffusionError: The file is not what it should be.
        """
        with self._lent(handle) as component:
            yield component

    def release(self) -> int:
        """Give up all weights that are not in use; returns their bytes."""
        with self._lock:
            freed = sum(self._drop(entry) for entry in list(self._entries) if not entry.users)
            self._pristine.clear()
            self._patches.forget()
        gc.collect()
        if self.device.type == "cuda":
            torch.cuda.empty_cache()
        return freed

    def pristine(self, handle: Handle) -> Mapping[str, Pristine]:
        """Return the unchanged weights of a handle's networks by name, read when asked for.

        Raises:
            DiffusionError: The file is not what it should be.
        """
        key = (type(handle), handle.weights.sha256)
        with self._lock:
            if key not in self._pristine:
                self._pristine[key] = open_pristine(type(handle), self.locate(handle.weights))
            return self._pristine[key]

    def check(self, handle: Handle) -> None:
        """Look whether all patches of a handle fit, without loading the model.

        Raises:
            DiffusionError: A file, a patch or a merge is not what it should be.
        """
        self._patches.recipes(handle)

    def file_dtype(self, handle: Model | Clip | Vae) -> torch.dtype:
        """Return the type of the numbers in a handle's file."""
        return describe(self.locate(handle.weights)).dtype

    def remember(self, weights: Weights) -> None:
        """Note where a file is now; an equal handle from before may still have its old path."""
        with self._lock:
            self._paths[weights.sha256] = Path(weights.path)

    def locate(self, weights: Weights) -> Path:
        """Return the path of a weights file."""
        with self._lock:
            return self._paths.get(weights.sha256, Path(weights.path))

    @contextmanager
    def _lent(self, handle: Model | Clip | Vae) -> Generator[Any, None, None]:
        with self._lock:
            entry = self._entry(handle)
            entry.users += 1
            self._clock += 1
            entry.last_used = self._clock
        try:
            yield entry.component
        finally:
            with self._lock:
                entry.users -= 1
                self._keep_budget(0)

    def _entry(self, handle: Model | Clip | Vae) -> _Entry:
        """Return an entry with the handle's patches applied: as it is, changed, or loaded."""
        key = (type(handle), handle.weights.sha256)
        patches = () if isinstance(handle, Vae) else handle.patches
        same = [entry for entry in self._entries if entry.key == key]
        for entry in same:
            if entry.patches == patches:
                return entry
        entry = next((entry for entry in same if not entry.users), None) or self._loaded(handle)
        if not isinstance(handle, Vae):
            self._apply(entry, handle)
        return entry

    def _apply(self, entry: _Entry, handle: Handle) -> None:
        """Change the tensors whose recipe differs, each from its pristine state."""
        recipes = self._patches.recipes(handle)
        stale = {
            place
            for place in entry.recipes.keys() | recipes.keys()
            if entry.recipes.get(place, ()) != recipes.get(place, ())
        }
        # Until all are changed the entry matches no handle, so a failure here costs no truth.
        entry.patches, entry.recipes = None, {**entry.recipes, **dict.fromkeys(stale)}
        with torch.no_grad():
            for network, parameter in sorted(stale):
                target = entry.networks[network].get_parameter(parameter)
                target.copy_(self._patches.tensor(handle, network, parameter, self.device))
        entry.patches, entry.recipes = handle.patches, recipes

    def _loaded(self, handle: Model | Clip | Vae) -> _Entry:
        weights = replace(handle.weights, path=str(self.locate(handle.weights)))
        dtype = self._dtype or _default_dtype(handle, weights, self.device)
        load = _LOADERS[type(handle)]
        self._keep_budget(_expected_bytes(handle, weights, dtype))
        try:
            component = load(weights, self.device, dtype)
        except torch.OutOfMemoryError:
            self.release()
            component = load(weights, self.device, dtype)
        networks = _networks(component)
        entry = _Entry(
            key=(type(handle), handle.weights.sha256),
            component=component,
            networks=networks,
            bytes=sum(_bytes(network) for network in networks.values()),
        )
        self._entries.append(entry)
        self._memory.weights += entry.bytes
        return entry

    def _keep_budget(self, wanted: int) -> None:
        """Let results go, then what was not used for longest, until so many bytes more fit."""
        self._memory.make_room(wanted)
        idle = sorted(
            (entry for entry in self._entries if not entry.users),
            key=lambda entry: entry.last_used,
        )
        for entry in idle:
            if self._memory.missing(wanted) <= 0:
                return
            self._drop(entry)

    def _drop(self, entry: _Entry) -> int:
        self._entries.remove(entry)
        self._memory.weights -= entry.bytes
        return entry.bytes


_LOADERS: Mapping[type[Any], Callable[..., Any]] = {
    Model: checkpoints.load_diffusion,
    Clip: checkpoints.load_text_encoders,
    Vae: checkpoints.load_autoencoder,
}


def _networks(component: Any) -> dict[str, nn.Module]:
    if isinstance(component, Mapping):
        return {name: encoder.model for name, encoder in component.items()}
    return {UNET: component.unet} if hasattr(component, "unet") else {"vae": component.vae}


def _bytes(network: nn.Module) -> int:
    return sum(tensor.numel() * tensor.element_size() for tensor in network.state_dict().values())


def _parameters(handle: Model | Clip | Vae, weights: Weights) -> int:
    """Count the parameters that a handle's networks have in the file."""
    description = describe(weights.path)
    parts = {
        Model: [description.unet],
        Clip: list(description.text_encoders.values()),
        Vae: [description.vae],
    }[type(handle)]
    prefixes = tuple(part.prefix for part in parts if part)
    return sum(count for key, count in description.sizes.items() if key.startswith(prefixes))


def _expected_bytes(handle: Model | Clip | Vae, weights: Weights, dtype: torch.dtype) -> int:
    return _parameters(handle, weights) * dtype.itemsize


def _default_dtype(
    handle: Model | Clip | Vae, weights: Weights, device: torch.device
) -> torch.dtype:
    large = isinstance(handle, Model) and _parameters(handle, weights) >= _HALF_FROM
    return torch.float16 if large and device.type == "cuda" else torch.float32


def _default_budget(device: torch.device) -> int:
    if device.type == "cuda":
        return int(torch.cuda.get_device_properties(device).total_memory * _GPU_SHARE)
    return int(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * _CPU_SHARE)
