"""Amounts as people read them."""

from __future__ import annotations

_STEP = 1024


def in_bytes(count: float) -> str:
    """Return a number of bytes in its largest unit: `1.5 GB`, in powers of 1024."""
    for unit in ("bytes", "KB", "MB", "GB"):
        if count < _STEP:
            return f"{count:.0f} bytes" if unit == "bytes" else f"{count:.1f} {unit}"
        count /= _STEP
    return f"{count:.1f} TB"
