from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from engine.cache.budgets import Budgets
from engine.cache.results import ResultsCache
from tests.engine.toys import Bench, graph, toy

if TYPE_CHECKING:
    from pathlib import Path

    from engine.graph.model import Graph

KIB = 1024
LARGEST = 200 * KIB
BUDGETS = Budgets(ram=1_000 * KIB, disk=2_000 * KIB)
SLACK = 8 * KIB
"""What the containers of one entry take besides its largest array."""


class Watched:
    """Nodes that make arrays, and what the cache held at its worst while they ran."""

    def __init__(self, folder: Path, budgets: Budgets) -> None:
        self.cache = ResultsCache(budgets, folder=folder / "results")
        self.worst_ram = 0
        self.worst_disk = 0
        kinds = (toy("make", self.make), toy("blend", self.blend), toy("view", self.view))
        self.bench = Bench.at(folder, *kinds, cache=self.cache)

    def look(self) -> None:
        stats = self.cache.stats()
        self.worst_ram = max(self.worst_ram, stats.ram.bytes)
        self.worst_disk = max(self.worst_disk, stats.disk.bytes)

    def make(self, seed: int, size: int) -> Any:
        self.look()
        return np.random.default_rng(seed).integers(0, 255, size * KIB, dtype=np.uint8)

    def blend(self, a: Any, b: Any) -> Any:
        self.look()
        count = min(len(a), len(b))
        return a[:count] // 2 + b[:count] // 2

    def view(self, a: Any) -> Any:
        self.look()
        return a[: len(a) // 2]


def varied(draw: random.Random) -> Graph:
    nodes: dict[str, Any] = {}
    for number in range(draw.randrange(6, 20)):
        near = [f"n{one}" for one in range(max(0, number - 3), number)]
        kind = draw.choice(["make", "blend", "view"]) if near else "make"
        match kind:
            case "make":
                inputs = {"seed": draw.randrange(40), "size": draw.randrange(1, 200)}
            case "blend":
                inputs = {"a": (draw.choice(near), 0), "b": (draw.choice(near), 0)}
            case _:
                inputs = {"a": (draw.choice(near), 0)}
        nodes[f"n{number}"] = (kind, inputs)
    return graph(**nodes)


def run_varied(folder: Path, runs: int, budgets: Budgets) -> Watched:
    draw = random.Random(7)
    watched = Watched(folder, budgets)
    for _ in range(runs):
        wired = varied(draw)
        watched.bench.run(wired, list(wired.nodes)[-1])
        watched.look()
    watched.bench.close()
    return watched


@pytest.mark.parametrize("runs", [30, pytest.param(1_000, marks=pytest.mark.slow)])
def test_budgets_are_never_exceeded_by_more_than_one_entry(tmp_path: Path, runs: int) -> None:
    watched = run_varied(tmp_path, runs, BUDGETS)
    assert BUDGETS.ram / 2 < watched.worst_ram <= BUDGETS.ram + LARGEST + SLACK
    assert watched.worst_disk <= BUDGETS.disk + LARGEST + SLACK


def test_a_run_without_any_budget_still_gives_its_result(tmp_path: Path) -> None:
    watched = run_varied(tmp_path, 20, Budgets(ram=0, disk=0, gpu=0))
    assert watched.cache.stats().ram.bytes == 0


def test_nothing_is_held_when_a_run_is_over(tmp_path: Path) -> None:
    watched = run_varied(tmp_path, 20, BUDGETS)
    assert watched.cache.stats().held == 0
