from __future__ import annotations

import pytest

from engine.jobs.devices import device_count, devices


@pytest.mark.parametrize(("visible", "count"), [("0", 1), ("0,2,3", 3), ("", 1)])
def test_workers_are_as_many_as_devices_that_may_be_seen(
    monkeypatch: pytest.MonkeyPatch, visible: str, count: int
) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    assert device_count(cpu=False) == count
    assert device_count(cpu=True) == 1


def test_without_accelerators_there_is_nothing_to_tell() -> None:
    assert devices(cpu=True) == []
