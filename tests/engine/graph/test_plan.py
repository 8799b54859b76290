from __future__ import annotations

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import InvalidWorkflowError
from engine.graph.model import Graph, Link, Node
from engine.graph.plan import closure, order

EDGES = st.sets(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=25)


@given(EDGES, st.integers(0, 9))
def test_the_order_is_that_of_networkx_or_there_is_a_cycle(
    edges: set[tuple[int, int]], target: int
) -> None:
    sources = {str(n): [str(a) for a, b in sorted(edges) if b == n] for n in range(10)}
    view = nx.DiGraph([(str(a), str(b)) for a, b in edges])
    view.add_node(str(target))
    needed = nx.ancestors(view, str(target)) | {str(target)}
    if not nx.is_directed_acyclic_graph(view.subgraph(needed)):
        with pytest.raises(InvalidWorkflowError) as caught:
            order([str(target)], sources.__getitem__)
        cycle = caught.value.problems[0].extra["cycle"]
        assert all(a in sources[b] for a, b in zip([*cycle[1:], cycle[0]], cycle, strict=True))
        return
    found = order([str(target)], sources.__getitem__)
    assert set(found) == needed
    place = {name: index for index, name in enumerate(found)}
    assert all(place[a] < place[b] for b in found for a in sources[b])


def test_what_is_known_is_left_out() -> None:
    sources = {"a": [], "b": ["a"], "c": ["b"]}
    assert order(["c"], sources.__getitem__, known={"b"}) == ["c"]


def test_a_chain_of_a_hundred_thousand_nodes_has_an_order() -> None:
    count = 100_000
    found = order([count - 1], lambda n: [n - 1] if n else [])  # type: ignore[list-item, arg-type]
    assert found == list(range(count))


def test_the_closure_takes_everything_upstream_and_nothing_else() -> None:
    nodes = {
        "a": Node("a", "x"),
        "b": Node("b", "x", {"i": Link("a", 0)}),
        "c": Node("c", "x", {"i": Link("b", 0), "j": Link("gone", 0)}),
        "d": Node("d", "x", {"i": Link("c", 0)}),
    }
    assert set(closure(["c"], Graph(nodes).nodes)) == {"a", "b", "c"}
