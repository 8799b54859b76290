from __future__ import annotations

import pytest

from engine import InputError
from nodes import regex

TEXT = "seed 12, steps 20\nSeed 7"


def test_an_expression_fits_as_its_switches_say() -> None:
    assert regex.match(string=TEXT, regex_pattern=r"^seed \d$", multiline=True).matches
    assert not regex.match(string=TEXT, regex_pattern=r"^seed \d$").matches
    assert not regex.match(
        string=TEXT, regex_pattern=r"^seed \d$", multiline=True, case_insensitive=False
    ).matches
    assert regex.match(string=TEXT, regex_pattern="20.seed", dotall=True).matches


@pytest.mark.parametrize(
    ("mode", "group", "found"),
    [
        ("First Match", 1, "seed 12"),
        ("All Matches", 1, "seed\nsteps\nSeed"),
        ("First Group", 2, "12"),
        ("All Groups", 2, "12\n20\n7"),
        ("All Groups", 3, ""),
        ("First Group", 0, "seed 12"),
    ],
)
def test_what_fits_is_returned(mode: str, group: int, found: str) -> None:
    pattern = r"(\w+) (\d+)"
    assert regex.extract(string=TEXT, regex_pattern=pattern, mode=mode, group_index=group) == found


def test_where_nothing_fits_there_is_nothing() -> None:
    for mode in regex.WANTED:
        assert regex.extract(string=TEXT, regex_pattern="(cfg)", mode=mode) == ""


def test_what_fits_is_replaced() -> None:
    replaced = regex.replace(string=TEXT, regex_pattern=r"seed (\d+)", replace=r"<\1>", count=1)
    assert replaced == "<12>, steps 20\nSeed 7"
    assert regex.replace(string=TEXT, regex_pattern=r"\d", replace="") == ("seed , steps \nSeed ")


@pytest.mark.parametrize("pattern", ["(", "a{2,1}", "*"])
def test_what_is_no_expression_is_told(pattern: str) -> None:
    with pytest.raises(InputError, match="no regular expression"):
        regex.match(string="x", regex_pattern=pattern)


def test_a_group_that_does_not_exist_cannot_be_put_in() -> None:
    with pytest.raises(InputError, match="in the place of the fits"):
        regex.replace(string="x", regex_pattern="x", replace=r"\2")
