from __future__ import annotations

import pytest

from engine.comfy.executing import ExecutionContext, executing
from engine.comfy.graph_utils import GraphBuilder, add_graph_prefix, is_link


def test_a_builder_numbers_nodes_beneath_its_prefix() -> None:
    graph = GraphBuilder("5.0.0.")
    first = graph.node("X", value=1)
    second = graph.node("Y", "end", source=first.out(0), other=2)
    second.set_input("other", None)
    second.set_override_display_id("9")
    assert graph.node("Y", "end") is second
    assert graph.lookup_node("end") is second
    assert second.get_input("source") == ["5.0.0.1", 0]
    assert graph.finalize() == {
        "5.0.0.1": {"class_type": "X", "inputs": {"value": 1}},
        "5.0.0.end": {
            "class_type": "Y",
            "inputs": {"source": ["5.0.0.1", 0]},
            "override_display_id": "9",
        },
    }


def test_links_to_an_output_can_be_replaced_and_nodes_removed() -> None:
    graph = GraphBuilder("p.")
    graph.node("X", "a")
    user = graph.node("Y", "b", one=["p.a", 0], two=["p.a", 1])
    graph.replace_node_output("a", 0, ["q", 2])
    graph.replace_node_output("a", 1, None)
    graph.remove_node("a")
    assert user.inputs == {"one": ["q", 2]}
    assert list(graph.finalize()) == ["p.b"]


def test_a_prefix_counts_the_builders_of_a_call() -> None:
    with executing(ExecutionContext("job", "7", 2)):
        assert [GraphBuilder().prefix, GraphBuilder().prefix] == ["7.2.0.", "7.2.1."]
    with pytest.raises(RuntimeError, match="prefix"):
        GraphBuilder()


def test_a_prefix_goes_before_ids_and_links() -> None:
    graph = {"1": {"class_type": "X", "inputs": {"a": ["2", 0], "b": [1, 2]}}}
    renamed, outputs = add_graph_prefix(graph, (["1", 0], 5), "p.")
    assert renamed == {"p.1": {"class_type": "X", "inputs": {"a": ["p.2", 0], "b": [1, 2]}}}
    assert outputs == (["p.1", 0], 5)


def test_only_a_list_of_an_id_and_a_slot_is_a_link() -> None:
    assert is_link(["1", 0])
    assert is_link(["1", 0.0])
    assert not is_link([1, 0])
    assert not is_link(("1", 0))
    assert not is_link(["1", 0, 0])
    assert not is_link("10")
