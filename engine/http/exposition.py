"""The text that Prometheus reads (exposition format 0.0.4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
Kind = Literal["counter", "gauge", "histogram"]
Sample = tuple["Mapping[str, str]", float]
"""Labels and a value."""


@dataclass
class Histogram:
    """How often something took how long.

    Attributes:
        bounds: Upper bounds in seconds, ascending; what is above all of them counts too.
        counts: How many are within each bound and above the one before; one more than bounds.
        total: Sum in seconds.
    """

    bounds: tuple[float, ...]
    counts: list[int] = field(default_factory=list[int])
    total: float = 0.0

    def __post_init__(self) -> None:
        self.counts = [0] * (len(self.bounds) + 1)

    def observe(self, seconds: float) -> None:
        """Count one."""
        place = next((i for i, bound in enumerate(self.bounds) if seconds <= bound), -1)
        self.counts[place] += 1
        self.total += seconds


def family(name: str, kind: Kind, about: str, samples: Iterable[Sample]) -> str:
    """Return one metric with all its samples; nothing where it has none.

    Args:
        name: With its unit at the end, as Prometheus names things.
        kind: What the value does over time.
        about: One sentence.
        samples: Labels and values.
    """
    lines = [f"{name}{_labels(labels)} {_number(value)}\n" for labels, value in samples]
    return f"{_head(name, kind, about)}{''.join(lines)}" if lines else ""


def histogram(name: str, about: str, values: Histogram) -> str:
    """Return a histogram with its buckets, sum and count."""
    lines: list[str] = []
    seen = 0
    for bound, count in zip([*map(_number, values.bounds), "+Inf"], values.counts, strict=True):
        seen += count
        lines.append(f'{name}_bucket{{le="{bound}"}} {seen}\n')
    lines.append(f"{name}_sum {_number(values.total)}\n{name}_count {seen}\n")
    return _head(name, "histogram", about) + "".join(lines)


def _head(name: str, kind: Kind, about: str) -> str:
    return f"# HELP {name} {about}\n# TYPE {name} {kind}\n"


def _labels(labels: Mapping[str, str]) -> str:
    if not labels:
        return ""
    escaped = (
        (key, value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n"))
        for key, value in labels.items()
    )
    return "{" + ",".join(f'{key}="{value}"' for key, value in escaped) + "}"


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(float(value))
