"""One budget for the memory of a device, on which weights and kept results draw together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

_LEFT_TO_RESULTS = 1 / 8


class Results(Protocol):
    """Who keeps results on the device, and gives them up for weights."""

    @property
    def budgets(self) -> Any:
        """`device`: bytes for weights and results together, or None."""
        ...

    def bytes_on(self, device: str) -> int:
        """Return what results hold of a device's memory."""
        ...

    def share(self, device: str, room: Callable[[], int]) -> None:
        """Let results hold no more than `room` says is left."""
        ...

    def give_up(self, device: str, count: int) -> int:
        """Give up so many bytes of results where that is possible; returns how many it was."""
        ...


class DeviceMemory:
    """Says how much of a device is taken, and lets results go before weights must.

    Results always keep an eighth of the budget, so that a model which fills the device does not
    make every small value be computed twice.

    Args:
        device: Kind of device: `cpu`, `cuda`.
        budget: Bytes for weights and results together.

    Attributes:
        weights: Bytes of the weights that are kept; whoever keeps them sets it.
    """

    def __init__(self, device: str, budget: int) -> None:
        self.budget = budget
        self.weights = 0
        self._device = device
        self._results: Results | None = None

    def share(self, results: Results) -> None:
        """Draw on the budget together with those who keep results."""
        self._results = results
        if results.budgets.device is not None:
            self.budget = results.budgets.device
        # What this returns is read without a lock, since results ask while they hold their own.
        results.share(self._device, self._left)

    def missing(self, wanted: int) -> int:
        """Return by how many bytes the budget would be exceeded; below 0 there is room.

        Args:
            wanted: Bytes of weights to come.
        """
        return self.weights + wanted + self._held() - self.budget

    def make_room(self, wanted: int) -> None:
        """Let results go until so many bytes of weights fit, as far as results can help."""
        missing = min(self.missing(wanted), self._held() - self._least())
        if self._results is not None and missing > 0:
            self._results.give_up(self._device, missing)

    def _held(self) -> int:
        return 0 if self._results is None else self._results.bytes_on(self._device)

    def _least(self) -> int:
        return int(self.budget * _LEFT_TO_RESULTS)

    def _left(self) -> int:
        return max(self.budget - self.weights, self._least())
