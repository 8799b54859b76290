"""A pack whose nodes crash, hang, dawdle and otherwise try a server's patience."""

from __future__ import annotations

import ctypes
import os
import re
import signal
import threading
import time
from pathlib import Path
from typing import Annotated, Any

from engine import ANY, Blocker, Choice, Context, GraphBuilder, Shown, Subgraph, node

WAYS = ("segfault", "kill", "exit", "freeze", "stuck", "deaf", "raise")


@node("RoughNumber", category="rough")
def rough_number(*, value: int = 0, seconds: float = 0.0, context: Context) -> int:
    """Return a number after a while; say in a file that it ran."""
    time.sleep(seconds)
    note(context, f"number {value}")
    return value


@node("RoughDeath", category="rough")
def rough_death(
    *,
    value: int,
    way: Annotated[str, Choice(WAYS)],
    times: int = 1,
    context: Context,
) -> int:
    """Do something terrible, the first few times that the node runs."""
    if note(context, f"death {way} {value} {context.node_id}") > times:
        return value
    match way:
        case "segfault":
            ctypes.string_at(0)
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "exit":
            os._exit(3)
        case "freeze":
            os.kill(os.getpid(), signal.SIGSTOP)
        case "stuck":  # in C code that lets no other thread of Python run
            re.match("(a+)+$", "a" * 60 + "b")
        case "deaf":
            time.sleep(3600)
        case _:
            raise ValueError(f"no, not {value}")
    return value


@node("RoughSteps", category="rough")
def rough_steps(*, value: int, steps: int = 10, seconds: float = 0.02, context: Context) -> int:
    """Take some steps."""
    note(context, f"steps {value}")
    for step in range(steps):
        time.sleep(seconds)
        context.progress(step + 1, steps)
    note(context, f"stepped {value}")
    return value


@node("RoughOffer", category="rough")
def rough_offer(*, value: int, context: Context) -> int:
    """Wait until somebody asks the node to stop; count what it is asked for besides."""
    count = 0
    with context.offer("more", "stop"):
        while context.asked(3600) != "stop":
            count += 1
            context.progress(count, 100)
    return value + count


@node("RoughPicture", category="rough")
def rough_picture(*, steps: int = 2, seconds: float = 0.02, context: Context) -> int:
    """Show a picture at each step."""
    from PIL import Image

    for step in range(steps):
        time.sleep(seconds)
        picture = Image.new("RGB", (16, 8), (step, 0, 0))
        context.progress(step + 1, steps, preview=lambda picture=picture: picture)
    return steps


@node("RoughNest", category="rough")
def rough_nest(*, value: int, context: Context) -> int | Subgraph:
    """Become three nodes."""
    graph = GraphBuilder(context)
    first = graph.node("RoughSteps", value=value, steps=1, seconds=0.0)
    graph.node("RoughShow", value=first.out())
    last = graph.node("RoughSteps", value=first.out(), steps=2, seconds=0.0)
    return graph.subgraph(last.out())


@node("RoughBlock", category="rough")
def rough_block(*, value: int, message: str = "") -> int | Blocker:
    """Let nobody use the value."""
    del value
    return Blocker(message or None)


@node("RoughMany", category="rough")
def rough_many(*, count: int) -> list[int]:
    """Return a list."""
    return list(range(count))


@node("RoughShow", category="rough", output=True)
def rough_show(*, value: int) -> Shown[None]:
    """Show a number."""
    return Shown(ui={"text": [str(value)]})


@node("RoughOdd", category="rough", output=True)
def rough_odd(*, value: int) -> Shown[None]:
    """Show what JSON has no words for."""
    odd = {"path": Path("/x"), "big": 2**80, "set": {1}, "not": float("nan"), 3: object}
    return Shown(ui={"odd": [odd, value]})


@node("RoughSave", category="rough", output=True)
def rough_save(*, value: Annotated[Any, ANY], name: str, context: Context) -> Shown[None]:
    """Write a value into a file, as a whole or not at all."""
    folder = context.folders.output
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{name}.{os.getpid()}"
    draft.write_text(repr(value))
    draft.replace(folder / name)
    with (context.folders.base / "saves").open("a") as file:
        file.write(f"{name}\n")
    return Shown(ui={"files": [{"filename": name, "subfolder": "", "type": "output"}]})


def note(context: Context, line: str) -> int:
    """Write a line into a file that outlives the process; returns how often it is there."""
    path = context.folders.base / "notes"
    with path.open("a") as file:
        file.write(f"{line}\n")
    return path.read_text().splitlines().count(line)


class RoughLegacy:
    """A class of ComfyUI's kind that talks to its own part of the editor, from a thread too."""

    CATEGORY = "rough"
    FUNCTION = "run"
    RETURN_TYPES = ()
    OUTPUT_NODE = True

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:  # noqa: N802 - the interface's name
        return {"required": {"value": ("INT", {})}}

    def run(self, value: int) -> dict[str, Any]:
        """Say something during the call and something later."""
        from server import PromptServer

        send = PromptServer.instance.send_sync
        send("rough.now", {"value": value}, "me")
        threading.Thread(target=send, args=("rough.later", {"big": 2**80})).start()
        return {"ui": {"text": [str(value)]}}


NODE_CLASS_MAPPINGS = {"RoughLegacy": RoughLegacy}
