from __future__ import annotations

import asyncio
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from engine.declare.spec import Blocker, InputSpec, OutputSpec, Returned
from engine.declare.types import Lazy
from engine.errors import (
    InputError,
    InterruptedRunError,
    InvalidWorkflowError,
    NodeFailedError,
    OutOfMemoryError,
)
from engine.graph.model import Link, Node, Subgraph
from engine.run.events import (
    Cached,
    Finished,
    NodeFinished,
    NodeStarted,
    Progress,
    Started,
    Warned,
)
from tests.engine.toys import Bench, graph, toy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LIST = (OutputSpec(name="items", type="*", is_list=True),)


def lazy(*names: str) -> tuple[InputSpec, ...]:
    return tuple(InputSpec(name=name, type="*", lazy=True) for name in names)


async def switch(condition: bool, on_true: Any = None, on_false: Any = None) -> Any:
    chosen = on_true if condition else on_false
    return await chosen if isinstance(chosen, Lazy) else chosen


def min_of(a: int, b: int) -> int:
    return min(a, b)


def ask_for_one(inputs: dict[str, Any], absent: tuple[str, ...]) -> tuple[str, ...]:
    wanted = "on_true" if inputs["condition"] else "on_false"
    return (wanted,) if wanted in absent else ()


SWITCH = (InputSpec(name="condition", type="BOOLEAN"), *lazy("on_true", "on_false"))


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench.at(
        tmp_path,
        toy("const", lambda x: x),
        toy("add", lambda a, b: a + b),
        toy("parity", lambda a: a % 2),
        toy("pair", lambda a: (a, -a), outputs=2),
        toy("range", lambda n: list(range(n)), outputs=LIST),
        toy(
            "sum",
            lambda items: sum([*items]),
            inputs=(InputSpec(name="items", type="*", gather=True),),
        ),
        toy("show", lambda x: Returned(ui={"text": [x]}), outputs=0, is_output=True),
        toy("block", lambda x: Blocker("nothing here") if x else x),
        toy("switch", switch, inputs=SWITCH, lane="async"),
        toy(
            "v1switch",
            lambda condition, on_true=None, on_false=None: on_true if condition else on_false,
            inputs=SWITCH,
            asks=ask_for_one,
        ),
    )
    yield bench
    bench.close()


def test_a_second_run_runs_nothing(bench: Bench) -> None:
    wired = graph(
        a=("const", {"x": 1}), b=("add", {"a": ("a", 0), "b": 2}), c=("show", {"x": ("b", 0)})
    )
    assert bench.run(wired).executed == ("a", "b", "c")
    again = bench.run(wired)
    assert again.executed == ()
    assert set(again.cached) == {"a", "b", "c"}
    assert again.ui["c"] == {"text": [3]}


def test_values_of_targets_are_returned_by_slot(bench: Bench) -> None:
    wired = graph(p=("pair", {"a": 4}))
    assert bench.run(wired, "p").values("p") == ([4], [-4])
    assert bench.run(wired, "p").values("p") == ([4], [-4])


def test_only_what_a_change_reaches_runs_again(bench: Bench) -> None:
    def wired(x: int) -> Any:
        return graph(
            a=("const", {"x": x}),
            b=("const", {"x": 5}),
            c=("add", {"a": ("a", 0), "b": ("b", 0)}),
        )

    bench.run(wired(1), "c")
    assert bench.run(wired(2), "c").executed == ("a", "c")


def test_an_equal_result_stops_the_change(bench: Bench) -> None:
    def wired(x: int) -> Any:
        return graph(
            a=("const", {"x": x}), b=("parity", {"a": ("a", 0)}), c=("add", {"a": ("b", 0), "b": 1})
        )

    bench.run(wired(1), "c")
    assert bench.run(wired(3), "c").executed == ("a", "b")
    assert bench.run(wired(3), "c").values("c") == ([2],)


def test_ids_and_titles_do_not_matter(bench: Bench) -> None:
    bench.run(graph(a=("const", {"x": 1}), b=("add", {"a": ("a", 0), "b": 2})), "b")
    renamed = graph(z=("const", {"x": 1}), y=("add", {"a": ("z", 0), "b": 2}))
    assert bench.run(renamed, "y").executed == ()


def test_numbers_texts_and_truth_values_stay_apart(bench: Bench) -> None:
    for value in (1, 1.0, True, "1", None, [1], ["1"], {"a": 1}, {"a": [1]}, -0.0, 0.0):
        assert bench.run(graph(a=("const", {"x": value})), "a").executed == ("a",)


def test_nan_never_comes_from_the_cache(bench: Bench) -> None:
    wired = graph(a=("const", {"x": float("nan")}))
    assert bench.run(wired, "a").executed == ("a",)
    assert bench.run(wired, "a").executed == ("a",)


def test_equal_nodes_of_one_graph_run_once(bench: Bench) -> None:
    wired = graph(
        a=("const", {"x": 1}), b=("const", {"x": 1}), c=("add", {"a": ("a", 0), "b": ("b", 0)})
    )
    result = bench.run(wired, "c")
    assert len(result.executed) == 2
    assert result.values("c") == ([2],)


def test_an_edited_source_runs_again(bench: Bench) -> None:
    wired = graph(a=("const", {"x": 1}), b=("parity", {"a": ("a", 0)}))
    bench.run(wired, "b")
    bench.toys.edit("parity", lambda a: a + 10)
    result = bench.run(wired, "b")
    assert (result.executed, result.values("b")) == (("b",), ([11],))


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
    warnings = [event for event in events if isinstance(event, Warned)]
    assert [(one.node, one.message) for one in warnings] == [("c", "nothing here")]


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
    with pytest.raises(InvalidWorkflowError) as caught:
        bench.run(graph(a=("bite", {})), "a")
    assert caught.value.problems[0].kind == "dependency_cycle"


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


def test_a_failure_names_its_node_and_keeps_what_is_done(bench: Bench) -> None:
    def fail(a: Any) -> Any:
        raise ValueError("no luck")

    bench.toys.add(toy("fail", fail))
    wired = graph(a=("const", {"x": 1}), b=("fail", {"a": ("a", 0)}))
    with pytest.raises(NodeFailedError, match="ValueError: no luck") as caught:
        bench.run(wired, "b")
    assert caught.value.problem.node == "b"
    assert isinstance(caught.value.__cause__, ValueError)
    bench.toys.edit("fail", lambda a: a)
    assert bench.run(wired, "b").executed == ("b",)


def test_memory_that_runs_out_once_is_survived(bench: Bench) -> None:
    tries: list[int] = []

    class Weights:
        released = 0

        def release(self) -> None:
            self.released += 1

    def greedy(context: Any) -> int:
        context.resource("weights", Weights)
        tries.append(1)
        if len(tries) == 1:
            raise MemoryError
        return 1

    bench.toys.add(toy("greedy", greedy))
    assert bench.run(graph(a=("greedy", {})), "a").values("a") == ([1],)
    assert bench.executor.resources.get("weights", Weights).released == 1


def test_memory_that_runs_out_twice_is_a_clear_error_and_the_next_run_works(bench: Bench) -> None:
    def greedy() -> int:
        raise RuntimeError("CUDA out of memory. Tried to allocate 20.00 GiB")

    bench.toys.add(toy("greedy", greedy))
    with pytest.raises(OutOfMemoryError) as caught:
        bench.run(graph(a=("greedy", {})), "a")
    assert caught.value.problem.node == "a"
    assert bench.run(graph(a=("const", {"x": 1})), "a").values("a") == ([1],)


@pytest.mark.parametrize("lane", ["device", "io", "async"])
def test_an_interrupt_stops_a_node_between_two_steps(bench: Bench, lane: str) -> None:
    steps: list[int] = []
    stop = threading.Event()

    def long(context: Any) -> int:
        for step in range(1_000):
            steps.append(step)
            if step == 3:
                stop.set()
            context.progress(step, 1_000)
        return 1

    async def long_async(context: Any) -> int:
        await asyncio.sleep(0)
        return long(context)

    bench.toys.add(toy("long", long_async if lane == "async" else long, lane=lane))
    with pytest.raises(InterruptedRunError) as caught:
        bench.run(graph(a=("long", {})), "a", interrupt=stop)
    assert caught.value.problem.node in {"a", None}
    assert steps == [0, 1, 2, 3]


def test_an_async_node_that_waits_is_interrupted(bench: Bench) -> None:
    stop = threading.Event()

    async def forever() -> None:
        stop.set()
        await asyncio.sleep(1_000)

    bench.toys.add(toy("forever", forever, lane="async"))
    with pytest.raises(InterruptedRunError):
        bench.run(graph(a=("forever", {})), "a", interrupt=stop)


def test_io_nodes_run_while_the_device_works(bench: Bench) -> None:
    saved, computed = threading.Event(), threading.Event()

    def save(x: int) -> int:
        assert computed.wait(10), "the device did not work meanwhile"
        saved.set()
        return x

    def compute(x: int) -> int:
        computed.set()
        assert saved.wait(10), "saving did not go on meanwhile"
        return x

    bench.toys.add(toy("save", save, lane="io"), toy("compute", compute))
    wired = graph(
        a=("save", {"x": 1}), b=("compute", {"x": 2}), c=("add", {"a": ("a", 0), "b": ("b", 0)})
    )
    assert bench.run(wired, "c").values("c") == ([3],)


def test_events_are_numbered_and_tell_the_whole_story(bench: Bench) -> None:
    def work(x: int, context: Any) -> int:
        context.progress(1, 2)
        context.report("training", {"loss": 0.5})
        return x

    bench.toys.add(toy("work", work))
    wired = graph(a=("const", {"x": 1}), b=("work", {"x": ("a", 0)}), c=("show", {"x": ("b", 0)}))
    bench.run(graph(a=("const", {"x": 1})), "a")
    events: list[Any] = []
    bench.run(wired, listener=events.append, job_id="j")
    assert [event.sequence for event in events] == list(range(len(events)))
    assert {event.job for event in events} == {"j"}
    assert isinstance(events[0], Started)
    assert set(events[0].nodes) == {"a", "b", "c"}
    assert isinstance(events[1], Cached)
    assert events[1].nodes == ("a",)
    kinds = [type(event) for event in events]
    assert kinds.index(NodeStarted) < kinds.index(Progress) < kinds.index(NodeFinished)
    assert events[-2].ui == {"text": [1]}
    assert isinstance(events[-1], Finished)


def test_a_cached_node_that_shows_something_shows_it_again(bench: Bench) -> None:
    wired = graph(a=("show", {"x": 1}))
    bench.run(wired)
    events: list[Any] = []
    bench.run(wired, listener=events.append)
    shown = [event for event in events if isinstance(event, NodeFinished)]
    assert [(one.node, one.ui, one.cached) for one in shown] == [("a", {"text": [1]}, True)]


def test_time_and_memory_of_each_node_are_known(bench: Bench) -> None:
    bench.toys.add(toy("sleep", lambda: time.sleep(0.05)))
    timing = bench.run(graph(a=("sleep", {})), "a").timings["a"]
    assert timing.seconds >= 0.05
    assert timing.peak_bytes > 1_000_000


def test_a_saved_file_that_is_gone_is_saved_again(bench: Bench) -> None:
    def save(x: str, context: Any) -> Returned:
        context.folders.output.mkdir(exist_ok=True)
        (context.folders.output / "x.txt").write_text(x)
        saved = {"filename": "x.txt", "subfolder": "", "type": "output"}
        return Returned(ui={"texts": [saved]})

    bench.toys.add(toy("save", save, outputs=0, is_output=True))
    wired = graph(a=("save", {"x": "hello"}))
    assert bench.run(wired).executed == ("a",)
    assert bench.run(wired).executed == ()
    (bench.folders.output / "x.txt").unlink()
    assert bench.run(wired).executed == ("a",)


def test_a_file_replaced_under_its_name_is_read_again(bench: Bench) -> None:
    named = (InputSpec(name="name", type="COMBO", folder="input"),)
    bench.toys.add(
        toy(
            "read",
            lambda name, context: context.file("input", name).path.read_text(),
            inputs=named,
        )
    )
    bench.folders.input.mkdir()
    file = bench.folders.input / "a.txt"
    for direct in (True, False):
        wired = graph(
            n=("const", {"x": "a.txt"}), a=("read", {"name": "a.txt" if direct else ("n", 0)})
        )
        for text in ("one", "two", "one"):
            file.write_text(text)
            assert bench.run(wired, "a").values("a") == ([text],)
    file.write_text("one")
    assert bench.run(wired, "a").executed == ()


def test_a_node_that_looks_at_the_graph_sees_changes_behind_equal_results(bench: Bench) -> None:
    """A loop runs its body again with other values, so equal first results prove nothing."""

    def body_constant(flow: Link, value: int, context: Any) -> int:
        return context.graph.nodes[flow.node].inputs["b"]

    inputs = (
        InputSpec(name="flow", type="*", raw_link=True),
        InputSpec(name="value", type="*"),
    )
    bench.toys.add(toy("at_most", min_of), toy("look", body_constant, inputs=inputs))
    for bound in (5, 6):
        wired = graph(
            m=("at_most", {"a": 1, "b": bound}), l=("look", {"flow": ("m", 0), "value": ("m", 0)})
        )
        assert bench.run(wired, "l").values("l") == ([bound],)


def test_identity_keeps_equal_nodes_apart(bench: Bench) -> None:
    bench.toys.add(toy("own", lambda x: x, keeps_identity=True))
    wired = graph(
        a=("own", {"x": 1}), b=("own", {"x": 1}), c=("add", {"a": ("a", 0), "b": ("b", 0)})
    )
    assert set(bench.run(wired, "c").executed) == {"a", "b", "c"}
    assert bench.run(wired, "c").executed == ()


def test_a_fingerprint_of_its_own_decides(bench: Bench) -> None:
    outside = {"x": 1}
    bench.toys.add(toy("read", lambda: outside["x"], own=lambda _: outside["x"]))
    wired = graph(a=("read", {}))
    assert bench.run(wired, "a").values("a") == ([1],)
    outside["x"] = 2
    assert bench.run(wired, "a").values("a") == ([2],)
    assert bench.run(wired, "a").executed == ()


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
