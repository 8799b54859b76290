from __future__ import annotations

import pytest

from engine import InputError
from nodes.diffusion.errors import DiffusionError
from nodes.library_errors import blaming


def test_what_the_library_says_reaches_the_user_with_the_input() -> None:
    with pytest.raises(InputError) as caught, blaming("dataset"):
        raise DiffusionError("it is broken", expected="a", got="b", hint="mend it")
    problem = caught.value.problem
    assert (problem.input, problem.expected, problem.got, problem.hint) == (
        *("dataset", "a", "b", "mend it"),
    )


def test_other_errors_pass_through() -> None:
    with pytest.raises(ZeroDivisionError), blaming():
        raise ZeroDivisionError
