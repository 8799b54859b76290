"""Graphs for hypothesis: everything that API JSON can say."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from engine.graph.model import BrokenLink, Graph, Link, Node

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
names = st.one_of(
    st.sampled_from(["seed", "text", "mode.n", "self", "title", "class", "a b", "id_"]), text
)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.just(2**64 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    text,
    st.just('first line of a long text that goes on,\nsecond line with a "quote" in it\n\n'),
)


def _json(children: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(children, max_size=3) | st.dictionaries(text, children, max_size=3)


json_values = st.recursive(scalars, _json, max_leaves=6)
constants = json_values.filter(
    lambda value: not isinstance(value, dict) or "__value__" not in value
)
ids = st.one_of(st.integers(0, 40).map(str), st.sampled_from(["12:5", "3.0.0.1", "x y", ""]), text)
types = st.sampled_from(["KSampler", "SaveImage", "KSampler (Efficient)", "node", "graph", "None"])
links = st.builds(Link, ids, st.integers(-1, 9))
broken = (
    st.lists(scalars, max_size=3)
    .map(BrokenLink)
    .filter(lambda one: not (len(one.value) == 2 and isinstance(one.value[0], str)))
)
nodes = st.builds(
    Node,
    id=ids,
    type=types,
    inputs=st.dictionaries(names, links | broken | constants, max_size=5),
    title=st.none() | text,
    is_changed=st.none() | st.lists(st.text("ab", max_size=3), min_size=1, max_size=2),
    extra=st.dictionaries(st.sampled_from(["colour", "note"]), json_values, max_size=1),
)


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Return a graph; links may dangle and may form cycles."""
    drawn = draw(st.lists(nodes, min_size=1, max_size=7, unique_by=lambda node: node.id))
    return Graph({node.id: node for node in drawn})
