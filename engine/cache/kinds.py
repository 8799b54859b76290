"""The shape of what the cache knows about one type of value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


class UnhashableValueError(Exception):
    """A value whose content nobody taught us to hash."""


class UnsavableValueError(Exception):
    """A value that nobody taught us to save, or a saved one that no longer fits its type."""


@dataclass(slots=True)
class Size:
    """How much memory a value holds.

    Attributes:
        own: Bytes that only this value holds.
        storages: Bytes of buffers that other values may share, by an identity of the buffer.
        device: Where the buffers are; `cpu` unless one is on a device.
    """

    own: int = 0
    storages: dict[tuple[str, int], int] = field(default_factory=dict[tuple[str, int], int])
    device: str = "cpu"

    @property
    def total(self) -> int:
        """All bytes, as if nothing were shared with other values."""
        return self.own + sum(self.storages.values())


class Kind(Protocol):
    """What the cache can do with the values of a type.

    Saved values are a tree of JSON values and a list of buffers (one-dimensional `uint8` arrays)
    to which the tree refers by number.
    """

    def measure(self, value: Any, size: Size) -> None:
        """Add the value's bytes to a size."""
        ...

    def hash(self, value: Any, update: Callable[[bytes], object]) -> None:
        """Feed bytes that are equal exactly when two values are the same.

        Raises:
            UnhashableValueError: The content cannot be hashed.
        """
        ...

    def move(self, value: Any, device: str) -> Any:
        """Return the value with its buffers on another device, or the value itself."""
        ...

    def encode(self, value: Any, buffers: list[Any]) -> Any:
        """Return the value as a tree of JSON values, with its buffers appended to the list.

        Raises:
            UnsavableValueError: The value cannot be saved.
        """
        ...

    def decode(self, tree: Any, buffers: list[Any]) -> Any:
        """Return the value that `encode` took apart.

        Raises:
            UnsavableValueError: The tree no longer fits the type.
        """
        ...
