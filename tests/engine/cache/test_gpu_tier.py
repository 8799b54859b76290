from __future__ import annotations

import pytest
import torch

from engine.cache.budgets import Budgets
from engine.cache.results import ResultsCache

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
MIB = 1024**2


def value_id(number: int) -> bytes:
    return b"k" + bytes([number]) * 20


def test_what_does_not_fit_on_the_device_waits_in_memory_and_comes_back() -> None:
    cache = ResultsCache(Budgets(gpu=10 * MIB, ram=100 * MIB, disk=0))
    for number in range(8):
        tensor = torch.full((MIB,), float(number), device="cuda")
        cache.put(value_id(number), [{"samples": tensor}], 1.0)
        del tensor
    stats = cache.stats()
    assert stats.gpu.bytes <= 10 * MIB
    assert stats.gpu.entries == 2
    assert stats.ram.entries == 6
    for number in range(8):
        samples = cache.get(value_id(number))[0]["samples"]
        assert samples.device.type == "cuda"
        assert float(samples[0]) == number
        del samples
    assert cache.stats().gpu.bytes <= 10 * MIB


def test_evicting_gives_the_device_its_memory_back() -> None:
    before = torch.cuda.memory_allocated()
    cache = ResultsCache()
    cache.put(value_id(1), [torch.zeros(MIB, device="cuda")], 1.0)
    assert torch.cuda.memory_allocated() > before
    cache.evict()
    assert torch.cuda.memory_allocated() == before
