"""What can be wrong with weights, text and patches, as plain exceptions of the library."""

from __future__ import annotations


class DiffusionError(ValueError):
    """The base of all errors that this library raises on purpose.

    Args:
        message: What is wrong, in one sentence.
        expected: What would be right.
        got: What came.
        hint: How to mend it.
    """

    def __init__(
        self,
        message: str,
        *,
        expected: str | None = None,
        got: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.expected = expected
        self.got = got
        self.hint = hint


class WeightsFormatError(DiffusionError):
    """A file that does not hold weights, or holds them broken."""


class MissingFileError(DiffusionError):
    """A weights file that was there when a model was named, and is not any more."""


class UnknownModelError(DiffusionError):
    """Well-formed weights of a model that this program does not know."""


class MissingComponentError(DiffusionError):
    """A weights file without the part that was asked for."""


class WeightsMismatchError(DiffusionError):
    """Weights whose names or shapes do not fit the model that they are for."""


class PatchError(DiffusionError):
    """A LoRA or another patch that fits nothing of the model."""


class MergeError(DiffusionError):
    """Two models that cannot be merged."""
