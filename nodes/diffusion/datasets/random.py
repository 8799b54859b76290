"""Randomness as a pure function: the same purpose, seed and counters give the same numbers.

Nothing here has a state that must be saved, so a run that was cut off continues with exactly the
numbers that it would have drawn.
"""

from __future__ import annotations

import hashlib

import numpy as np
import torch


def seed_of(purpose: str, seed: int, *counters: int | str) -> int:
    """Return 64 bits that depend on everything named, and on nothing else.

    Args:
        purpose: What the numbers are for: `"noise"`, `"caption"`; keeps streams apart.
        seed: The user's seed; any integer.
        counters: Step, index, a content hash: whatever tells one draw from another.
    """
    parts = (purpose, str(seed), *(f"{type(c).__name__}:{c}" for c in counters))
    digest = hashlib.blake2b("\0".join(parts).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def rng(purpose: str, seed: int, *counters: int | str) -> torch.Generator:
    """Return a fresh CPU generator for tensors; see `seed_of` for the arguments."""
    generator = torch.Generator(device="cpu")
    # torch keeps 63 bits of a seed apart on every platform
    generator.manual_seed(seed_of(purpose, seed, *counters) >> 1)
    return generator


def numbers(purpose: str, seed: int, *counters: int | str) -> np.random.Generator:
    """Return a fresh numpy generator (Philox); see `seed_of` for the arguments."""
    return np.random.Generator(np.random.Philox(key=seed_of(purpose, seed, *counters)))
