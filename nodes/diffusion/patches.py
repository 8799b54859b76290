"""Reversible changes of weights: what a handle asks for, tensor by tensor, from pristine weights.

Nothing is ever subtracted: a change is undone by reading the weight again from its file, so that
any number of changes leaves the base bit-identical.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from nodes.diffusion.checkpoints.read import open_tensors
from nodes.diffusion.errors import MergeError, PatchError
from nodes.diffusion.handles import ClipMerge, ClipSum, LoraPatch, ModelMerge, ModelSum
from nodes.diffusion.lora.file import LoraFile, Match, read_lora

if TYPE_CHECKING:
    from torch import Tensor

    from nodes.diffusion.handles import Weights
    from nodes.diffusion.pristine import Handle, Pristine

Merge = ModelMerge | ModelSum | ClipMerge | ClipSum
Step = LoraPatch | ModelMerge | ModelSum | ClipMerge | ClipSum
Recipe = tuple[Step, ...]
"""The patches that touch one tensor, in order."""


class Patches:
    """Turns handles into tensors. Safe between threads.

    Args:
        pristine: Gives the networks of a handle's file by name.
        locate: Gives the path of a weights file.
    """

    def __init__(
        self,
        pristine: Callable[[Handle], Mapping[str, Pristine]],
        locate: Callable[[Weights], Path],
    ) -> None:
        self._pristine = pristine
        self._locate = locate
        self._lock = threading.RLock()
        self._files: dict[str, LoraFile] = {}
        self._matches: dict[tuple[str, str, str, type[object]], Match] = {}

    def recipes(self, handle: Handle) -> dict[tuple[str, str], Recipe]:
        """Return what touches each tensor, by network and parameter; others stay as they are.

        Raises:
            PatchError: A LoRA is no LoRA or has broken modules.
            MergeError: Two models have different sizes.
        """
        recipes: dict[tuple[str, str], Recipe] = {}
        for name, network in self._pristine(handle).items():
            for step in handle.patches:
                for parameter in self._touched(handle, name, network, step):
                    recipes[name, parameter] = (*recipes.get((name, parameter), ()), step)
        return recipes

    def tensor(self, handle: Handle, network: str, parameter: str, device: torch.device) -> Tensor:
        """Return one tensor of a handle with its patches applied, computed in float32.

        Args:
            handle: The model.
            network: Name of the network.
            parameter: Name in the network.
            device: Where to compute.
        """
        pristine = self._pristine(handle)[network]
        weight = pristine.read(parameter).to(device, torch.float32)
        for step in handle.patches:
            if isinstance(step, LoraPatch):
                match = self._match(handle, network, pristine, step)
                for adapter in match.adapters.get(parameter, ()) if step.strength else ():
                    weight = adapter.apply(weight, step.strength)
            elif not _is_nothing(step, original := pristine.originals.get(parameter, "")):
                other = self.tensor(step.other, network, parameter, device)
                weight = _merged(weight, other, step, original)
        return weight

    def forget(self) -> None:
        """Close the LoRA files."""
        with self._lock:
            self._files.clear()
            self._matches.clear()

    def _touched(self, handle: Handle, name: str, network: Pristine, step: Step) -> Iterator[str]:
        if isinstance(step, LoraPatch):
            if step.strength == 0.0:
                return
            adapters = self._match(handle, name, network, step).adapters
            yield from (parameter for parameter in adapters if parameter in network.shapes)
            return
        touched = [
            parameter
            for parameter in network.shapes
            if not _is_nothing(step, network.originals.get(parameter, ""))
        ]
        if not touched:
            return
        other = self._pristine(step.other).get(name)
        if other is None or other.shapes != network.shapes:
            raise MergeError(
                "the two models have different sizes and cannot be merged",
                expected=f"a model of the sizes of {network.file.path.name}",
                got=step.other.weights.path,
            )
        yield from touched

    def _match(self, handle: Handle, name: str, network: Pristine, step: LoraPatch) -> Match:
        key = (step.weights.sha256, handle.weights.sha256, name, type(handle))
        with self._lock:
            if key not in self._matches:
                self._matches[key] = self._file(step.weights).match(network.names)
            return self._matches[key]

    def _file(self, weights: Weights) -> LoraFile:
        if weights.sha256 not in self._files:
            self._files[weights.sha256] = read_lora(open_tensors(self._locate(weights)))
        return self._files[weights.sha256]


@dataclass(frozen=True, kw_only=True)
class LoraReport:
    """How a LoRA file fits a model.

    Attributes:
        unmatched: Names in the file that fit nothing, sorted.
        matched: Modules that fit.
    """

    matched: int
    unmatched: tuple[str, ...] = field(default=())


def check_lora(path: Path, names: Mapping[str, str]) -> LoraReport:
    """Tell how a LoRA file fits a model, from headers alone.

    Args:
        path: The LoRA file.
        names: Parameter by each name that LoRA files call its module, of all networks together.

    Raises:
        PatchError: The file is no LoRA, or nothing in it fits.
        WeightsFormatError: The file is broken.
    """
    lora = read_lora(open_tensors(path))
    matched = set(lora.matched(names))
    if not matched:
        raise PatchError(
            f"nothing in {path.name} fits this model",
            expected="a LoRA that was trained on a model of this family and size",
            got=f"{len(lora.modules)} modules with {lora.dialect}",
        )
    unmatched = sorted({*lora.modules} - matched)
    return LoraReport(matched=len(matched), unmatched=(*unmatched, *sorted(lora.strange)))


def _is_nothing(step: Merge, original: str) -> bool:
    """Tell whether a merge leaves a tensor as it is, by its name in the original layout."""
    match step:
        case ModelMerge():
            return step.ratio_of(original) == 1.0
        case ClipMerge(ratio=ratio):
            return ratio == 1.0
        case ModelSum(own=own, others=others) | ClipSum(own=own, others=others):
            return own == 1.0 and others == 0.0


def _merged(weight: Tensor, other: Tensor, step: Merge, original: str) -> Tensor:
    match step:
        case ModelMerge():
            ratio = step.ratio_of(original)
            return weight * ratio + other * (1.0 - ratio)
        case ClipMerge(ratio=ratio):
            return weight * ratio + other * (1.0 - ratio)
        case ModelSum(own=own, others=others) | ClipSum(own=own, others=others):
            return weight * own + other * others
