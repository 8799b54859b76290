from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from engine.declare.spec import Blocker, InputSpec, Returned
from engine.errors import (
    InputError,
    InvalidWorkflowError,
)
from engine.graph.builder import GraphBuilder
from engine.graph.model import Link, Node, Subgraph
from engine.run.events import (
    Blocked,
    Event,
    Failed,
    NodeFinished,
)
from tests.engine.toys import Bench, graph, toy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

from tests.engine.run.standard_bench import lazy, standard_bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = standard_bench(tmp_path)
    yield bench
    bench.close()


def test_a_list_is_mapped_and_gathered(bench: Bench) -> None:
    wired = graph(
        r=("range", {"n": 4}), d=("add", {"a": ("r", 0), "b": 10}), s=("sum", {"items": ("d", 0)})
    )
    result = bench.run(wired, "d", "s")
    assert result.values("d") == ([10, 11, 12, 13],)
    assert result.values("s") == ([46],)


def test_a_shorter_list_repeats_its_last_item(bench: Bench) -> None:
    wired = graph(
        r=("range", {"n": 4}), q=("range", {"n": 2}), d=("add", {"a": ("r", 0), "b": ("q", 0)})
    )
    assert bench.run(wired, "d").values("d") == ([0, 2, 3, 4],)


def test_an_empty_list_beside_another_is_an_error(bench: Bench) -> None:
    wired = graph(r=("range", {"n": 0}), d=("add", {"a": ("r", 0), "b": 1}))
    with pytest.raises(InputError) as caught:
        bench.run(wired, "d")
    assert (caught.value.problem.node, caught.value.problem.input) == ("d", "a")


def test_a_blocker_stops_what_depends_on_it_and_nothing_else(bench: Bench) -> None:
    wired = graph(
        b=("block", {"x": 1}),
        c=("add", {"a": ("b", 0), "b": 1}),
        d=("show", {"x": ("c", 0)}),
        e=("show", {"x": "well"}),
    )
    events: list[Any] = []
    result = bench.run(wired, listener=events.append)
    assert set(result.executed) == {"b", "e"}
    assert "d" not in result.ui
    told = [event for event in events if isinstance(event, Blocked)]
    assert [(one.node, one.message) for one in told] == [("c", "nothing here")]
    done = {event.node: event.blocked for event in events if isinstance(event, NodeFinished)}
    assert done == {"b": False, "c": True, "d": True, "e": False}


def test_a_blocker_blocks_single_items_of_a_list(bench: Bench) -> None:
    bench.toys.add(toy("odd", lambda x: x if x % 2 else Blocker()))
    wired = graph(r=("range", {"n": 4}), o=("odd", {"x": ("r", 0)}), s=("show", {"x": ("o", 0)}))
    assert bench.run(wired).ui["s"] == {"text": [1, 3]}


@pytest.mark.parametrize("kind", ["switch", "v1switch"])
def test_a_lazy_branch_is_not_run(bench: Bench, kind: str) -> None:
    def wired(condition: bool, x: int = 1, y: int = 2) -> Any:
        return graph(
            a=("const", {"x": x}),
            b=("const", {"x": y}),
            s=(kind, {"condition": condition, "on_true": ("a", 0), "on_false": ("b", 0)}),
        )

    assert set(bench.run(wired(True), "s").executed) == {"a", "s"}
    assert bench.run(wired(True), "s").executed == ()
    # The branch that was not taken cannot matter.
    assert bench.run(wired(True, y=3), "s").executed == ()
    assert set(bench.run(wired(False, y=3), "s").executed) == {"b", "s"}
    assert set(bench.run(wired(True, x=7), "s").executed) == {"a", "s"}
    assert bench.run(wired(True, x=7), "s").values("s") == ([7],)


def test_nested_lazy_switches_of_any_depth_do_not_block_each_other(bench: Bench) -> None:
    nodes: dict[str, Any] = {"n0": ("const", {"x": 42})}
    for index in range(1, 60):
        nodes[f"n{index}"] = (
            "switch",
            {"condition": True, "on_true": (f"n{index - 1}", 0), "on_false": 0},
        )
    assert bench.run(graph(**nodes), "n59").values("n59") == ([42],)


def test_an_expansion_runs_in_place_of_its_node(bench: Bench) -> None:
    def repeat(value: int, times: int, context: Any) -> Any:
        if times == 0:
            return value
        inner, outer = f"{context.node_id}.add", f"{context.node_id}.next"
        nodes = {
            inner: Node(inner, "add", {"a": value, "b": 2}),
            outer: Node(outer, "repeat", {"value": Link(inner, 0), "times": times - 1}),
        }
        return Returned(outputs=(Link(outer, 0),), expand=Subgraph(nodes))

    bench.toys.add(toy("repeat", repeat))
    wired = graph(a=("repeat", {"value": 1, "times": 30}), b=("add", {"a": ("a", 0), "b": 0}))
    result = bench.run(wired, "b")
    assert result.values("b") == ([61],)
    assert result.values("a") == ([61],)
    assert bench.run(wired, "b").executed == ()


def test_an_expansion_whose_ids_are_taken_is_an_error(bench: Bench) -> None:
    nodes = {"a": Node("a", "const", {"x": 1})}
    bench.toys.add(toy("clash", lambda: Returned(outputs=(1,), expand=Subgraph(nodes))))
    with pytest.raises(InputError, match="taken"):
        bench.run(graph(a=("clash", {})), "a")


def test_a_cycle_that_grows_as_it_runs_is_an_error(bench: Bench) -> None:
    def bite(context: Any) -> Any:
        node = Node("tail", "add", {"a": Link("a", 0), "b": 1})
        return Returned(outputs=(Link("tail", 0),), expand=Subgraph({"tail": node}))

    bench.toys.add(toy("bite", bite))
    events: list[Event] = []
    with pytest.raises(InvalidWorkflowError) as caught:
        bench.run(graph(a=("bite", {})), "a", listener=events.append)
    assert caught.value.problems[0].kind == "dependency_cycle"
    (failed,) = [event for event in events if isinstance(event, Failed)]
    assert (failed.real_node, failed.node_type) == ("a", "bite")
    assert failed.exception_type == "graph.DependencyCycleError"


def test_a_static_cycle_is_an_error(bench: Bench) -> None:
    wired = graph(a=("add", {"a": ("b", 0), "b": 1}), b=("add", {"a": ("a", 0), "b": 1}))
    with pytest.raises(InvalidWorkflowError) as caught:
        bench.run(wired, "a")
    assert caught.value.problems[0].extra["cycle"] == ["a", "b"]


def test_a_chain_of_ten_thousand_nodes_runs(bench: Bench) -> None:
    nodes: dict[str, Any] = {"n0": ("const", {"x": 0})}
    for index in range(1, 10_000):
        nodes[f"n{index}"] = ("add", {"a": (f"n{index - 1}", 0), "b": 1})
    assert bench.run(graph(**nodes), "n9999").values("n9999") == ([9_999],)


def test_several_expansions_of_a_mapped_node_become_one_list(bench: Bench) -> None:
    def grow(x: int, context: Any) -> Returned:
        name = f"{context.node_id}.{x}"
        node = Node(name, "add", {"a": x, "b": 100})
        return Returned(outputs=(Link(name, 0),), expand=Subgraph({name: node}))

    bench.toys.add(toy("grow", grow))
    wired = graph(
        r=("range", {"n": 3}), g=("grow", {"x": ("r", 0)}), s=("sum", {"items": ("g", 0)})
    )
    result = bench.run(wired, "g", "s")
    assert result.values("g") == ([100, 101, 102],)
    assert result.values("s") == ([303],)


def test_unlinked_slots_beyond_what_a_node_gave_hold_none(bench: Bench) -> None:
    bench.toys.add(toy("few", lambda: Returned(outputs=(1,)), outputs=2))
    wired = graph(a=("few", {}), b=("const", {"x": ("a", 1)}))
    assert bench.run(wired, "b").values("b") == ([None],)


def test_calls_of_one_node_may_build_the_same_graph(bench: Bench) -> None:
    def grow(x: int, context: Any) -> Subgraph:
        build = GraphBuilder(context)
        first = build.node("add", a=x, b=100)
        second = build.node("add", a=first.out(), b=1)
        graph_ = build.subgraph(second.out())
        return Returned(outputs=graph_.outputs, expand=graph_)

    bench.toys.add(toy("grow", grow))
    wired = graph(r=("range", {"n": 3}), g=("grow", {"x": ("r", 0)}))
    assert bench.run(wired, "g").values("g") == ([101, 102, 103],)


def test_a_longer_loop_runs_only_what_it_adds(bench: Bench) -> None:
    def repeat(value: int, times: int, context: Any) -> Any:
        if times == 0:
            return value
        build = GraphBuilder(context)
        body = build.node("add", a=value, b=2)
        rest = build.node("repeat", value=body.out(), times=times - 1)
        return Returned(outputs=(rest.out(),), expand=build.subgraph())

    bench.toys.add(toy("repeat", repeat))
    bodies: list[int] = []
    for times in (10, 12):
        result = bench.run(graph(a=("repeat", {"value": 1, "times": times})), "a")
        assert result.values("a") == ([1 + 2 * times],)
        bodies.append(sum(name.endswith(".1") for name in result.executed))
    assert bodies == [10, 2]


def test_a_lazy_input_may_come_from_a_node_that_asks_for_its_own(bench: Bench) -> None:
    slots = (InputSpec(name="condition", type="*"), *lazy("on_true", "on_false"))
    kind = bench.toys.kinds["v1switch"]
    bench.toys.add(toy("io_switch", kind.function, inputs=slots, asks=kind.asks, lane="io"))
    wired = graph(
        x=("const", {"x": 5}),
        i=("io_switch", {"condition": True, "on_true": ("x", 0), "on_false": 0}),
        s=("switch", {"condition": True, "on_true": ("i", 0), "on_false": 0}),
    )
    assert bench.run(wired, "s").values("s") == ([5],)
