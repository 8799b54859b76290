from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from engine.cache.budgets import Budgets
from engine.cache.policy import CachePolicy, Policy
from engine.cache.results import ResultsCache
from tests.engine.run.standard_bench import standard_bench
from tests.engine.toys import Bench, graph, toy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from engine.graph.model import Graph


@pytest.fixture
def make_bench(tmp_path: Path) -> Iterator[Callable[..., Bench]]:
    made: list[Bench] = []

    def make(kind: CachePolicy, entries: int = 0, *, disk: bool = False) -> Bench:
        kinds = standard_bench(tmp_path).toys.kinds.values()
        folder = tmp_path / "results" if disk else None
        cache = ResultsCache(Budgets(), folder=folder, policy=Policy(kind=kind, entries=entries))
        made.append(Bench.at(tmp_path, *kinds, cache=cache))
        return made[-1]

    yield make
    for bench in made:
        bench.close()


def sums(x: int) -> Graph:
    return graph(a=("const", {"x": x}), b=("pair", {"a": ("a", 0)}))


@pytest.mark.parametrize("disk", [False, True])
def test_classic_keeps_what_the_last_prompt_used(
    make_bench: Callable[..., Bench], disk: bool
) -> None:
    bench = make_bench("classic", disk=disk)
    assert len(bench.run(sums(1), "b").executed) == 2
    assert bench.run(sums(1), "b").executed == ()
    assert len(bench.run(sums(2), "b").executed) == 2
    assert len(bench.run(sums(1), "b").executed) == 2
    assert bench.cache.stats().records == 2


def test_classic_keeps_the_branch_that_a_switch_of_the_prompt_did_not_take(
    make_bench: Callable[..., Bench],
) -> None:
    bench = make_bench("classic")

    def switched(on: bool) -> Graph:
        return graph(
            a=("pair", {"a": 1}),
            b=("pair", {"a": 2}),
            s=("v1switch", {"condition": on, "on_true": ("a", 0), "on_false": ("b", 0)}),
        )

    assert bench.run(switched(True), "s").executed == ("a", "s")
    assert bench.run(switched(False), "s").executed == ("b", "s")
    assert bench.run(switched(True), "s").executed == ("s",)


def test_lru_keeps_so_many_results_of_earlier_prompts(make_bench: Callable[..., Bench]) -> None:
    bench = make_bench("lru", entries=5)
    for x in (1, 2, 3):
        bench.run(sums(x), "b")
    assert bench.run(sums(2), "b").executed == ()
    assert bench.run(sums(3), "b").executed == ()
    assert len(bench.run(sums(1), "b").executed) == 2, "the results used longest ago went first"
    assert bench.run(sums(3), "b").executed == ()
    assert len(bench.run(sums(2), "b").executed) == 2


def test_lru_keeps_the_last_prompt_whole(make_bench: Callable[..., Bench]) -> None:
    bench = make_bench("lru", entries=1)
    bench.run(sums(1), "b")
    assert bench.run(sums(1), "b").executed == ()


@pytest.mark.parametrize("disk", [False, True])
def test_none_runs_everything_each_time(make_bench: Callable[..., Bench], disk: bool) -> None:
    bench = make_bench("none", disk=disk)
    for _ in range(3):
        assert bench.run(sums(1), "b").executed == ("a", "b")
        stats = bench.cache.stats()
        assert (stats.records, stats.ram.entries, stats.disk.entries) == (0, 0, 0)


def test_none_frees_a_result_when_the_last_that_needs_it_has_run(
    make_bench: Callable[..., Bench],
) -> None:
    bench = make_bench("none")
    kept: list[int] = []

    def step(x: Any) -> int:
        kept.append(bench.cache.stats().ram.entries)
        return x + 1

    bench.toys.add(toy("step", step))
    nodes: dict[str, Any] = {"n0": ("const", {"x": 0})}
    for number in range(1, 20):
        nodes[f"n{number}"] = ("step", {"x": (f"n{number - 1}", 0)})
    assert bench.run(graph(**nodes), "n19").values("n19") == ([19],)
    assert max(kept) == 1


def test_none_keeps_for_a_switch_what_it_may_ask_for(make_bench: Callable[..., Bench]) -> None:
    bench = make_bench("none")
    wired = graph(
        a=("pair", {"a": 1}),
        c=("parity", {"a": ("a", 0)}),
        s=("v1switch", {"condition": ("c", 0), "on_true": ("a", 1), "on_false": 0}),
    )
    result = bench.run(wired, "s")
    assert result.values("s") == ([-1],)
    assert result.executed == ("a", "c", "s")


@pytest.mark.parametrize(("kind", "again"), [("auto", 0), ("classic", 2)])
def test_memory_is_given_back_between_runs(
    make_bench: Callable[..., Bench], kind: CachePolicy, again: int
) -> None:
    class Weights:
        held = True

        def release(self) -> None:
            self.held = False

    bench = make_bench(kind, disk=True)
    weights = bench.executor.resources.get("weights", Weights)
    wired = graph(a=("const", {"x": 1}), s=("show", {"x": ("a", 0)}))
    bench.run(wired)
    assert bench.executor.free(results=True, models=False) > 0
    assert weights.held
    assert bench.cache.stats().ram.entries == 0
    assert len(bench.run(wired).executed) == again
    bench.executor.free(results=False, models=True)
    assert not weights.held
