from __future__ import annotations

import pytest

from nodes import strings


def test_texts_are_joined_cut_and_measured() -> None:
    assert strings.concatenate(string_a="red", string_b="apple", delimiter=" ") == "red apple"
    assert strings.substring(string="strawberry", start=2, end=5) == "raw"
    assert strings.substring(string="strawberry", start=-5, end=-1) == "berr"
    assert strings.length(string="né\n").length == 3


@pytest.mark.parametrize(
    ("mode", "written"),
    [
        ("UPPERCASE", "A RED APPLE"),
        ("lowercase", "a red apple"),
        ("Capitalize", "A red apple"),
        ("Title Case", "A Red Apple"),
    ],
)
def test_letters_become_capital_or_small(mode: str, written: str) -> None:
    assert strings.convert_case(string="a red APPLE", mode=mode) == written


@pytest.mark.parametrize(("mode", "left"), [("Both", "x"), ("Left", "x \n"), ("Right", "\t x")])
def test_white_space_is_taken_off_the_ends(mode: str, left: str) -> None:
    assert strings.trim(string="\t x \n", mode=mode) == left


def test_parts_are_replaced_wherever_they_stand() -> None:
    assert strings.replace(string="a red, red rose", find="red", replace="blue") == (
        "a blue, blue rose"
    )


def test_parts_are_found_with_or_without_regard_to_case() -> None:
    assert strings.contains(string="A Rose", substring="Rose").contains
    assert not strings.contains(string="A Rose", substring="rose").contains
    assert strings.contains(string="A Rose", substring="rose", case_sensitive=False).contains


@pytest.mark.parametrize(
    ("mode", "other", "equal"),
    [("Starts With", "A", True), ("Ends With", "A", False), ("Equal", "A Rose", True)],
)
def test_texts_are_compared(mode: str, other: str, equal: bool) -> None:
    assert strings.compare(string_a="A Rose", string_b=other, mode=mode) is equal
    lower = strings.compare(
        string_a="A Rose", string_b=other.lower(), mode=mode, case_sensitive=False
    )
    assert lower is equal
