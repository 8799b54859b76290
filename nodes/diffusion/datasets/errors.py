"""What can be wrong with a data set."""

from __future__ import annotations


class DatasetError(ValueError):
    """A data set that cannot be read, built or used; the message says how to mend it."""
