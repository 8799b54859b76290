"""What users ask of nodes that run, and results that are not kept."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import pytest

from engine.errors import InterruptedRunError
from engine.graph.model import Graph, Link, Node
from engine.run.controls import Controls
from engine.run.events import Event, Report
from tests.engine.toys import Bench, toy

GRAPH = Graph(
    {
        "a": Node("a", "patient", {"x": 1}),
        "b": Node("b", "after", {"x": Link("a", 0)}),
    }
)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench.at(tmp_path, toy("after", lambda x: x + 1, is_output=True))


def test_a_node_is_asked_only_for_what_it_offers() -> None:
    controls = Controls()
    assert "takes no requests" in str(controls.ask("5", "pause"))
    controls.offer("5", ("pause", "stop"))
    assert controls.ask("5", "pause") is None
    assert "it offers pause, stop" in str(controls.ask("5", "dance"))
    assert "takes no requests" in str(controls.ask("6", "pause"))
    assert controls.take("5") == "pause"
    assert controls.take("5") is None


def test_requests_come_in_the_order_of_asking_and_old_ones_end_with_their_offer() -> None:
    controls = Controls()
    controls.offer("5", ("save", "stop"))
    for action in ("save", "stop", "save"):
        assert controls.ask("5", action) is None
    assert [controls.take("5"), controls.take("5")] == ["save", "stop"]
    controls.offer("5", ())
    controls.offer("5", ("save", "stop"))
    assert controls.take("5") is None


def test_requests_that_a_node_never_comes_to_do_not_pile_up() -> None:
    controls = Controls()
    controls.offer("5", ("save",))
    answers = [controls.ask("5", "save") for _ in range(200)]
    assert answers[:100] == [None] * 100
    assert all("100 requests" in str(answer) for answer in answers[100:])
    assert controls.take("5") == "save"
    assert controls.ask("5", "save") is None


def test_a_node_that_waits_hears_a_request_from_another_thread(bench: Bench) -> None:
    controls, told = Controls(), list[Event]()

    def wait(x: int, context: Any) -> str:
        with context.offer("stop"):
            return f"{x} {context.asked(30)}"

    def listen(event: Event) -> None:
        told.append(event)
        if isinstance(event, Report) and event.data["actions"]:
            threading.Timer(0.05, controls.ask, ("a", "stop")).start()

    bench.toys.add(toy("wait", wait, is_output=True))
    graph = Graph({"a": Node("a", "wait", {"x": 1})})
    result = bench.executor.run(graph, ["a"], listener=listen, controls=controls)
    assert result.values("a") == (["1 stop"],)
    offers = [event.data for event in told if isinstance(event, Report)]
    assert offers == [{"actions": ["stop"]}, {"actions": []}]


def test_an_interrupt_ends_the_waiting_for_a_request(bench: Bench) -> None:
    interrupt = threading.Event()

    def wait(x: int, context: Any) -> int:
        with context.offer("stop"):
            threading.Timer(0.05, interrupt.set).start()
            context.asked(3600)
        return x

    bench.toys.add(toy("wait", wait, is_output=True))
    began = time.monotonic()
    with pytest.raises(InterruptedRunError):
        bench.executor.run(Graph({"a": Node("a", "wait", {"x": 1})}), ["a"], interrupt=interrupt)
    assert time.monotonic() - began < 60


def test_what_a_node_wants_not_kept_is_used_in_this_run_and_computed_anew_in_the_next(
    bench: Bench,
) -> None:
    calls: list[int] = []

    def patient(x: int, context: Any) -> list[int]:
        calls.append(x)
        if len(calls) == 1:
            context.keep_nothing()
        return [len(calls) * 100]

    bench.toys.add(toy("patient", patient), toy("after", lambda x: [x[0] + 1], is_output=True))
    runs = [bench.executor.run(GRAPH, ["b"]) for _ in range(3)]
    assert [run.values("b") for run in runs] == [([[101]],), ([[201]],), ([[201]],)]
    assert [run.executed for run in runs] == [("a", "b"), ("a", "b"), ()]
