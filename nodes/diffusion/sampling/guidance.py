"""Classifier-free guidance (Ho & Salimans 2022) over any number of conditioning entries."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

    from nodes.diffusion.sampling.conditioning import Entry
    from nodes.diffusion.sampling.denoiser import Network
    from nodes.diffusion.sampling.model_sampling import ModelSampling

_LONGEST_REPEAT = 4
_NOT_QUITE_ZERO = 1e-37


@dataclass(frozen=True, eq=False)
class Guided:
    """A denoiser led towards one conditioning and away from another.

    Attributes:
        network: The model.
        positive: Entries to follow.
        negative: Entries to avoid.
        cfg: Strength; at 1 the negative entries are not computed at all.
        rescale: How far the guess gets the contrast of the positive one, from 0 to 1.
    """

    network: Network
    positive: Sequence[Entry]
    negative: Sequence[Entry]
    cfg: float
    rescale: float = 0.0

    @property
    def sampling(self) -> ModelSampling:
        """The model's noise levels."""
        return self.network.sampling

    def __call__(self, x: Tensor, sigma: float) -> Tensor:
        """Return the guided guess of the latent without noise."""
        if math.isclose(self.cfg, 1.0) or not self.negative:
            (positive,) = predict(self.network, [self.positive], x, sigma)
            return positive
        return self.both(x, sigma)[0]

    def both(self, x: Tensor, sigma: float) -> tuple[Tensor, Tensor]:
        """Return the guided guess and that of the negative conditioning, where there is one."""
        if not self.negative:
            (positive,) = predict(self.network, [self.positive], x, sigma)
            return positive, positive
        negative, positive = predict(self.network, [self.negative, self.positive], x, sigma)
        guided = negative + (positive - negative) * self.cfg
        if self.rescale:
            guided = rescaled(guided, positive, x, sigma, self.rescale)
        return guided, negative


def rescaled(guided: Tensor, positive: Tensor, x: Tensor, sigma: float, share: float) -> Tensor:
    """Bring a guided guess back to the contrast of the positive one (Lin et al. 2023, 3.4).

    The contrast is that of the velocities that stand for the guesses, over each latent.

    Args:
        guided: Guess of the latent without noise [B, C, h, w].
        positive: The same of the positive conditioning alone.
        x: The noisy latent in its variance-exploding form.
        sigma: Its noise level, above 0.
        share: 0 leaves the guess as it is, 1 rescales it wholly.
    """
    variance = sigma**2 + 1
    factor = math.sqrt(variance) / sigma
    v_guided, v_positive = ((x / variance - guess) * factor for guess in (guided, positive))
    dims = tuple(range(1, x.ndim))
    contrast = v_positive.std(dim=dims, keepdim=True) / v_guided.std(dim=dims, keepdim=True)
    v = v_guided * (share * contrast + (1.0 - share))
    return x / variance - v / factor


@dataclass(frozen=True, eq=False)
class DoublyGuided:
    """Guidance by two positive conditionings (as of Brooks et al. 2023, equation 3).

    Attributes:
        network: The model.
        first: Entries of the conditioning to follow.
        second: Entries of the conditioning between the first and the negative one.
        negative: Entries to avoid.
        cfg: Strength of the first.
        cfg_second: Strength of the second against the negative.
        nested: Guide the first by the second as already guided.
    """

    network: Network
    first: Sequence[Entry]
    second: Sequence[Entry]
    negative: Sequence[Entry]
    cfg: float
    cfg_second: float
    nested: bool = False

    @property
    def sampling(self) -> ModelSampling:
        """The model's noise levels."""
        return self.network.sampling

    def __call__(self, x: Tensor, sigma: float) -> Tensor:
        """Return the guided guess of the latent without noise."""
        return self.both(x, sigma)[0]

    def both(self, x: Tensor, sigma: float) -> tuple[Tensor, Tensor]:
        """Return the guided guess and that of the negative conditioning."""
        sides = [self.negative, self.second, self.first]
        negative, second, first = predict(self.network, sides, x, sigma)
        led = negative + (second - negative) * self.cfg_second
        if self.nested:
            return led + (first - led) * self.cfg, negative
        return led + (first - second) * self.cfg, negative


def predict(
    network: Network, sides: Sequence[Sequence[Entry]], x: Tensor, sigma: float
) -> list[Tensor]:
    """Return the guess of each side: the weighted mean of its entries' guesses.

    Entries of equal shape share one call of the network.

    Args:
        network: The model.
        sides: Entries of each side.
        x: Noisy latent [B, C, h, w].
        sigma: Its noise level.
    """
    asked = [
        (side, entry)
        for side, entries in enumerate(sides)
        for entry in entries
        if entry.is_active(sigma)
    ]
    guesses: list[list[tuple[Entry, Tensor]]] = [[] for _ in sides]
    for group in _groups(asked):
        results = _answers(network, [entry for _, entry in group], x, sigma)
        for (side, entry), guess in zip(group, results, strict=True):
            guesses[side].append((entry, guess))
    return [_mean(found, x) for found in guesses]


def _mean(found: Sequence[tuple[Entry, Tensor]], x: Tensor) -> Tensor:
    if len(found) == 1 and found[0][0].area is None and found[0][0].weights is None:
        return found[0][1]
    total = torch.zeros_like(x)
    count = torch.full_like(x, _NOT_QUITE_ZERO)
    for entry, guess in found:
        weights = 1.0 if entry.weights is None else _repeated(entry.weights, len(x))
        into, counted = total, count
        if entry.area is not None:
            into, counted = entry.area.crop(total), entry.area.crop(count)
        into += guess * weights
        counted += weights
    return total / count


def _groups(asked: Sequence[tuple[int, Entry]]) -> list[list[tuple[int, Entry]]]:
    groups: list[list[tuple[int, Entry]]] = []
    for item in asked:
        for group in groups:
            if all(_fit(item[1], other) for _, other in group):
                group.append(item)
                break
        else:
            groups.append([item])
    return groups


def _fit(one: Entry, other: Entry) -> bool:
    """Tell whether two entries can share a call; short texts are repeated to a common length."""
    lengths = one.context.shape[1], other.context.shape[1]
    return (
        math.lcm(*lengths) <= _LONGEST_REPEAT * min(lengths)
        and one.context.shape[2] == other.context.shape[2]
        and _size(one) == _size(other)
        and (one.concat is None) == (other.concat is None)
        and one.added.keys() == other.added.keys()
    )


def _size(entry: Entry) -> tuple[int, int] | None:
    return None if entry.area is None else (entry.area.height, entry.area.width)


def _answers(
    network: Network, entries: Sequence[Entry], x: Tensor, sigma: float
) -> Sequence[Tensor]:
    """Ask for all entries at once; one by one where memory does not allow that."""
    try:
        return _ask(network, entries, x, sigma)
    except torch.OutOfMemoryError:
        if len(entries) == 1:
            raise
    return [_ask(network, [entry], x, sigma)[0] for entry in entries]


def _ask(network: Network, entries: Sequence[Entry], x: Tensor, sigma: float) -> Sequence[Tensor]:
    batch = len(x)
    length = math.lcm(*(entry.context.shape[1] for entry in entries))
    inputs, contexts, concats = [], [], []
    for entry in entries:
        inputs.append(x if entry.area is None else entry.area.crop(x))
        context = _repeated(entry.context, batch)
        contexts.append(context.repeat(1, length // context.shape[1], 1))
        if entry.concat is not None:
            extra = entry.concat if entry.area is None else entry.area.crop(entry.concat)
            concats.append(_repeated(extra, batch))
    added = {
        name: torch.cat([_repeated(entry.added[name], batch) for entry in entries])
        for name in entries[0].added
    }
    denoised = network.denoise(
        torch.cat(inputs),
        sigma,
        torch.cat(contexts),
        concat=torch.cat(concats) if concats else None,
        added=added,
    )
    return denoised.chunk(len(entries))


def _repeated(tensor: Tensor, batch: int) -> Tensor:
    """Repeat a batch in order until it is long enough, and cut it to length."""
    if len(tensor) == batch:
        return tensor
    return tensor.repeat(-(-batch // len(tensor)), *[1] * (tensor.ndim - 1))[:batch]
