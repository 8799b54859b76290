"""A pack of nodes without models, for tests of the command line and of the Python front door."""

from __future__ import annotations

import time
from typing import Annotated

from engine import Context, InputError, Number, Seed, Shown, Text, node


@node("ToyNumber", category="toy")
def toy_number(
    *, value: Annotated[int, Number(0, 1000)] = 1, seed: Annotated[int, Seed()] = 0
) -> int:
    """Return a number."""
    return value + seed


@node("ToyAdd", category="toy")
def toy_add(*, a: int, b: int = 0, factor: Annotated[float, Number(0, 10)] = 1.0) -> int:
    """Add two numbers."""
    return int((a + b) * factor)


@node("ToyText", category="toy")
def toy_text(*, text: Annotated[str, Text(multiline=True)] = "") -> str:
    """Return a text."""
    return text


@node("ToyShow", category="toy", output=True)
def toy_show(*, value: int) -> Shown[None]:
    """Show a number."""
    return Shown(ui={"text": [str(value)]})


@node("ToySave", category="toy", output=True)
def toy_save(*, value: int, name: str, context: Context) -> Shown[None]:
    """Write a number into a file of the output folder."""
    context.folders.output.mkdir(parents=True, exist_ok=True)
    (context.folders.output / f"{name}.txt").write_text(str(value))
    return Shown(ui={"files": [{"filename": f"{name}.txt", "subfolder": "", "type": "output"}]})


@node("ToySlow", category="toy")
def toy_slow(
    *, value: int, steps: int = 10, seconds: float = 0.1, stage: int | None = None, context: Context
) -> int:
    """Take some time, in steps."""
    del stage  # tells nodes apart that would otherwise be the same
    for step in range(steps):
        time.sleep(seconds)
        context.progress(step + 1, steps)
    return value


@node("ToyFail", category="toy")
def toy_fail(*, value: int, kindly: bool = True) -> int:
    """Fail, with a sentence or with a fault of its own."""
    if kindly:
        raise InputError(
            "the value is not liked", input="value", expected="another", got=str(value)
        )
    return value // 0
