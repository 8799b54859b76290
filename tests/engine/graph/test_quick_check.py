from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine import Folders, Registry
from engine.graph.constant_check import converted, fault_of
from engine.graph.quick_check import quick_check

SPECS = [spec for kind in Registry.load(custom_nodes=()).specs() for spec in kind.inputs]
FOLDERS = Folders.beneath(Path("/nowhere"))
VALUES = [0, 1, -1, 7, 2**70, 0.5, -3.0, 1e300, float("nan"), True, False, None, "", "euler",
          "add", "../x", [], ["1", 0], {}]  # fmt: skip
_WIRE = {int: "INT", float: "FLOAT", bool: "BOOLEAN", str: "STRING"}


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_what_passes_quickly_is_right_for_every_input_of_every_kind(value: Any) -> None:
    for spec in SPECS:
        quick = quick_check(spec)
        if quick is not None and quick.passes(value):
            assert converted(spec, value) is value
            assert fault_of(spec, value, FOLDERS) is None


@pytest.mark.parametrize(
    "value", [0, 1, -1, 7, 0.5, -3.0, True, False, "", "euler", "../x"], ids=repr
)
def test_plain_values_pass_quickly_where_they_fit(value: Any) -> None:
    fitting = [spec for spec in SPECS if spec.type == _WIRE[type(value)]]
    passing = [spec for spec in fitting if (q := quick_check(spec)) is not None and q.passes(value)]
    assert passing


def test_most_inputs_of_the_built_in_kinds_have_a_quick_check() -> None:
    widgets = [spec for spec in SPECS if spec.section != "hidden" and spec.folder is None]
    constants = [one for one in widgets if one.type in {"INT", "FLOAT", "STRING", "BOOLEAN"}]
    assert sum(quick_check(one) is not None for one in constants) > 0.8 * len(constants)
