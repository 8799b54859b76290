"""Decisions: what is compared, what is passed on, what is blocked."""

import math
import operator
from collections.abc import Callable
from typing import Annotated, Any, Literal, NamedTuple

from engine import Blocker, InputError, Lazy, Output, node

CATEGORY = "logic"
Value = Annotated[Any, Output("value")]

_COMPARISONS = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_CALCULATIONS: dict[str, Callable[[float, float], float]] = {
    "add": lambda first, second: first + second,
    "subtract": lambda first, second: first - second,
    "multiply": lambda first, second: first * second,
    "divide": lambda first, second: first / second,
    "floor divide": lambda first, second: first // second,
    "remainder": lambda first, second: first % second,
    "power": math.pow,
    "minimum": min,
    "maximum": max,
}


class Calculated(NamedTuple):
    """A number, in both of its types.

    Attributes:
        exact: The result.
        whole: The result, rounded down.
    """

    exact: Annotated[float, Output("FLOAT")]
    whole: Annotated[int, Output("INT")]


@node("ComfySwitchNode", category=CATEGORY, title="Switch", search_aliases=("if", "lazy"))
async def switch(*, switch: bool, on_false: Lazy[Any], on_true: Lazy[Any]) -> Value:
    """Pass on one of two inputs; the other one is never computed.

    Args:
        switch: Which of the two.
        on_false: Passed on where the switch is off.
        on_true: Passed on where the switch is on.
    """
    return await (on_true if switch else on_false)


@node("Gate", category=CATEGORY, search_aliases=("block", "if", "stop"))
async def gate(*, condition: bool, value: Lazy[Any]) -> Value | Blocker:
    """Pass a value on, or stop everything that depends on it.

    Args:
        condition: Off stops what follows, and nothing behind the value is computed.
        value: What is passed on.
    """
    return await value if condition else Blocker()


@node("Compare", category=CATEGORY, search_aliases=("equal", "less", "greater"))
def compare(
    *,
    first: int | float,
    operation: Literal["==", "!=", "<", "<=", ">", ">="] = "==",
    second: int | float,
) -> bool:
    """Compare two numbers."""
    return _COMPARISONS[operation](first, second)


@node("LogicCombine", category=CATEGORY, title="Combine Conditions")
def combine(
    *, first: bool, operation: Literal["and", "or", "exclusive or"] = "and", second: bool
) -> bool:
    """Make one condition of two."""
    if operation == "exclusive or":
        return first != second
    return (first and second) if operation == "and" else (first or second)


@node("LogicNot", category=CATEGORY, title="Not")
def negate(*, condition: bool) -> bool:
    """Turn a condition round."""
    return not condition


@node("Calculate", category="utils/math", search_aliases=("math", "add", "multiply"))
def calculate(
    *,
    first: int | float,
    operation: Literal[
        "add",
        "subtract",
        "multiply",
        "divide",
        "floor divide",
        "remainder",
        "power",
        "minimum",
        "maximum",
    ] = "add",
    second: int | float,
) -> Calculated:
    """Calculate with two numbers."""
    try:
        result = _CALCULATIONS[operation](first, second)
        return Calculated(exact=float(result), whole=int(result // 1))
    except (ArithmeticError, ValueError) as error:
        raise InputError(
            f"{first} {operation} {second} has no result: {error}", input="second"
        ) from error
