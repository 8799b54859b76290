"""How long the engine itself takes: graphs of trivial nodes run cold, all cached, one leaf changed.

Each graph is parsed from API JSON and validated anew, then run by a fresh executor (`cold`), run
again unchanged (`cached`), and run with another constant in the last node before the output
(`leaf`). The metric `wall_s` is the time of `Executor.run` (events off, disk tier off): planning,
keys, scheduling, calls and caching; `cpu_s` is the time that the processor was busy with it.
`prepare_s` is parsing and validation. Each is the least of several runs: what else the machine does
can only add to it.

The peer is ComfyUI 0.3.64 on the same kind of machine, measured once, where it has a figure.
"""

from __future__ import annotations

import argparse
import gc
import json
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.cache.results import ResultsCache
from engine.content import ContentHashes
from engine.declare.function import node
from engine.declare.registry import Registry
from engine.files import Folders
from engine.graph.api_format import read_api
from engine.graph.validate import validate
from engine.run.executor import Executor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SIZES = (100, 1_000, 10_000)
REPEATS = {100: 25, 1_000: 15, 10_000: 5}
PHASES = ("cold", "cached", "leaf")
PEER = "ComfyUI 0.3.64"
PEER_SECONDS = {"tree/1000/cold": 5.1, "tree/1000/cached": 0.99}

Api = dict[str, dict[str, Any]]


@node("BenchAdd", category="bench")
def add(*, a: int = 0, b: int = 0, c: int = 0) -> int:
    """Add three numbers."""
    return a + b + c


@node("BenchShow", category="bench", output=True)
def show(*, a: int = 0) -> None:
    """Show a number."""
    del a


def chain(size: int, leaf: int) -> Api:
    """Return a chain: every node adds to the one before."""
    api: Api = {"1": _add(a=1)}
    for number in range(2, size):
        api[str(number)] = _add(a=[str(number - 1), 0], b=leaf if number == size - 1 else number)
    return _shown(api)


def tree(size: int, leaf: int) -> Api:
    """Return a binary tree: every node adds two others; the leaves are all different."""
    api: Api = {}
    for number in range(size - 1, 0, -1):
        children = [child for child in (2 * number, 2 * number + 1) if child < size]
        links = {name: [str(child), 0] for name, child in zip("ab", children, strict=False)}
        api[str(number)] = _add(**links, c=leaf if number == size - 1 else number)
    api[str(size)] = _show(["1", 0])
    return api


def fan(size: int, leaf: int) -> Api:
    """Return a fan: one node feeds all others, and each of those is shown or feeds a sum."""
    api: Api = {"1": _add(a=1)}
    for number in range(2, size):
        source = "1" if number % 2 == 0 else str(number - 1)
        api[str(number)] = _add(a=[source, 0], b=leaf if number == size - 1 else number)
    for number in range(2, size, 2):
        api[f"s{number}"] = _show([str(min(number + 1, size - 1)), 0])
    return api


SHAPES: dict[str, Callable[[int, int], Api]] = {"chain": chain, "tree": tree, "fan": fan}


def rows(sizes: tuple[int, ...] = SIZES) -> Iterator[dict[str, Any]]:
    """Measure every case and yield its row."""
    with tempfile.TemporaryDirectory() as base:
        folders = Folders.beneath(Path(base))
        registry = Registry.of(add, show)
        for shape, build in SHAPES.items():
            for size in sizes:
                yield from _case(f"{shape}/{size}", build, size, (registry, folders))


def main() -> None:
    """Measure, print a table, write the rows as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    arguments = parser.parse_args()
    measured: list[dict[str, Any]] = []
    for row in rows(tuple(arguments.sizes)):
        measured.append(row)
        peer = f"  {row['ratio']:8.0f} x {PEER}" if row["ratio"] else ""
        print(
            f"{row['case']:24} {row['metric']:10} {row['value'] * 1000:10.2f} ms{peer}", flush=True
        )
    if arguments.json is not None:
        arguments.json.parent.mkdir(parents=True, exist_ok=True)
        arguments.json.write_text(json.dumps(measured, indent=1) + "\n")


def _case(
    case: str,
    build: Callable[[int, int], Api],
    size: int,
    around: tuple[Registry, Folders],
) -> Iterator[dict[str, Any]]:
    times: dict[str, list[float]] = {"prepare_s": []}
    for phase in PHASES:
        times |= {f"{phase}/wall_s": [], f"{phase}/cpu_s": []}
    for repeat in range(REPEATS.get(size, 3)):
        executor = Executor(around[0], ResultsCache(), around[1], ContentHashes())
        for phase, leaf in (("cold", 0), ("cached", 0), ("leaf", repeat + 1)):
            api = build(size, leaf)
            began = time.perf_counter()
            checked = validate(read_api(api), around[0], folders=around[1])
            checked.raise_problems()
            times["prepare_s"].append(time.perf_counter() - began)
            gc.collect()
            began, busy = time.perf_counter(), time.thread_time()
            result = executor.run(checked.graph, checked.targets)
            times[f"{phase}/cpu_s"].append(time.thread_time() - busy)
            times[f"{phase}/wall_s"].append(time.perf_counter() - began)
            _check(phase, len(result.executed), len(api))
        executor.close()
    for phase in PHASES:
        for metric in ("wall_s", "cpu_s"):
            yield _row(f"{case}/{phase}", metric, min(times[f"{phase}/{metric}"]))
    yield _row(f"{case}/prepare", "prepare_s", min(times["prepare_s"]))


def _check(phase: str, executed: int, size: int) -> None:
    few = executed <= size.bit_length() + 2
    fits = {"cold": executed == size, "cached": executed == 0, "leaf": executed > 0 and few}
    if not fits[phase]:
        raise AssertionError(f"{phase}: {executed} of {size} nodes ran")


def _row(case: str, metric: str, value: float) -> dict[str, Any]:
    peer = PEER_SECONDS.get(case) if metric == "wall_s" else None
    return {
        "case": case,
        "metric": metric,
        "value": value,
        "unit": "s",
        "peer": PEER if peer else None,
        "peer_value": peer,
        "ratio": peer / value if peer else None,
    }


def _add(**inputs: Any) -> dict[str, Any]:
    return {"class_type": "BenchAdd", "inputs": {"a": 0, "b": 0, "c": 0, **inputs}}


def _show(link: list[Any]) -> dict[str, Any]:
    return {"class_type": "BenchShow", "inputs": {"a": link}}


def _shown(api: Api) -> Api:
    last = str(len(api))
    return {**api, str(len(api) + 1): _show([last, 0])}


if __name__ == "__main__":
    main()
