"""The kinds of nodes that the tests of the executor use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.declare.spec import Blocker, InputSpec, OutputSpec, Returned
from engine.declare.types import Lazy
from tests.engine.toys import Bench, toy

if TYPE_CHECKING:
    from pathlib import Path

LIST = (OutputSpec(name="items", type="*", is_list=True),)


def lazy(*names: str) -> tuple[InputSpec, ...]:
    return tuple(InputSpec(name=name, type="*", lazy=True) for name in names)


async def switch(condition: bool, on_true: Any = None, on_false: Any = None) -> Any:
    chosen = on_true if condition else on_false
    return await chosen if isinstance(chosen, Lazy) else chosen


def min_of(a: int, b: int) -> int:
    return min(a, b)


def ask_for_one(inputs: dict[str, Any], absent: tuple[str, ...]) -> tuple[str, ...]:
    wanted = "on_true" if inputs["condition"] else "on_false"
    return (wanted,) if wanted in absent else ()


SWITCH = (InputSpec(name="condition", type="BOOLEAN"), *lazy("on_true", "on_false"))


def standard_bench(tmp_path: Path) -> Bench:
    return Bench.at(
        tmp_path,
        toy("const", lambda x: x),
        toy("add", lambda a, b: a + b),
        toy("parity", lambda a: a % 2),
        toy("pair", lambda a: (a, -a), outputs=2),
        toy("range", lambda n: list(range(n)), outputs=LIST),
        toy(
            "sum",
            lambda items: sum([*items]),
            inputs=(InputSpec(name="items", type="*", gather=True),),
        ),
        toy("show", lambda x: Returned(ui={"text": [x]}), outputs=0, is_output=True),
        toy("block", lambda x: Blocker("nothing here") if x else x),
        toy("switch", switch, inputs=SWITCH, lane="async"),
        toy(
            "v1switch",
            lambda condition, on_true=None, on_false=None: on_true if condition else on_false,
            inputs=SWITCH,
            asks=ask_for_one,
        ),
    )
