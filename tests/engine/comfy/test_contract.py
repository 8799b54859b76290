"""What ComfyUI promises to node packs about execution, rule by rule."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from engine.errors import InputError, InvalidWorkflowError, NodeFailedError
from engine.run.client import Client
from engine.run.events import Blocked, Failed, NodeFinished, NodeStarted
from tests.engine.comfy.pack_bench import Nodes, PackBench, link

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.run.events import Event

PACK = Path(__file__).parents[2] / "data" / "contract_pack.py"


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[PackBench]:
    made = PackBench(tmp_path, PACK, "Contract")
    assert not [one for one in made.registry.failures if one.name.startswith("custom_nodes")]
    yield made
    made.close()


def seen(bench: PackBench) -> list[Any]:
    """What nodes saw since the last call."""
    found = list(bench.module.SEEN)
    bench.module.SEEN.clear()
    return found


def started(events: list[Event]) -> list[str]:
    return [event.node for event in events if isinstance(event, NodeStarted)]


def test_what_is_shown_runs_first_then_what_feeds_it(bench: PackBench) -> None:
    nodes: Nodes = {
        "a": ("Same", {"x": 1}),
        "b": ("Same", {"x": link("a")}),
        "show1": ("Show", {"x": link("b")}),
        "c": ("Same", {"x": 2}),
        "d": ("Same", {"x": link("c")}),
        "show2": ("Show", {"x": link("d")}),
    }
    events: list[Event] = []
    bench.run(nodes, listener=events.append)
    assert started(events) == ["a", "b", "show1", "c", "d", "show2"]


def test_among_equals_the_last_input_of_the_first_target_comes_first(bench: PackBench) -> None:
    nodes: Nodes = {
        "a": ("Same", {"x": 1}),
        "b": ("Same", {"x": 2}),
        "c": ("Same", {"x": 3}),
        "all": ("Same", {"x": link("a"), "y": link("b"), "z": link("c")}),
    }
    events: list[Event] = []
    bench.run(nodes, "all", listener=events.append)
    assert started(events) == ["c", "b", "a", "all"]


def test_an_output_that_the_node_left_out_is_none(bench: PackBench) -> None:
    nodes: Nodes = {"s": ("Short", {"x": 7}), "n": ("Same", {"x": link("s", 1)})}
    assert bench.value(nodes, "n") == [None]


def test_each_call_knows_which_item_it_is_for_also_behind_blocked_ones(bench: PackBench) -> None:
    nodes: Nodes = {
        "items": ("Items", {"x": 4}),
        "block": ("Block", {"x": link("items"), "at": 1, "message": ""}),
        "which": ("Which", {"x": link("block")}),
    }
    bench.run(nodes, "which", job_id="job")
    assert seen(bench) == [("job", "which", 0), ("job", "which", 2), ("job", "which", 3)]


def test_undeclared_inputs_are_passed_as_links_and_dropped_as_constants(bench: PackBench) -> None:
    nodes: Nodes = {
        "a": ("Same", {"x": 1}),
        "u": ("Undeclared", {"x": 1, "linked": link("a"), "constant": 2}),
    }
    assert bench.value(nodes, "u") == [["linked"]]


def test_hidden_inputs_are_supplied_whatever_the_file_says(bench: PackBench) -> None:
    client = Client(
        extra_pnginfo={"workflow": {}}, secrets={"api_key_comfy_org": "k", "other": "o"}
    )
    nodes: Nodes = {"h": ("Hidden", {"unique_id": "mine", "x": 1, "odd": 3})}
    bench.run(nodes, "h", client=client)
    (values,) = seen(bench)
    assert values["unique_id"] == "h"
    assert set(values["prompt"]) == {"h"}
    assert values["extra"] == {"workflow": {}}
    assert (values["key"], values["token"]) == ("k", None)
    assert values["odd"] == 3, "nobody knows the marker, so the constant stays"


def test_lazy_inputs_are_asked_for_again_until_nothing_new_is_asked(bench: PackBench) -> None:
    nodes: Nodes = {
        "a": ("Same", {"x": True}),
        "b": ("Same", {"x": "second"}),
        "ask": ("Ask", {"x": 0, "a": link("a"), "b": link("b")}),
    }
    events: list[Event] = []
    result = bench.run(nodes, "ask", listener=events.append)
    assert result.values("ask")[0] == [(0, True, "second")]
    assert seen(bench) == [(0, None, None), (0, True, None), (0, True, "second")]
    assert started(events) == ["ask", "a", "ask", "b", "ask"]


def test_a_lazy_input_that_is_not_asked_for_is_none(bench: PackBench) -> None:
    nodes: Nodes = {
        "a": ("Same", {"x": False}),
        "b": ("Same", {"x": 2}),
        "ask": ("Ask", {"x": 0, "a": link("a"), "b": link("b")}),
        "never": ("NeverAsks", {"x": link("b")}),
    }
    result = bench.run(nodes, "ask", "never")
    assert result.values("ask")[0] == [(0, False, None)]
    assert result.values("never")[0] == ["None"]
    assert "b" not in result.executed


def test_a_blocked_item_is_not_asked_about(bench: PackBench) -> None:
    nodes: Nodes = {
        "items": ("Items", {"x": 2}),
        "block": ("Block", {"x": link("items"), "at": 0, "message": ""}),
        "a": ("Same", {"x": False}),
        "ask": ("Ask", {"x": link("block"), "a": link("a"), "b": 5}),
    }
    bench.run(nodes, "ask")
    assert seen(bench) == [(1, None, 5), (1, False, 5)]


def test_lazy_inputs_of_a_node_that_takes_lists_are_lists_of_nothing(bench: PackBench) -> None:
    nodes: Nodes = {
        "a": ("Items", {"x": 2}),
        "ask": ("AskAll", {"x": 0, "a": link("a"), "b": 5}),
    }
    bench.run(nodes, "ask")
    assert seen(bench) == [([0], (None,), [5])]


def test_coroutines_say_what_they_need_too_and_constants_need_no_asking(bench: PackBench) -> None:
    nodes: Nodes = {"ask": ("AskLater", {"x": 0, "a": 1, "b": 2})}
    assert bench.value(nodes, "ask") == [(0, 1, 2)]
    linked: Nodes = {
        "a": ("Same", {"x": 3}),
        "ask": ("AskLater", {"x": 0, "a": link("a"), "b": 2}),
    }
    assert bench.value(linked, "ask") == [(0, 3, 2)]


def test_coroutines_wait_beside_each_other_and_so_do_the_items_of_one(bench: PackBench) -> None:
    nodes: Nodes = {
        "items": ("Items", {"x": 2}),
        "a": ("Sleep", {"x": link("items"), "together": 4}),
        "b": ("Sleep", {"x": 7, "together": 4}),
        "c": ("Sleep", {"x": 8, "together": 4}),
        "all": ("Same", {"x": link("a"), "y": link("b"), "z": link("c")}),
    }
    result = bench.run(nodes, "all", "a", "b", "c")
    assert result.values("a")[0] == [(0, True, "a"), (1, True, "a")]
    assert result.values("c")[0] == [(8, True, "c")]


def test_a_semaphore_of_a_class_works_from_run_to_run(bench: PackBench) -> None:
    for number in range(3):
        nodes: Nodes = {"i": ("Items", {"x": 5 + number}), "g": ("Gated", {"x": link("i")})}
        assert bench.value(nodes, "g") == list(range(5 + number))


def test_a_failure_of_a_coroutine_is_its_own(bench: PackBench) -> None:
    events: list[Event] = []
    with pytest.raises(NodeFailedError, match="LookupError"):
        bench.run({"f": ("FailLater", {"x": "gone"})}, "f", listener=events.append)
    failed = events[-1]
    assert isinstance(failed, Failed)
    assert (failed.node, failed.exception_type) == ("f", "LookupError")
    assert failed.current_inputs == {"x": ["gone"]}


def test_a_blocker_with_a_message_tells_it_at_each_node_that_it_cuts(bench: PackBench) -> None:
    nodes: Nodes = {
        "b": ("Block", {"x": 1, "at": 1, "message": "not today"}),
        "left": ("Same", {"x": link("b")}),
        "right": ("Show", {"x": link("b")}),
        "beyond": ("Show", {"x": link("left")}),
    }
    events: list[Event] = []
    result = bench.run(nodes, listener=events.append)
    told = [(one.node, one.message) for one in events if isinstance(one, Blocked)]
    assert sorted(told) == [("left", "not today"), ("right", "not today")]
    ended = {one.node: one.blocked for one in events if isinstance(one, NodeFinished)}
    assert ended == {"b": False, "left": True, "right": True, "beyond": True}
    assert result.ui == {}


def test_is_changed_gets_constants_and_nothing_for_links(bench: PackBench) -> None:
    nodes: Nodes = {"a": ("Same", {"x": 1}), "c": ("Changed", {"x": link("a")})}
    bench.run(nodes, "c")
    assert seen(bench) == [(None, "default")]
    assert bench.run(nodes, "c").executed == ()
    assert seen(bench) == [(None, "default")], "it is asked once for each prompt"
    bench.run({"c": ("Changed", {"x": 1, "y": link("a")}), "a": ("Same", {"x": 1})}, "c")
    assert seen(bench) == [(1, None)]


@pytest.mark.parametrize("answer", [float("nan"), OSError("no")])
def test_nan_and_a_failing_is_changed_run_the_node_each_time(bench: PackBench, answer: Any) -> None:
    bench.module.Changed.answer = answer
    nodes: Nodes = {"c": ("Changed", {"x": 1})}
    assert bench.run(nodes, "c").executed == ("c",)
    assert bench.run(nodes, "c").executed == ("c",)


def test_a_recorded_fingerprint_counts_in_place_of_asking(bench: PackBench) -> None:
    from dataclasses import replace

    graph = bench.graph({"c": ("Changed", {"x": 1})})
    recorded = replace(graph, nodes={"c": replace(graph.nodes["c"], is_changed=["recorded"])})
    bench.module.Changed.answer = math.nan
    assert bench.executor.run(recorded, ["c"]).executed == ("c",)
    assert bench.executor.run(recorded, ["c"]).executed == ()
    assert seen(bench) == []


def test_a_node_that_is_not_idempotent_is_kept_apart_by_its_id(bench: PackBench) -> None:
    nodes: Nodes = {"a": ("Fresh", {"x": 1}), "b": ("Fresh", {"x": 1})}
    assert set(bench.run(nodes, "a", "b").executed) == {"a", "b"}
    assert bench.run(nodes, "a", "b").executed == ()


def test_nodes_of_one_expansion_run_beside_each_other_and_know_where_they_belong(
    bench: PackBench,
) -> None:
    events: list[Event] = []
    result = bench.run({"e": ("Expand", {"x": 3})}, listener=events.append)
    assert [len(result.ui[one]["text"]) for one in result.ui] == [1, 1, 1]
    assert all("True" in result.ui[one]["text"][0] for one in result.ui)
    assert result.values("e")[0] == [
        {"parent": "e", "real": "e", "display": "elsewhere", "known": True}
    ]
    shown = [one for one in events if isinstance(one, NodeFinished) and one.ui]
    assert {(one.parent_node, one.display_node, one.real_node) for one in shown} == {
        ("e", "elsewhere", "e")
    }
    ended = [one.node for one in events if isinstance(one, NodeFinished)]
    assert ended.index("e") > max(ended.index(f"e.0.0.{n}") for n in (1, 7))


def test_a_circle_in_an_expansion_is_a_failure_of_the_node_that_expanded(bench: PackBench) -> None:
    events: list[Event] = []
    nodes: Nodes = {"e": ("ExpandInCircle", {"x": 1})}
    with pytest.raises(InvalidWorkflowError):
        bench.run(nodes, "e", listener=events.append)
    failed = events[-1]
    assert isinstance(failed, Failed)
    assert (failed.real_node, failed.node_type) == ("e", "ContractExpandInCircle")
    assert failed.exception_type == "graph.DependencyCycleError"


def test_an_expansion_with_a_known_id_is_refused(bench: PackBench) -> None:
    with pytest.raises(InputError, match="taken"):
        bench.run({"e": ("ExpandTaken", {"x": 1})}, "e")


def test_a_list_behind_an_expansion_stays_a_list(bench: PackBench) -> None:
    nodes: Nodes = {"e": ("ExpandItems", {"x": 3}), "n": ("Same", {"x": link("e")})}
    assert bench.value(nodes, "n") == [0, 1, 2]
