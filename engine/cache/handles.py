"""Handles: frozen dataclasses that stand for something larger, such as a model by its file."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from engine.cache import values
from engine.cache.kinds import UnhashableValueError, UnsavableValueError

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.cache.kinds import Size

_OBJECT_BYTES = 64


class HandleKind:
    """What the cache can do with one class of handles.

    Args:
        cls: A frozen dataclass.

    Raises:
        TypeError: It is not.
    """

    def __init__(self, cls: type[Any]) -> None:
        if not dataclasses.is_dataclass(cls) or not cls.__dataclass_params__.frozen:  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
            raise TypeError(f"a handle must be a frozen dataclass, and {cls.__qualname__} is none")
        self._cls = cls
        self.tag = f"{cls.__module__}.{cls.__qualname__}"
        fields = dataclasses.fields(cls)
        self._names = tuple(field.name for field in fields if field.init)
        self._identity = tuple(field.name for field in fields if field.compare)

    def measure(self, value: Any, size: Size) -> None:
        """Add the bytes of all fields."""
        size.own += _OBJECT_BYTES
        for name in self._names:
            item = getattr(value, name)
            values.kind_of(item).measure(item, size)

    def hash(self, value: Any, update: Callable[[bytes], object]) -> None:
        """Feed the fields that decide whether two handles are equal."""
        if type(value) is not self._cls:
            raise UnhashableValueError(value)
        update(b"h%d:%b" % (len(self.tag), self.tag.encode()))
        for name in self._identity:
            item = getattr(value, name)
            values.kind_of(item).hash(item, update)

    def move(self, value: Any, device: str) -> Any:
        """Return the handle itself: it holds no buffers that would be worth moving."""
        del device
        return value

    def encode(self, value: Any, buffers: list[Any]) -> Any:
        """Return the fields by name."""
        if type(value) is not self._cls:
            raise UnsavableValueError(f"{type(value).__qualname__} is not registered as a handle")
        fields = {name: getattr(value, name) for name in self._names}
        return {
            self.tag: {
                name: values.kind_of(item).encode(item, buffers) for name, item in fields.items()
            }
        }

    def decode(self, tree: Any, buffers: list[Any]) -> Any:
        """Return the handle; a class whose fields have changed since makes the entry worthless."""
        if set(tree) != set(self._names):
            raise UnsavableValueError(f"{self.tag} has other fields now")
        fields = {name: values.put_together(item, buffers) for name, item in tree.items()}
        return self._cls(**fields)
