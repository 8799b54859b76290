from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.cache.budgets import Budgets
from engine.cache.policy import CachePolicy, Policy
from engine.cache.results import ResultsCache
from tests.engine.run.random_graphs import World

if TYPE_CHECKING:
    from pathlib import Path

QUICK = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def edited(world: World, graphs: int, edits: int) -> int:
    ran = 0
    for _ in range(graphs):
        world.new_graph(world.random.randrange(4, 24))
        for _ in range(edits):
            ran += world.check()
            world.edit()
    return ran


@QUICK
@given(seed=st.integers(0, 10**9))
def test_nothing_is_stale_and_only_what_is_new_runs(tmp_path: Path, seed: int) -> None:
    world = World.at(tmp_path, seed)
    edited(world, graphs=2, edits=8)
    world.bench.close()


@QUICK
@given(seed=st.integers(0, 10**9))
def test_results_are_right_however_little_is_kept(tmp_path: Path, seed: int) -> None:
    world = World.at(tmp_path, seed, ResultsCache(Budgets(ram=2_000)))
    world.new_graph(12)
    for _ in range(10):
        world.values_are_right()
        world.edit()
    world.bench.close()


@pytest.mark.parametrize("kind", ["classic", "lru", "none"])
def test_results_are_right_however_short_they_are_kept(tmp_path: Path, kind: CachePolicy) -> None:
    cache = ResultsCache(policy=Policy(kind=kind, entries=5), folder=tmp_path / "results")
    world = World.at(tmp_path, 3, cache)
    for _ in range(4):
        world.new_graph(16)
        for _ in range(15):
            world.values_are_right()
            world.edit()
    assert cache.stats().held == 0
    world.bench.close()


@pytest.mark.slow
def test_ten_thousand_edits_leave_nothing_stale_and_run_nothing_in_vain(tmp_path: Path) -> None:
    ran = 0
    for seed in range(8):
        world = World.at(tmp_path / str(seed), seed)
        ran += edited(world, graphs=24, edits=90)
        world.bench.close()
    assert ran > 10_000, "17,280 edits of 192 graphs have work to do"
