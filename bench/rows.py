"""Rows that benchmarks print and write."""

from __future__ import annotations

import argparse
import json
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Row = dict[str, Any]


def compared(case: str, ours: float, peer: str, theirs: float) -> Row:
    """Return a row about seconds, of which fewer are better."""
    return against(case, "wall_s", ours, "s", peer, theirs)


def against(case: str, metric: str, ours: float, unit: str, peer: str, theirs: float) -> Row:
    """Return a row about something of which less is better."""
    return {
        "case": case,
        "metric": metric,
        "value": ours,
        "unit": unit,
        "peer": peer,
        "peer_value": theirs,
        "ratio": theirs / ours,
    }


def alone(case: str, metric: str, value: float, unit: str) -> Row:
    """Return a row about something that no peer is measured beside in the same run."""
    return {
        "case": case,
        "metric": metric,
        "value": value,
        "unit": unit,
        "peer": None,
        "peer_value": None,
        "ratio": None,
    }


def alternating(
    ours: Callable[[], object], theirs: Callable[[], object], repeats: int
) -> tuple[float, float]:
    """Return the median seconds of two functions, called in turn so that both see the same noise.

    Each is called once before, unmeasured.
    """
    ours()
    theirs()
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(repeats):
        for function, into in zip((ours, theirs), times, strict=True):
            began = time.perf_counter()
            function()
            into.append(time.perf_counter() - began)
    return statistics.median(times[0]), statistics.median(times[1])


def report(rows: Iterable[Row]) -> None:
    """Print each row as it comes; write all of them where `--json FILE` says."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", type=Path)
    target: Path | None = parser.parse_known_args()[0].json
    kept: list[Row] = []
    for row in rows:
        kept.append(row)
        print(_line(row), flush=True)
    if target is not None:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(kept, indent=1) + "\n")


def _line(row: Row) -> str:
    scale, unit = (1000, "ms") if row["unit"] == "s" else (1, row["unit"])
    if row["peer"] is None:
        return f"{row['case']:44} {row['metric']:18} {row['value'] * scale:10.2f} {unit}"
    metric = "" if row["metric"] == "wall_s" else row["metric"]
    return (
        f"{row['case']:34} {metric:12} {row['value'] * scale:9.1f} {unit}   {row['peer']}:"
        f" {row['peer_value'] * scale:9.1f} {unit}   ratio {row['ratio']:.2f}"
    )
