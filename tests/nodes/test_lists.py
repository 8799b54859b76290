from __future__ import annotations

import pytest

from engine import InputError
from nodes.lists import (
    broadcast,
    item,
    length,
    make_list,
    number_list,
    pair,
    part,
    product,
    reverse,
    text_lines,
)


def test_lists_are_joined_in_order() -> None:
    assert make_list(values=([1], [2, 3], [])) == [1, 2, 3]
    assert length(items=[1, 2, 3]) == 3
    assert reverse(items=[1, 2]) == [2, 1]


def test_numbers_are_listed_up_to_but_without_the_last() -> None:
    assert number_list(start=0, stop=6, step=2) == [0, 2, 4]
    assert number_list(start=3, stop=0, step=-1) == [3, 2, 1]
    with pytest.raises(InputError, match="never ends"):
        number_list(step=0)


def test_lines_of_a_text_become_a_list() -> None:
    assert text_lines(text="a red apple\n\n  a dog ") == ["a red apple", "a dog"]
    assert text_lines(text="a\n\nb", skip_empty=False) == ["a", "", "b"]


def test_items_are_picked_from_either_end() -> None:
    assert item(items=["a", "b"], index=-1) == "b"
    with pytest.raises(InputError, match="too short") as caught:
        item(items=["a", "b"], index=2)
    assert caught.value.problem.expected == "-2 to 1"
    with pytest.raises(InputError) as caught:
        item(items=[], index=0)
    assert caught.value.problem.expected == "a list that is not empty"


def test_parts_are_taken_as_python_takes_them() -> None:
    assert part(items=[0, 1, 2, 3], start=1, stop=-1) == [1, 2]
    assert part(items=[0, 1, 2, 3], step=2) == [0, 2]


def test_pairing_different_lengths_names_both() -> None:
    assert pair(first=[1, 2], second=["a", "b"])[:2] == ([1, 2], ["a", "b"])
    with pytest.raises(InputError) as caught:
        pair(first=[1, 2], second=["a"], third=[1, 2])
    assert caught.value.problem.input == "second"
    assert caught.value.problem.got == "first has 2, second has 1, third has 2"


def test_single_values_are_repeated() -> None:
    lists = broadcast(first=[1, 2, 3], second=["a"], fourth=[True, False, True])
    assert lists == ([1, 2, 3], ["a"] * 3, [], [True, False, True])
    with pytest.raises(InputError, match="same length"):
        broadcast(first=[1, 2, 3], second=["a", "b"])


def test_all_combinations_vary_the_last_list_fastest() -> None:
    lists = product(first=[1, 2], second=["a", "b"])
    assert lists.first == [1, 1, 2, 2]
    assert lists.second == ["a", "b", "a", "b"]
    assert lists.third == []
    assert product(first=[], second=[1]).second == []
