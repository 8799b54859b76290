"""How many bytes each tier of the results cache may hold, and what lies beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

from engine.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

GIB = 1024**3
_AMOUNT = re.compile(r"(\d{1,9}(?:\.\d{1,3})?) ?([KMGT]?)i?B?", re.IGNORECASE)
_UNITS = {"": 1, "K": 1024, "M": 1024**2, "G": GIB, "T": 1024 * GIB}
_VARIABLES = {
    "LOOM_CACHE_GPU": "gpu",
    "LOOM_CACHE_RAM": "ram",
    "LOOM_CACHE_DISK": "disk",
    "LOOM_DEVICE_MEMORY": "device",
    "LOOM_TEMP": "temp",
}


@dataclass(frozen=True, kw_only=True)
class Budgets:
    """Bytes for each tier.

    Attributes:
        gpu: Results in device memory.
        ram: Results in host memory.
        disk: The disk tier; 0 switches it off.
        device: Results and model weights together on the device that computes; None leaves the
            number to who keeps the weights.
        temp: Files for temporary use, previews above all, that outlast an hour.
    """

    gpu: int = 2 * GIB
    ram: int = 4 * GIB
    disk: int = 8 * GIB
    device: int | None = None
    temp: int = 4 * GIB

    @classmethod
    def of_environment(cls, environment: Mapping[str, str]) -> Self:
        """Return the budgets that `LOOM_CACHE_GPU` and the other variables of this module name.

        Args:
            environment: Amounts are bytes or have a unit: `512M`, `1.5 GB`, in powers of 1024.

        Raises:
            InputError: An amount is none.
        """
        given = {
            field: _amount(variable, environment[variable])
            for variable, field in _VARIABLES.items()
            if environment.get(variable)
        }
        return replace(cls(), **given)


def _amount(variable: str, text: str) -> int:
    match = _AMOUNT.fullmatch(text.strip())
    if match is None:
        raise InputError(f"{variable} is no amount", expected="such as 512M or 4 GB", got=text)
    return int(float(match[1]) * _UNITS[match[2].upper()])
