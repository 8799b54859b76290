"""The accelerators of this machine, as `/system_stats` tells them."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

_SIGNS = ("/dev/nvidiactl", "/dev/kfd")


def device_count(*, cpu: bool) -> int:
    """Return how many devices there are to work on, without loading torch; at least one.

    Args:
        cpu: No accelerator is used.
    """
    if cpu:
        return 1
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    if visible is not None:
        return max(1, len([one for one in visible.split(",") if one.strip()]))
    return max(1, len(list(Path("/dev").glob("nvidia[0-9]*"))))


def devices(*, cpu: bool) -> list[dict[str, Any]]:
    """Return the accelerators with their memory in bytes; none where there are none.

    torch is loaded only where something looks like an accelerator.

    Args:
        cpu: None is used.
    """
    if cpu or not ("torch" in sys.modules or any(Path(sign).exists() for sign in _SIGNS)):
        return []
    import torch

    return [_described(torch, index) for index in range(torch.cuda.device_count())]


def _described(torch: Any, index: int) -> dict[str, Any]:
    free, total = torch.cuda.mem_get_info(index)
    reserved = torch.cuda.memory_reserved(index)
    return {
        "name": f"cuda:{index} {torch.cuda.get_device_name(index)}",
        "type": "cuda",
        "index": index,
        "vram_total": total,
        "vram_free": free,
        "torch_vram_total": reserved,
        "torch_vram_free": reserved - torch.cuda.memory_allocated(index),
    }
