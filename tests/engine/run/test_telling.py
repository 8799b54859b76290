from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from engine.declare.spec import Returned
from engine.errors import InterruptedRunError, LoomError, NodeFailedError
from engine.graph.model import Link, Node, Subgraph
from engine.run.client import Client
from engine.run.events import (
    Custom,
    Event,
    Failed,
    Interrupted,
    NodeFinished,
    NodeStarted,
    Progress,
    ProgressText,
)
from engine.run.place import Places
from tests.engine.run.standard_bench import standard_bench
from tests.engine.toys import Bench, graph, toy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = standard_bench(tmp_path)
    yield bench
    bench.close()


def story(events: list[Event]) -> list[str]:
    """The nodes that start and end, in order: `"> a"`, `"< a"`."""
    marks = {NodeStarted: ">", NodeFinished: "<"}
    return [
        f"{marks[type(event)]} {event.node}"
        for event in events
        if isinstance(event, NodeStarted | NodeFinished)
    ]


def nested(context: Any) -> Returned:
    """Return `deeper`, which returns `fail`."""
    inner = f"{context.node_id}.0.0.1"
    return Returned(
        outputs=(Link(inner, 0),), expand=Subgraph({inner: Node(inner, "deeper", {"x": 1})})
    )


def deeper(x: int, context: Any) -> Returned:
    inner = f"{context.node_id}.0.0.1"
    return Returned(
        outputs=(Link(inner, 0),), expand=Subgraph({inner: Node(inner, "leaf", {"x": x})})
    )


def test_a_node_starts_once_more_after_it_asked_for_a_lazy_input(bench: Bench) -> None:
    events: list[Event] = []
    wired = graph(
        a=("const", {"x": 1}),
        b=("v1switch", {"condition": True, "on_true": ("a", 0), "on_false": 2}),
    )
    bench.run(wired, "b", listener=events.append)
    assert story(events) == ["> b", "> a", "< a", "> b", "< b"]


def test_a_node_that_returns_nodes_ends_when_these_do(bench: Bench) -> None:
    bench.toys.add(toy("nested", nested), toy("deeper", deeper), toy("leaf", lambda x: x))
    events: list[Event] = []
    bench.run(graph(n=("nested", {})), "n", listener=events.append)
    first, second = "n.0.0.1", "n.0.0.1.0.0.1"
    assert story(events) == ["> n", f"> {first}", f"> {second}", f"< {second}", f"< {first}", "< n"]
    leaf = next(one for one in events if isinstance(one, NodeStarted) and one.node == second)
    assert (leaf.parent_node, leaf.display_node, leaf.real_node) == (first, "n", "n")
    top = next(one for one in events if isinstance(one, NodeStarted) and one.node == "n")
    assert (top.parent_node, top.display_node, top.real_node) == (None, "n", "n")


def test_a_failure_inside_an_expansion_is_told_of_the_node_of_the_file(bench: Bench) -> None:
    def fail(x: int) -> int:
        raise KeyError("no such thing")

    bench.toys.add(toy("nested", nested), toy("deeper", deeper), toy("leaf", fail))
    events: list[Event] = []
    wired = graph(a=("const", {"x": 1}), n=("nested", {}), s=("pair", {"a": ("a", 0)}))
    with pytest.raises(NodeFailedError):
        bench.run(wired, "s", "n", listener=events.append)
    failed = events[-1]
    assert isinstance(failed, Failed)
    assert failed.node == "n.0.0.1.0.0.1"
    assert (failed.real_node, failed.node_type) == ("n", "nested")
    assert (failed.exception_type, failed.exception_message) == ("KeyError", "'no such thing'")
    assert any("in fail" in line for line in failed.traceback)
    assert failed.current_inputs == {"x": [1]}
    assert set(failed.executed) == {"a", "s"}, "what still waits for its expansion has not run"


def test_inputs_of_a_failed_node_are_told_in_plain_values(bench: Bench) -> None:
    class Odd:
        def __repr__(self) -> str:
            return "an odd one"

    def fail(odd: Any, many: Any, number: float, nothing: Any) -> int:
        raise ZeroDivisionError

    bench.toys.add(toy("odd", Odd), toy("fail", fail))
    events: list[Event] = []
    inputs = {"odd": ("o", 0), "many": ["x"] * 10_000, "number": 0.5, "nothing": None}
    with pytest.raises(NodeFailedError):
        bench.run(graph(o=("odd", {}), f=("fail", inputs)), "f", listener=events.append)
    failed = events[-1]
    assert isinstance(failed, Failed)
    told = failed.current_inputs
    assert (told["odd"], told["number"], told["nothing"]) == (["an odd one"], [0.5], [None])
    assert len(told["many"][0]) < 2_000


def test_running_out_of_memory_is_told_in_the_words_of_the_library_and_with_advice(
    bench: Bench,
) -> None:
    def greedy() -> int:
        raise RuntimeError("CUDA out of memory. Tried to allocate 20.00 GiB")

    bench.toys.add(toy("greedy", greedy))
    events: list[Event] = []
    with pytest.raises(LoomError):
        bench.run(graph(a=("greedy", {})), "a", listener=events.append)
    failed = events[-1]
    assert isinstance(failed, Failed)
    assert (failed.exception_type, failed.kind) == ("RuntimeError", "out_of_memory")
    assert failed.exception_message.startswith("CUDA out of memory")
    assert "smaller" in failed.exception_message


def test_an_interrupt_tells_where_it_struck_and_what_had_run(bench: Bench) -> None:
    stop = threading.Event()

    def long(x: int, context: Any) -> int:
        stop.set()
        context.progress(1, 2)
        return x

    bench.toys.add(toy("long", long))
    events: list[Event] = []
    wired = graph(a=("const", {"x": 1}), b=("long", {"x": ("a", 0)}))
    with pytest.raises(InterruptedRunError):
        bench.run(wired, "b", interrupt=stop, listener=events.append)
    told = events[-1]
    assert isinstance(told, Interrupted)
    assert (told.node, told.real_node, told.node_type) == ("b", "b", "long")
    assert told.executed == ("a",)


def test_a_cached_target_is_told_of_even_if_it_shows_nothing(bench: Bench) -> None:
    wired = graph(a=("const", {"x": 1}), b=("pair", {"a": ("a", 0)}))
    bench.run(wired, "b")
    events: list[Event] = []
    bench.run(wired, "b", listener=events.append)
    done = [event for event in events if isinstance(event, NodeFinished)]
    assert [(one.node, one.cached, one.ui) for one in done] == [("b", True, {})]


def test_a_node_speaks_and_sends_messages_to_its_part_of_the_editor(bench: Bench) -> None:
    def talk(context: Any) -> None:
        context.say("half way")
        context.send("pack.event", {"x": 1}, context.client_id)

    bench.toys.add(toy("talk", talk))
    events: list[Event] = []
    wired = graph(t=("talk", {}))
    bench.run(wired, "t", listener=events.append, client=Client(id="me"))
    said = next(event for event in events if isinstance(event, ProgressText))
    assert (said.node, said.text) == ("t", "half way")
    sent = next(event for event in events if isinstance(event, Custom))
    assert (sent.name, sent.data, sent.client) == ("pack.event", {"x": 1}, "me")


@pytest.mark.parametrize(("method", "made"), [("none", False), ("auto", True), (None, True)])
def test_previews_are_not_made_for_a_client_that_wants_none(
    bench: Bench, method: str | None, made: bool
) -> None:
    def sample(context: Any) -> None:
        context.progress(1, 2, preview=lambda: "a preview")
        context.progress(2, 2, preview="a result", exact=True)

    bench.toys.add(toy("sample", sample))
    events: list[Event] = []
    client = Client(previews=method)
    bench.run(graph(s=("sample", {})), "s", listener=events.append, client=client)
    first, second = (event for event in events if isinstance(event, Progress))
    assert (first.preview, first.exact) == ("a preview" if made else None, False)
    assert (second.preview, second.exact) == ("a result", True)


def test_secrets_reach_the_node_and_nothing_else(bench: Bench) -> None:
    asked: list[Any] = []

    def ask(context: Any) -> int:
        asked.extend([context.secret("api_key_comfy_org"), context.secret("other")])
        return 1

    bench.toys.add(toy("ask", ask))
    events: list[Event] = []
    client = Client(secrets={"api_key_comfy_org": "s3cret"})
    wired = graph(a=("ask", {}))
    bench.run(wired, "a", listener=events.append, client=client)
    assert asked == ["s3cret", None]
    assert "s3cret" not in repr(events)
    assert "s3cret" not in repr(client)
    again = Client(secrets={"api_key_comfy_org": "another"})
    assert bench.run(wired, "a", client=again).executed == (), "a token is no reason to run again"


def test_a_thread_that_a_node_left_behind_is_not_heard_after_the_run(bench: Bench) -> None:
    kept: list[Any] = []

    def leave(context: Any) -> None:
        kept.append(context)

    bench.toys.add(toy("leave", leave))
    events: list[Event] = []
    bench.run(graph(a=("leave", {})), "a", listener=events.append)
    heard = len(events)
    (context,) = kept
    context.progress(1, 2)
    context.send("late", {})
    context.report("late", {})
    assert len(events) == heard


def test_a_node_that_others_mark_may_itself_be_part_of_an_expansion() -> None:
    places = Places()
    places.bring("1", [Node("1.a", "X"), Node("1.b", "X", display_id="1.c")])
    places.bring("1.a", [Node("1.a.x", "X", display_id="1.b"), Node("1.a.y", "X")])
    assert places.of("1.a.y") == ("1.a.y", "1", "1.a", "1")
    assert places.of("1.b").display_node == "1.c"
    assert places.of("1.a.x").display_node == "1.c"
    assert places.of("9") == ("9", "9", None, "9")
