"""What the cache knows about values, by type: size, content hash, device, saved form."""

from __future__ import annotations

import math
import struct
from functools import singledispatch
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, TypeVar, cast

from engine.cache import arrays
from engine.cache.kinds import Kind, Size, UnhashableValueError, UnsavableValueError

if TYPE_CHECKING:
    from collections.abc import Callable

C = TypeVar("C", bound=type[Any])

FINGERPRINT_BYTES = 20
_ENTRY_BYTES = 64
"""What a small Python object costs, more or less; counts of bytes need not be better than that."""
_EXACT_INT = 2**53
_MOST_WALKED = 5_000
_NUMBERS = frozenset({int, float, bool, type(None)})

_pack_float = struct.Struct("<d").pack


def measure(value: Any) -> Size:
    """Return how much memory a value holds; buffers that its parts share are counted once."""
    size = Size()
    if type(value) is list:
        items = cast("list[Any]", value)
        if len(items) == 1 and type(items[0]) in _NUMBERS:
            size.own = 2 * _ENTRY_BYTES + 8
            return size
    try:
        kind_of(value).measure(value, size)
    except RecursionError:
        size.own += _ENTRY_BYTES
    return size


def fingerprint(value: Any) -> bytes | None:
    """Return the hash of a value's content, types included; None where it cannot be hashed."""
    hasher = blake2b(digest_size=FINGERPRINT_BYTES)
    try:
        kind_of(value).hash(value, hasher.update)
    except (UnhashableValueError, RecursionError):
        return None
    return hasher.digest()


def move(value: Any, device: str) -> Any:
    """Return a value with its buffers on another device (`cpu`, `cuda:0`)."""
    return kind_of(value).move(value, device)


def take_apart(value: Any) -> tuple[Any, list[Any]]:
    """Return a value as a tree of JSON values and its buffers.

    Raises:
        UnsavableValueError: The value, or a part of it, cannot be saved.
    """
    buffers: list[Any] = []
    try:
        return kind_of(value).encode(value, buffers), buffers
    except RecursionError as error:
        raise UnsavableValueError("the value is nested too deeply") from error


def put_together(tree: Any, buffers: list[Any]) -> Any:
    """Return the value that `take_apart` took apart.

    Raises:
        UnsavableValueError: The tree does not fit the types as they are now.
    """
    if not isinstance(tree, dict):
        return tree
    ((tag, rest),) = cast("dict[str, Any]", tree).items()
    kind = _KINDS.get(tag)
    if kind is None:
        raise UnsavableValueError(f"nobody knows values of kind {tag!r} any more")
    return kind.decode(rest, buffers)


def handle(cls: C) -> C:
    """Register a frozen dataclass as a value that hashes by its fields and persists as JSON.

    Fields with `compare=False` do not enter the hash: two handles that are equal are one value.
    Fields may hold scalars, tuples, other handles, and everything else that the cache can save.
    Usable as a decorator.

    Raises:
        TypeError: The class is not a frozen dataclass.
    """
    from engine.cache.handles import HandleKind

    kind = HandleKind(cls)
    _KINDS[kind.tag] = kind
    _register(kind, cls)
    return cls


@singledispatch
def kind_of(value: object) -> Kind:
    """Return what the cache knows about the type of a value."""
    if _learn():
        return kind_of(value)
    return _UNKNOWN


class _Scalar:
    """None, truth values, numbers and texts: JSON as they are, or nearly."""

    def measure(self, value: Any, size: Size) -> None:
        size.own += _ENTRY_BYTES + (len(value) if type(value) is str else 0)

    def hash(self, value: Any, update: Callable[[bytes], object]) -> None:
        kind = cast("type[object]", type(value))
        if kind is float:
            # All NaNs are one value: their sign and payload are not saved.
            update(b"f" + _pack_float(math.nan if math.isnan(value) else value))
        elif kind is str:
            content = value.encode("utf-8", "surrogatepass")
            update(b"s%d:%b" % (len(content), content))
        elif kind is int:
            update(b"i%x;" % value)
        elif kind is bool or value is None:
            update(b"n" if value is None else b"t" if value else b"F")
        else:
            raise UnhashableValueError(value)

    def move(self, value: Any, device: str) -> Any:
        del device
        return value

    def encode(self, value: Any, buffers: list[Any]) -> Any:
        del buffers
        kind = cast("type[Any]", type(value))
        if kind is bool or value is None or kind is str:
            return value
        if kind is int:
            return value if abs(value) < _EXACT_INT else {"int": hex(value)}
        if kind is float:
            return {"float": value.hex()}
        raise UnsavableValueError(f"{kind.__qualname__} is a type of its own")

    def decode(self, tree: Any, buffers: list[Any]) -> Any:
        del buffers
        return float.fromhex(tree) if "." in tree or "n" in tree else int(tree, 16)


class _Bytes:
    """Byte strings."""

    def measure(self, value: bytes, size: Size) -> None:
        size.own += _ENTRY_BYTES + len(value)

    def hash(self, value: bytes, update: Callable[[bytes], object]) -> None:
        update(b"b%d:%b" % (len(value), value))

    def move(self, value: bytes, device: str) -> bytes:
        del device
        return value

    def encode(self, value: bytes, buffers: list[Any]) -> Any:
        import numpy as np

        buffers.append(np.frombuffer(value, dtype=np.uint8))
        return {"bytes": len(buffers) - 1}

    def decode(self, tree: Any, buffers: list[Any]) -> bytes:
        return buffers[tree].tobytes()


class _Sequence:
    """Lists and tuples; subclasses such as named tuples are not known and stay in memory."""

    def __init__(self, cls: type[list[Any]] | type[tuple[Any, ...]], tag: str) -> None:
        self._cls = cls
        self._tag = tag

    def measure(self, value: Any, size: Size) -> None:
        size.own += _ENTRY_BYTES + 8 * len(value)
        for item in value:
            kind_of(item).measure(item, size)

    def hash(self, value: Any, update: Callable[[bytes], object]) -> None:
        if value.__class__ is not self._cls:
            raise UnhashableValueError(value)
        update(b"%b%d;" % (self._tag.encode(), len(value)))
        for item in value:
            kind_of(item).hash(item, update)

    def move(self, value: Any, device: str) -> Any:
        if type(value) is not self._cls:
            return value
        return self._cls(kind_of(item).move(item, device) for item in value)

    def encode(self, value: Any, buffers: list[Any]) -> Any:
        if type(value) is not self._cls:
            raise UnsavableValueError(f"{type(value).__qualname__} is a type of its own")
        return {self._tag: [kind_of(item).encode(item, buffers) for item in value]}

    def decode(self, tree: Any, buffers: list[Any]) -> Any:
        return self._cls(put_together(item, buffers) for item in tree)


class _Dictionary:
    """Dictionaries with keys and values of any known kind, in order."""

    def measure(self, value: dict[Any, Any], size: Size) -> None:
        size.own += _ENTRY_BYTES + 16 * len(value)
        for item in value.values():
            kind_of(item).measure(item, size)

    def hash(self, value: dict[Any, Any], update: Callable[[bytes], object]) -> None:
        if type(value) is not dict:
            raise UnhashableValueError(value)
        update(b"{%d;" % len(value))
        for key, item in value.items():
            kind_of(key).hash(key, update)
            kind_of(item).hash(item, update)

    def move(self, value: dict[Any, Any], device: str) -> dict[Any, Any]:
        if type(value) is not dict:
            return value
        return {key: kind_of(item).move(item, device) for key, item in value.items()}

    def encode(self, value: dict[Any, Any], buffers: list[Any]) -> Any:
        if type(value) is not dict:
            raise UnsavableValueError(f"{type(value).__qualname__} is a type of its own")
        pairs = [
            [kind_of(key).encode(key, buffers), kind_of(item).encode(item, buffers)]
            for key, item in value.items()
        ]
        return {"dict": pairs}

    def decode(self, tree: Any, buffers: list[Any]) -> dict[Any, Any]:
        return {put_together(key, buffers): put_together(item, buffers) for key, item in tree}


class _Unknown:
    """Everything else: stays in memory, where its size is estimated from what hangs on it."""

    def measure(self, value: Any, size: Size) -> None:
        seen: set[int] = set()
        rest = [value]
        while rest and len(seen) < _MOST_WALKED:
            item = rest.pop()
            if id(item) in seen:
                continue
            seen.add(id(item))
            kind = kind_of(item)
            if not isinstance(kind, _Unknown | _Sequence | _Dictionary):
                kind.measure(item, size)
                continue
            size.own += _ENTRY_BYTES
            rest.extend(_held_by(item))

    def hash(self, value: Any, update: Callable[[bytes], object]) -> None:
        del update
        raise UnhashableValueError(value)

    def move(self, value: Any, device: str) -> Any:
        del device
        return value

    def encode(self, value: Any, buffers: list[Any]) -> Any:
        del buffers
        raise UnsavableValueError(f"nobody taught the cache to save {type(value).__qualname__}")

    def decode(self, tree: Any, buffers: list[Any]) -> Any:
        raise UnsavableValueError(f"{tree!r} was never saved ({len(buffers)} buffers)")


def _held_by(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(cast("dict[Any, Any]", value).values())
    if isinstance(value, list | tuple):
        return list(cast("list[Any]", value))
    return [] if isinstance(value, type) else list(getattr(value, "__dict__", {}).values())


def _register(kind: Kind, *classes: type[Any]) -> None:
    def known(value: object) -> Kind:
        del value
        return kind

    for cls in classes:
        kind_of.register(cls, known)


def _learn() -> bool:
    """Learn the kinds of libraries that have been imported since; True where there were any."""
    return arrays.learn(_register)


_UNKNOWN = _Unknown()
_SCALAR = _Scalar()
_BYTES = _Bytes()
_LIST = _Sequence(list, "list")
_TUPLE = _Sequence(tuple, "tuple")
_DICTIONARY = _Dictionary()
_KINDS: dict[str, Kind] = {
    "int": _SCALAR,
    "float": _SCALAR,
    "bytes": _BYTES,
    "list": _LIST,
    "tuple": _TUPLE,
    "dict": _DICTIONARY,
    **arrays.KINDS,
}
_register(_SCALAR, int, float, str, bool, type(None))
_register(_BYTES, bytes)
_register(_LIST, list)
_register(_TUPLE, tuple)
_register(_DICTIONARY, dict)
