from __future__ import annotations

from typing import cast

import pytest

from engine import Context, GraphBuilder, Link, Node, Subgraph


class Run:
    node_id = "7"


def builder() -> GraphBuilder:
    return GraphBuilder(cast("Context", Run()))


def test_nodes_are_numbered_beneath_the_returning_node() -> None:
    graph = builder()
    first = graph.node("Load", name="a.png")
    second = graph.node("Scale", "end", image=first.out(), factor=2.0, display_id="7")
    assert graph.subgraph(second.out(1), 5) == Subgraph(
        nodes={
            "7.1": Node("7.1", "Load", {"name": "a.png"}),
            "7.end": Node(
                "7.end", "Scale", {"image": Link("7.1", 0), "factor": 2.0}, display_id="7"
            ),
        },
        outputs=(Link("7.end", 1), 5),
    )


def test_inputs_may_be_set_later() -> None:
    graph = builder()
    node = graph.node("Add", a=1)
    node.inputs["b"] = 2
    assert graph.subgraph().nodes["7.1"].inputs == {"a": 1, "b": 2}


def test_a_name_can_be_used_once() -> None:
    graph = builder()
    graph.node("Add", "sum")
    with pytest.raises(ValueError, match="sum"):
        graph.node("Add", "sum")
