from __future__ import annotations

import asyncio
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from engine.errors import (
    InterruptedRunError,
    NodeFailedError,
    OutOfMemoryError,
)
from engine.run.events import (
    Cached,
    Finished,
    NodeFinished,
    NodeStarted,
    Progress,
    Started,
)
from tests.engine.toys import Bench, graph, toy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

from tests.engine.run.standard_bench import standard_bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = standard_bench(tmp_path)
    yield bench
    bench.close()


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


@pytest.mark.parametrize("lane", ["device", "async", "io"])
def test_a_node_that_ends_the_process_only_fails(bench: Bench, lane: Any) -> None:
    async def leave_later() -> None:
        await asyncio.sleep(0)
        raise SystemExit(3)

    def leave() -> None:
        raise SystemExit(3)

    bench.toys.add(toy("leave", leave_later if lane == "async" else leave, lane=lane))
    for _ in range(2):
        with pytest.raises(NodeFailedError, match="SystemExit: 3"):
            bench.run(graph(a=("leave", {})), "a")
