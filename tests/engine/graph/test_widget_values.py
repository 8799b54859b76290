from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.declare.spec import InputSpec
from engine.graph.widget_values import by_name, by_position, default_of, has_widget


def one(name: str, kind: Any, **options: Any) -> InputSpec:
    return InputSpec(name=name, type=kind, options=options)


SEED = one("seed", "INT")
PLAIN = (one("a", "INT"), one("model", "MODEL"), one("b", "STRING"))
COMBO = one("c", ("x", "y"), control_after_generate=True)
FORCED = one("f", "INT", forceInput=True)
RULED = one("r", "FLOAT", control_after_generate=True)
FREE_SEED = one("seed", "INT", control_after_generate=False)


@pytest.mark.parametrize(
    ("inputs", "values", "named", "left_over"),
    [
        (PLAIN, [1, "t"], {"a": 1, "b": "t"}, []),
        (PLAIN, [1, "t", "more"], {"a": 1, "b": "t"}, ["more"]),
        (PLAIN, [1], {"a": 1}, []),
        (PLAIN, [None, "t"], {"b": "t"}, []),
        ((SEED, *PLAIN), [5, "fixed", 1, "t"], {"seed": 5, "a": 1, "b": "t"}, []),
        ((SEED, *PLAIN), [5, True, 1, "t"], {"seed": 5, "a": 1, "b": "t"}, []),
        # Written before the slot existed: told by what stands there and by the length.
        ((SEED, *PLAIN), [5, 1, "t"], {"seed": 5, "a": 1, "b": "t"}, []),
        ((COMBO, *PLAIN), ["y", "fixed", "", 1, "t"], {"c": "y", "a": 1, "b": "t"}, []),
        ((FORCED, *PLAIN), [1, "t"], {"a": 1, "b": "t"}, []),
        # Written when inputs without a widget had a slot all the same.
        ((FORCED, *PLAIN), [9, 1, "t"], {"a": 1, "b": "t"}, []),
        ((FORCED, SEED), [9, 5, "fixed"], {"seed": 5}, []),
        ((RULED, *PLAIN), [0.5, "fixed", 1, "t"], {"r": 0.5, "a": 1, "b": "t"}, []),
        ((FREE_SEED, *PLAIN), [5, 1, "t"], {"seed": 5, "a": 1, "b": "t"}, []),
    ],
)
def test_values_get_their_names(
    inputs: tuple[InputSpec, ...], values: list[Any], named: dict[str, Any], left_over: list[Any]
) -> None:
    assert by_name(inputs, values) == (named, left_over)


def test_values_by_position_have_the_slots_that_only_the_editor_knows() -> None:
    picture = one("image", ("p.png",), image_upload=True)
    values = by_position((picture, SEED, COMBO, FORCED), {"seed": 3, "c": "y"})
    assert values == ["p.png", 3, "fixed", "y", "fixed", "", "image"]


@given(st.data())
def test_names_and_positions_are_two_forms_of_the_same(data: Any) -> None:
    pool = [*PLAIN, SEED, COMBO, FORCED, one("i", ("p",), image_upload=True)]
    inputs = data.draw(st.permutations(pool))
    values = {spec.name: data.draw(st.integers(2, 9)) for spec in inputs if has_widget(spec)}
    named, left_over = by_name(inputs, by_position(inputs, values))
    assert named == values
    assert left_over in ([], ["image"])


@pytest.mark.parametrize(
    ("spec", "value"),
    [
        (InputSpec(name="a", type="INT", default=7), 7),
        (InputSpec(name="a", type="INT", default=None), None),
        (one("a", "INT"), 0),
        (one("a", "FLOAT"), 0.0),
        (one("a", "STRING"), ""),
        (one("a", "BOOLEAN"), False),
        (one("a", ("x", "y")), "x"),
        (one("a", ()), None),
        (one("a", "COMBO", options=["p", "q"]), "p"),
        (one("a", "COMFY_DYNAMICCOMBO_V3", options=[{"key": "k", "inputs": {}}]), "k"),
        (one("a", "INT,FLOAT", widgetType="FLOAT"), 0.0),
        (one("a", "MODEL"), None),
    ],
)
def test_widgets_start_with_their_default(spec: InputSpec, value: Any) -> None:
    assert default_of(spec) == value
