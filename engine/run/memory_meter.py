"""How much memory a node takes at its peak."""

from __future__ import annotations

import os
import sys
import threading
import time
from typing import Any

_SAMPLE_SECONDS = 0.02
_WORTH_SECONDS = 0.001


class MemoryMeter:
    """Measures the peak memory of one stretch of work after another.

    On CUDA the allocator's own high-water mark is read. On a CPU the resident memory of the
    process is sampled fifty times a second, and once at the end of each stretch.
    """

    def __init__(self) -> None:
        self._page = os.sysconf("SC_PAGESIZE") if hasattr(os, "sysconf") else 4096
        self._file: int | None = _open_statm()
        self._peak = 0
        self._last = 0
        self._sampled = 0.0
        self._running = threading.Event()
        self._ended = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin a stretch."""
        cuda = _cuda()
        if cuda is not None:
            cuda.reset_peak_memory_stats()
            return
        self._peak = 0
        if self._thread is None and self._file is not None:
            self._thread = threading.Thread(target=self._watch, name="memory-meter", daemon=True)
            self._thread.start()
        if not self._running.is_set():
            # Only once per run: waking the sampler for each node would cost more than most nodes.
            self._running.set()

    def stop(self) -> int:
        """End the stretch and return its peak in bytes; 0 where the system does not tell."""
        cuda = _cuda()
        if cuda is not None:
            return int(cuda.max_memory_allocated())
        now = time.perf_counter()
        if now - self._sampled > _WORTH_SECONDS:
            # Shorter work cannot have changed much since the last look.
            self._last, self._sampled = self._resident(), now
        return max(self._peak, self._last)

    def rest(self) -> None:
        """Sample no more until the next stretch; every run ends with it."""
        self._running.clear()

    def now(self) -> int:
        """Return how much memory is in use, for work that runs beside other work."""
        cuda = _cuda()
        return self._resident() if cuda is None else int(cuda.memory_allocated())

    def close(self) -> None:
        """End the sampling for good."""
        self._ended = True
        self._running.set()
        if self._thread is not None:
            self._thread.join()
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _watch(self) -> None:
        pause = threading.Event()
        while not self._ended:
            self._running.wait()
            self._peak = max(self._peak, self._resident())
            pause.wait(_SAMPLE_SECONDS)

    def _resident(self) -> int:
        if self._file is None:
            return 0
        return int(os.pread(self._file, 128, 0).split()[1]) * self._page


def _open_statm() -> int | None:
    try:
        return os.open("/proc/self/statm", os.O_RDONLY)
    except OSError:
        return None


def _cuda() -> Any:
    """Return `torch.cuda` where it is in use, without importing anything."""
    torch: Any = sys.modules.get("torch")
    cuda = getattr(torch, "cuda", None)
    return cuda if cuda is not None and cuda.is_initialized() else None
