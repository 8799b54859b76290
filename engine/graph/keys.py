"""Content addresses: what a node's result depends on, as one hash.

A key is a type-tagged Merkle hash. It covers the kind of node, its code, its constants and the
value ids of its linked inputs, so a key costs the same however deep the graph is above the node.
"""

from __future__ import annotations

import os
import struct
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Opaque = Callable[[Any], bytes | None]

KEY_BYTES = 20
"""160 bits: two equal keys of different work are out of the question."""

_pack_float = struct.Struct("<d").pack


def digest(content: bytes) -> bytes:
    """Return the hash of a byte string."""
    return blake2b(content, digest_size=KEY_BYTES).digest()


def nonce() -> bytes:
    """Return bytes that never come again: a key that holds them never hits."""
    return b"!" + os.urandom(KEY_BYTES)


def framed(content: bytes) -> bytes:
    """Return bytes with their length in front, so that joined parts cannot run together."""
    return b"%d:%b" % (len(content), content)


def encode(value: Any, opaque: Opaque) -> bytes:
    """Return bytes that are equal exactly when two constants are the same.

    `1`, `1.0`, `True` and `"1"` stay apart, as do lists, tuples and dictionaries in another order.
    NaN equals nothing, not even itself.

    Args:
        value: A JSON value of any depth, or a Python value that an expansion put in its place.
        opaque: Returns the content hash of a value that is not JSON, or None where it has none;
            such a value equals nothing.
    """
    scalar = SCALARS.get(type(value))  # pyright: ignore[reportUnknownArgumentType]
    if scalar is not None:
        return scalar(value)
    parts: list[bytes] = []
    rest: list[Any] = [value]
    while rest:
        item = rest.pop()
        scalar = SCALARS.get(cast("type[Any]", type(item)))
        if scalar is not None:
            parts.append(scalar(item))
        elif type(item) is list or type(item) is tuple:
            items = cast("list[Any]", item)
            parts.append(b"%b%d;" % (b"(" if isinstance(item, tuple) else b"[", len(items)))
            rest.extend(items[::-1])
        elif type(item) is dict:
            pairs = cast("dict[Any, Any]", item)
            parts.append(b"{%d;" % len(pairs))
            rest.extend(part for pair in reversed(pairs.items()) for part in reversed(pair))
        else:
            content = opaque(item)
            parts.append(nonce() if content is None else b"o" + framed(content))
    return b"".join(parts)


def _encode_text(value: str) -> bytes:
    content = value.encode("utf-8", "surrogatepass")
    return b"s%d:%b" % (len(content), content)


def _encode_float(value: float) -> bytes:
    return b"f" + _pack_float(value) if value == value else nonce()  # noqa: PLR0124 - NaN


SCALARS: Mapping[type[Any], Callable[[Any], bytes]] = {
    str: _encode_text,
    int: b"i%x;".__mod__,
    float: _encode_float,
    bool: lambda value: b"t" if value else b"F",
    type(None): lambda _: b"n",
}
"""What `encode` does for scalars; by exact type only, since subclasses may lie."""


def constant_head(name: bytes) -> bytes:
    """Return what stands in a key before the `encode` of a constant input."""
    return b"=" + framed(name)


def link_head(name: bytes) -> bytes:
    """Return what stands in a key before the value id of a linked input.

    Value ids begin with a letter that tells their length.
    """
    return b"<" + framed(name)


def demanded(before: bytes, parts: Iterable[bytes]) -> bytes:
    """Return the key of a node after it asked for lazy inputs.

    Args:
        before: The key without them.
        parts: For each input asked for its head and its value id, in the order of asking.
    """
    return digest(b"?" + before + b"".join(parts))


NOTHING = b"n"
"""The value id of a slot that a node left out; its only item is None."""


def slot_id(node_key: bytes, slot: int) -> bytes:
    """Return the value id of an output that is too large to be known by its content."""
    return b"k" + digest(b"%d:%b" % (slot, node_key))


def content_id(fingerprint: bytes) -> bytes:
    """Return the value id of an output that is known by its content."""
    return b"c" + fingerprint
