from __future__ import annotations

import datetime
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.graph.prompt_text import choose, fill_in

NOW = datetime.datetime(2026, 3, 7, 9, 5, 2, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("text", "results"),
    [
        ("plain (text:1.2), [x]", {"plain (text:1.2), [x]"}),
        ("{a}", {"a"}),
        ("{a|b} c", {"a c", "b c"}),
        ("{a|{b|c}d}", {"a", "bd", "cd"}),
        ("{|a}", {"", "a"}),
        (r"\{a\|b\}", {"{a|b}"}),
        (r"embedding:x \(y\)", {r"embedding:x \(y\)"}),
        ("a // b\nc", {"a \nc"}),
        ("a /* b\n */c", {"a c"}),
        ("a {b|c", {"a {b|c"}),
        ("a} b|c", {"a} b|c"}),
        ("end\\", {"end\\"}),
    ],
)
def test_one_of_the_alternatives_is_chosen(text: str, results: set[str]) -> None:
    assert {choose(text, random.Random(seed)) for seed in range(40)} == results


@given(st.text("{}|\\/* \nab"))
def test_no_text_is_refused(text: str) -> None:
    assert len(choose(text, random.Random(0))) <= len(text)


def test_ten_thousand_braces_are_only_braces() -> None:
    text = "{" * 10_000
    assert choose(text, random.Random(0)) == text


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("%date:yyyy-MM-dd%", "2026-03-07"),
        ("%date:yy.M.d_hhmmss%", "26.3.7_090502"),
        ("%date:hh:mm%", "09:05"),
        ("%A.b%", "1"),
        ("%A.path%", "a_b_c"),
        ("%A.flag%%A.none%%A.whole%", "true3"),
        ("%width%x%height% 100%", "%width%x%height% 100%"),
        ("%B.c%", "%B.c%"),
        ("%A.b.c%", "%A.b.c%"),
    ],
)
def test_references_are_filled_in(text: str, filled: str) -> None:
    values = {"b": 1, "path": "a/b\\c", "flag": True, "none": None, "whole": 3.0}

    def widget(node: str, name: str) -> object:
        return {"A": values}[node][name]

    assert fill_in(text, NOW, widget) == (filled, ["%B.c%"] if "B" in text else [])
