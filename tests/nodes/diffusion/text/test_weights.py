"""Prompt weights."""

from __future__ import annotations

import math
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from nodes.diffusion.text.weights import DEEPEST, parse


def same(one: float, other: float) -> bool:
    return one == other or (math.isnan(one) and math.isnan(other))


def test_prompts_are_weighed_as_recorded(recorded: dict[str, Any]) -> None:
    for prompt, segments in recorded["parse_weights"].items():
        got = parse(prompt)
        assert [text for text, _ in got] == [text for text, _ in segments], prompt
        for (_, weight), (_, expected) in zip(got, segments, strict=True):
            assert same(weight, float(expected)), prompt


@given(st.text(alphabet="ab ():.1\\", max_size=60))
def test_any_prompt_parses_and_keeps_its_letters(prompt: str) -> None:
    letters = [letter for letter in prompt if letter == "b"]
    assert [letter for text, _ in parse(prompt) for letter in text if letter == "b"] == letters


def test_parentheses_nested_beyond_all_use_are_text() -> None:
    depth = 20_000
    [(text, weight)] = parse("(" * depth + "a" + ")" * depth)
    assert len(text) == 2 * (depth - DEEPEST) + 1
    assert math.isclose(weight, 1.1**DEEPEST)
