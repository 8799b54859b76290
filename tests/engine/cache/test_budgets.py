from __future__ import annotations

import pytest

from engine.cache.budgets import GIB, Budgets
from engine.errors import InputError


def test_the_environment_names_budgets_as_people_write_them() -> None:
    given = {
        "LOOM_CACHE_RAM": "1.5 GB",
        "LOOM_CACHE_DISK": "0",
        "LOOM_CACHE_GPU": "512m",
        "LOOM_DEVICE_MEMORY": "6GiB",
        "LOOM_TEMP": "1G",
        "HOME": "/nowhere",
    }
    budgets = Budgets.of_environment(given)
    expected = {"ram": 3 * GIB // 2, "disk": 0, "gpu": GIB // 2, "device": 6 * GIB, "temp": GIB}
    assert budgets == Budgets(**expected)
    assert Budgets.of_environment({"LOOM_CACHE_RAM": ""}) == Budgets()


@pytest.mark.parametrize("text", ["much", "-1G", "1e9", "4 PB", "1.2.3G"])
def test_an_amount_that_is_none_is_named(text: str) -> None:
    with pytest.raises(InputError, match="LOOM_CACHE_RAM"):
        Budgets.of_environment({"LOOM_CACHE_RAM": text})
