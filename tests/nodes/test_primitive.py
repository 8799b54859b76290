from __future__ import annotations

from nodes.primitive import boolean, floating, integer, multiline_string, preview_any, string


def test_primitives_give_what_was_typed() -> None:
    assert integer(value=3) == 3
    assert floating(value=0.5) == 0.5
    assert string(value="a") == "a"
    assert multiline_string(value="a\nb") == "a\nb"
    assert boolean(value=True) is True


def test_any_value_can_be_looked_at() -> None:
    assert preview_any(source="text").ui == {"text": ["text"]}
    assert preview_any(source=3).ui == {"text": ["3"]}
    assert preview_any(source={"a": [1]}).ui == {"text": ['{\n    "a": [\n        1\n    ]\n}']}
    assert preview_any(source={1}).ui == {"text": ["{1}"]}
