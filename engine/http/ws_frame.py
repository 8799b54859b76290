"""WebSocket frames as bytes (RFC 6455, section 5.2), so that many leave in one system call."""

from __future__ import annotations

import struct

_FINAL = 0x80
_TEXT, _BINARY, _PING = 1, 2, 9
_SHORT, _LONG = 126, 2**16
_medium = struct.Struct(">BBH").pack
_large = struct.Struct(">BBQ").pack


def ping_frame(number: int) -> bytes:
    """Return a ping that carries a number, which the client's pong will carry back."""
    payload = number.to_bytes(8, "big")
    return bytes((_FINAL | _PING, len(payload))) + payload


def whole_frame(payload: bytes, *, binary: bool = False) -> bytes:
    """Return one unmasked, unfragmented frame, as servers send them.

    Args:
        payload: UTF-8 text, or anything where `binary` says so.
        binary: The frame is a binary one.
    """
    first = _FINAL | (_BINARY if binary else _TEXT)
    size = len(payload)
    if size < _SHORT:
        return bytes((first, size)) + payload
    if size < _LONG:
        return _medium(first, 126, size) + payload
    return _large(first, 127, size) + payload
