"""Constants that are right beyond doubt, told apart quickly from those to be looked at closely."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.declare.spec import InputSpec

_TYPES: dict[str, type] = {"INT": int, "FLOAT": float, "STRING": str, "BOOLEAN": bool}


@dataclass(frozen=True, slots=True)
class QuickCheck:
    """What makes a constant of an input right beyond doubt.

    Attributes:
        type: Its exact type.
        least: Smallest value, or None.
        most: Largest value, or None.
        options: The values that it may have, or None where any will do.
    """

    type: type[Any]
    least: float | None = None
    most: float | None = None
    options: frozenset[str] | None = None

    def passes(self, value: Any) -> bool:
        """Tell whether a constant is right; one that is not may be right all the same."""
        return (
            type(value) is self.type
            and (self.least is None or value >= self.least)
            and (self.most is None or value <= self.most)
            and (self.options is None or value in self.options)
        )


def quick_check(spec: InputSpec) -> QuickCheck | None:
    """Return the quick check of an input, or None where files or dynamic options decide."""
    if spec.folder is not None or spec.saved_name or "options" in spec.options:
        return None
    if isinstance(spec.type, tuple):
        fixed = all(type(one) is str for one in spec.type)
        return QuickCheck(str, options=frozenset(spec.type)) if fixed else None
    kind = _TYPES.get(spec.type) if type(spec.type) is str else None
    least, most = spec.options.get("min"), spec.options.get("max")
    ranged = all(one is None or isinstance(one, int | float) for one in (least, most))
    return QuickCheck(kind, least, most) if kind is not None and ranged else None
