from __future__ import annotations

import json
import math

from hypothesis import given
from hypothesis import strategies as st

from engine.graph.keys import encode

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=12,
)


def nothing_is_opaque(value: object) -> None:
    del value


def told_apart(value: object) -> str:
    """Return a text that differs where two JSON values differ, types and signs included."""
    return json.dumps(value, allow_nan=True) if not isinstance(value, tuple) else f"({value})"


@given(JSON, JSON)
def test_two_constants_have_the_same_encoding_only_if_they_are_the_same(
    a: object, b: object
) -> None:
    same = encode(a, nothing_is_opaque) == encode(b, nothing_is_opaque)
    assert same == (told_apart(a) == told_apart(b))


def test_nan_never_equals_itself() -> None:
    for value in (math.nan, [math.nan], {"a": math.nan}):
        assert encode(value, nothing_is_opaque) != encode(value, nothing_is_opaque)


def test_a_value_that_cannot_be_hashed_never_equals_itself() -> None:
    value = object()
    assert encode(value, nothing_is_opaque) != encode(value, nothing_is_opaque)
    assert encode(value, lambda _: b"x") == encode(value, lambda _: b"x")


def test_a_constant_of_any_depth_is_encoded_without_recursion() -> None:
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    assert len(encode(deep, nothing_is_opaque)) > 100_000


def test_parts_cannot_run_together() -> None:
    pairs = [(["ab", "c"], ["a", "bc"]), ([[1], 2], [[1, 2]]), ({"a": "b"}, ["a", "b"])]
    for one, other in pairs:
        assert encode(one, nothing_is_opaque) != encode(other, nothing_is_opaque)
