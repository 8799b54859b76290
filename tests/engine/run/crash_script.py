"""A graph whose nodes take their time, run with the disk tier; made to be killed.

Run as `python -m tests.engine.run.crash_script FOLDER`.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.cache.results import ResultsCache
from engine.run.events import NodeFinished
from tests.engine.toys import Bench, graph, toy

if TYPE_CHECKING:
    from engine.graph.model import Graph

SECONDS = 0.02


def seeded(seed: int) -> Any:
    time.sleep(SECONDS)
    return np.random.default_rng(seed).standard_normal(2_000)


def mixed(a: Any, b: Any) -> Any:
    time.sleep(SECONDS)
    return np.tanh(a + 2 * b)


def bench_at(folder: Path) -> Bench:
    cache = ResultsCache(folder=folder / "results")
    quick = toy("quick", lambda x: x + 1)
    return Bench.at(folder, toy("seeded", seeded), toy("mixed", mixed), quick, cache=cache)


def slow_graph() -> Graph:
    nodes: dict[str, Any] = {"s0": ("seeded", {"seed": 0}), "s1": ("seeded", {"seed": 1})}
    nodes["q"] = ("quick", {"x": 1})
    nodes["s2"] = ("seeded", {"seed": ("q", 0)})
    nodes |= {
        "m0": ("mixed", {"a": ("s0", 0), "b": ("s1", 0)}),
        "m1": ("mixed", {"a": ("m0", 0), "b": ("s2", 0)}),
        "m2": ("mixed", {"a": ("m1", 0), "b": ("m0", 0)}),
        "m3": ("mixed", {"a": ("m2", 0), "b": ("s0", 0)}),
    }
    return graph(**nodes)


def main(folder: Path) -> None:
    """Run the graph and write the name of each node that is finished, at once."""
    log = os.open(folder / "finished", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    bench = bench_at(folder)

    def note(event: Any) -> None:
        if isinstance(event, NodeFinished) and not event.cached:
            os.write(log, f"{event.node}\n".encode())

    (folder / "started").touch()
    bench.run(slow_graph(), "m3", listener=note)
    bench.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
