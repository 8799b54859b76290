"""What can go wrong in a training run."""

from __future__ import annotations

from nodes.diffusion.errors import DiffusionError


class TrainingError(DiffusionError):
    """A run that cannot begin as it was asked for."""


class DivergedError(TrainingError):
    """The loss is no longer a number; the last state on disk is from before."""


class RunStateError(TrainingError):
    """The folder of a run that is in use, belongs to another run, or cannot be written."""
