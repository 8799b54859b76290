from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from engine import Context, Folders, Graph, InputError, Link, Node, Registry, Shown, node
from engine.cache.results import ResultsCache
from engine.content import ContentHashes
from engine.run.executor import Executor
from nodes import lists, logic, loops

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from engine.run.result import RunResult

calls: list[tuple[str, Any]] = []


@node("Step")
def step(*, value: int, by: int = 1) -> int:
    """Add, and remember that it ran."""
    calls.append(("step", value))
    return value + by


@node("Less")
def less(*, first: int, second: int) -> bool:
    calls.append(("less", first))
    return first < second


@node("Note", output=True)
def note(*, value: int) -> Shown[None]:
    calls.append(("note", value))
    return Shown(ui={"text": [str(value)]})


@node("Own")
def own(*, value: Any, context: Context) -> str:
    return f"{context.node_id.split('.')[0]}:{value}"


class Bench:
    def __init__(self, folder: Path) -> None:
        loop_nodes = (loops.loop_start, loops.for_loop_end, loops.while_loop_end)
        registry = Registry.of(
            *loop_nodes, loops.loop_collected, logic.gate, lists.make_list, lists.length
        )
        toys = Registry.of(step, less, note, own)
        both = [registry.get(one) for one in registry.ids()]
        both += [toys.get(one) for one in toys.ids()]
        kinds = Registry([kind for kind in both if kind is not None])
        self._executor = Executor(kinds, ResultsCache(), Folders.beneath(folder), ContentHashes())

    def run(self, nodes: dict[str, tuple[str, dict[str, Any]]], *targets: str) -> RunResult:
        calls.clear()
        graph = Graph({name: Node(name, kind, inputs) for name, (kind, inputs) in nodes.items()})
        return self._executor.run(graph, targets or None)

    def close(self) -> None:
        self._executor.close()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.close()


def counting(count: int, **changes: Any) -> dict[str, tuple[str, dict[str, Any]]]:
    """A loop that adds 1 to `value0`, keeps `value1`, and collects the values."""
    return {
        "start": ("LoopStart", {"values.value0": 10, "values.value1": "kept"}),
        "step": ("Step", {"value": Link("start", 2), **changes}),
        "end": (
            "ForLoopEnd",
            {
                "loop": Link("start", 0),
                "count": count,
                "values.value0": Link("step", 0),
                "collect": Link("step", 0),
            },
        ),
    }


def ran(name: str) -> list[Any]:
    return [value for kind, value in calls if kind == name]


def test_a_for_loop_carries_values_and_collects_rounds(bench: Bench) -> None:
    values = bench.run(counting(3), "end").values("end")
    assert values[0] == [13]
    assert values[1] == ["kept"]
    assert values[8] == [11, 12, 13]
    assert ran("step") == [10, 11, 12]


def test_a_loop_that_grows_runs_only_its_new_rounds(bench: Bench) -> None:
    bench.run(counting(10), "end")
    assert len(ran("step")) == 10
    values = bench.run(counting(12), "end").values("end")
    assert values[0] == [22]
    assert ran("step") == [20, 21]
    bench.run(counting(12), "end")
    assert ran("step") == []


def test_a_loop_without_rounds_gives_what_it_began_with(bench: Bench) -> None:
    values = bench.run(counting(0), "end").values("end")
    assert values[0] == [10]
    assert values[8] == []
    assert ran("step") == []


def test_a_loop_of_one_round_needs_no_copies(bench: Bench) -> None:
    assert bench.run(counting(1), "end").values("end")[0] == [11]


def test_a_body_with_the_same_first_result_is_not_taken_for_the_old_one(bench: Bench) -> None:
    """2 + 2 is 2 * 2: an equal first round must not hide that the body has changed."""
    first = {**counting(2), "step": ("Step", {"value": Link("start", 2), "by": Link("start", 1)})}
    assert bench.run(first, "end").values("end")[0] == [11]
    second = {**counting(2), "step": ("Step", {"value": Link("start", 2), "by": 0})}
    assert bench.run(second, "end").values("end")[0] == [10]


def test_the_index_counts_rounds(bench: Bench) -> None:
    graph = counting(3)
    graph["end"][1]["collect"] = Link("start", 1)
    assert bench.run(graph, "end").values("end")[8] == [0, 1, 2]


def test_what_a_round_shows_is_shown_in_every_round(bench: Bench) -> None:
    graph = {**counting(3), "note": ("Note", {"value": Link("step", 0)})}
    bench.run(graph, "end", "note")
    assert sorted(ran("note")) == [11, 12, 13]
    graph["more"] = ("Note", {"value": Link("start", 1)})
    bench.run(graph, "end", "note", "more")
    assert sorted(ran("note")) == [0, 1, 2]


def test_what_follows_the_loop_is_not_repeated(bench: Bench) -> None:
    graph = counting(3)
    graph["after"] = ("Step", {"value": Link("end", 0), "by": Link("step", 0)})
    graph["note"] = ("Note", {"value": Link("after", 0)})
    bench.run(graph)
    assert ran("note") == [24]


def test_loops_nest(bench: Bench) -> None:
    graph = {
        "outer": ("LoopStart", {"values.value0": 0}),
        "inner": ("LoopStart", {"values.value0": Link("outer", 2)}),
        "step": ("Step", {"value": Link("inner", 2)}),
        "inner_end": (
            "ForLoopEnd",
            {"loop": Link("inner", 0), "count": 3, "values.value0": Link("step", 0)},
        ),
        "outer_end": (
            "ForLoopEnd",
            {
                "loop": Link("outer", 0),
                "count": 4,
                "values.value0": Link("inner_end", 0),
                "collect": Link("inner_end", 0),
            },
        ),
    }
    values = bench.run(graph, "outer_end").values("outer_end")
    assert values[0] == [12]
    assert values[8] == [3, 6, 9, 12]
    assert ran("step") == list(range(12))


def until(below: int, **more: Any) -> dict[str, tuple[str, dict[str, Any]]]:
    """A loop that adds 1 to `value0` as long as it is less than a limit."""
    return {
        "start": ("LoopStart", {"values.value0": 0}),
        "less": ("Less", {"first": Link("start", 2), "second": below}),
        "step": ("Step", {"value": Link("start", 2)}),
        "end": (
            "WhileLoopEnd",
            {
                "loop": Link("start", 0),
                "condition": Link("less", 0),
                "limit": 100,
                "values.value0": Link("step", 0),
                **more,
            },
        ),
    }


def test_a_while_loop_runs_until_its_condition_fails(bench: Bench) -> None:
    assert bench.run(until(3), "end").values("end")[0] == [3]
    assert ran("step") == [0, 1, 2]
    assert ran("less") == [0, 1, 2, 3]


def test_a_longer_while_loop_runs_only_its_new_rounds(bench: Bench) -> None:
    bench.run(until(10), "end")
    assert bench.run(until(12), "end").values("end")[0] == [12]
    assert ran("step") == [10, 11]


def test_a_while_loop_may_have_no_round(bench: Bench) -> None:
    assert bench.run(until(0), "end").values("end")[0] == [0]
    assert ran("step") == []


def test_a_while_loop_shows_each_round_that_takes_place(bench: Bench) -> None:
    graph = {**until(3), "note": ("Note", {"value": Link("step", 0)})}
    bench.run(graph, "end", "note")
    assert sorted(ran("note")) == [1, 2, 3]


def test_a_loop_without_end_is_stopped(bench: Bench) -> None:
    graph = {**until(50, limit=5)}
    with pytest.raises(InputError, match="did not end after 5 rounds"):
        bench.run(graph, "end")


def test_many_rounds_do_not_exhaust_the_stack(bench: Bench) -> None:
    assert bench.run(counting(500), "end").values("end")[0] == [510]
    assert bench.run(until(100, limit=1000), "end").values("end")[0] == [100]


def test_the_loop_input_must_come_from_a_start(bench: Bench) -> None:
    graph = counting(2)
    graph["end"][1]["loop"] = Link("step", 0)
    with pytest.raises(InputError, match="start of a loop"):
        bench.run(graph, "end")


def test_a_value_that_the_loop_does_not_carry_blocks_what_uses_it(bench: Bench) -> None:
    graph = {**counting(2), "note": ("Note", {"value": Link("end", 5)})}
    bench.run(graph)
    assert ran("note") == []
