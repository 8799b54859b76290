from __future__ import annotations

from engine.jobs.node_states import MOST_IN_FULL, NodeStates
from engine.run.events import OfNode


def node(name: int | str) -> OfNode:
    return OfNode(job="j", node=str(name), display_node=str(name))


def test_few_nodes_are_told_in_full_each_time() -> None:
    states = NodeStates()
    states.begin(node(1))
    assert list(states.take()) == ["1"]
    states.end(node(1))
    states.begin(node(2))
    told = states.take()
    assert {name: state.state for name, state in told.items()} == {"1": "finished", "2": "running"}
    assert not states.changed


def test_of_many_nodes_those_are_told_that_changed_or_run() -> None:
    states = NodeStates()
    states.begin(node("slow"))
    for index in range(MOST_IN_FULL + 1):
        states.begin(node(index))
        states.end(node(index))
    states.take()
    assert not states.in_full
    states.begin(node("last"))
    assert set(states.take()) == {"slow", "last"}


def test_a_node_that_ends_has_done_all_its_steps() -> None:
    states = NodeStates()
    states.advance(node(1), 3, 10)
    states.end(node(1))
    (state,) = states.take().values()
    assert (state.value, state.max, state.state) == (10, 10, "finished")
    assert (state.real_node_id, state.parent_node_id) == ("1", None)
