from __future__ import annotations

import asyncio
from typing import Any

import pytest

from engine import Blocker, InputError, Lazy
from nodes.logic import calculate, combine, compare, gate, negate, switch


def lazy(value: Any, log: list[Any]) -> Lazy[Any]:
    async def fetch() -> Any:
        log.append(value)
        return value

    return Lazy(fetch)


def test_a_switch_computes_only_what_it_passes_on() -> None:
    log: list[Any] = []
    both = {"on_true": lazy("yes", log), "on_false": lazy("no", log)}
    assert asyncio.run(switch(switch=True, **both)) == "yes"
    assert log == ["yes"]
    assert asyncio.run(switch(switch=False, **both)) == "no"


def test_a_closed_gate_blocks_and_computes_nothing() -> None:
    log: list[Any] = []
    assert asyncio.run(gate(condition=False, value=lazy(1, log))) == Blocker()
    assert log == []
    assert asyncio.run(gate(condition=True, value=lazy(1, log))) == 1


def test_numbers_are_compared() -> None:
    assert compare(first=1, operation="<", second=1.5)
    assert compare(first=2, operation="==", second=2.0)
    assert not compare(first=2, operation="!=", second=2)
    assert compare(first=2, operation=">=", second=2)


def test_conditions_are_combined() -> None:
    assert combine(first=True, operation="and", second=True)
    assert not combine(first=True, operation="and", second=False)
    assert combine(first=True, operation="or", second=False)
    assert not combine(first=True, operation="exclusive or", second=True)
    assert negate(condition=False)


def test_numbers_are_calculated_in_both_types() -> None:
    assert calculate(first=7, operation="divide", second=2) == (3.5, 3)
    assert calculate(first=2, operation="power", second=10) == (1024.0, 1024)
    assert calculate(first=7, operation="remainder", second=4) == (3.0, 3)
    assert calculate(first=-1, operation="divide", second=2) == (-0.5, -1)
    assert calculate(first=2, operation="maximum", second=3) == (3.0, 3)


def test_a_calculation_without_result_says_so() -> None:
    with pytest.raises(InputError, match="1 divide 0"):
        calculate(first=1, operation="divide", second=0)
    with pytest.raises(InputError, match="no result"):
        calculate(first=10.0, operation="power", second=10_000)
    with pytest.raises(InputError, match="no result"):
        calculate(first=-1, operation="power", second=0.5)
