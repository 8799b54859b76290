"""What can be wrong with a data set."""

from __future__ import annotations

from nodes.diffusion.errors import DiffusionError


class DatasetError(DiffusionError):
    """A data set that cannot be read, built or used."""
