"""Nodes written for ComfyUI's V1 interface, one for each thing that clients see on the wire."""

# ruff: noqa
import asyncio
import time
from typing import Any

from comfy.utils import ProgressBar
from comfy_execution.graph_utils import ExecutionBlocker, GraphBuilder
from PIL import Image


class Node:
    CATEGORY = "wire"
    FUNCTION = "run"
    RETURN_TYPES: tuple[str, ...] = ("INT",)
    REQUIRED: dict[str, Any] = {"value": ("INT",)}

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        return {"required": dict(cls.REQUIRED)}


class Number(Node):
    def run(self, value: int) -> Any:
        return (value,)


class Steps(Node):
    """Tells its progress, with a picture at each step."""

    REQUIRED = {"value": ("INT",), "steps": ("INT",)}

    def run(self, value: int, steps: int) -> Any:
        bar = ProgressBar(steps)
        for step in range(steps):
            time.sleep(0.05)
            picture = Image.new("RGB", (16, 8), (200, 10 * step, 30))
            bar.update_absolute(step + 1, steps, ("JPEG", picture, 512))
        return (value,)


class Show(Node):
    RETURN_TYPES = ()
    OUTPUT_NODE = True

    def run(self, value: Any) -> Any:
        return {"ui": {"text": [str(value)]}}


class Quiet(Node):
    """An output node that has nothing to show."""

    RETURN_TYPES = ()
    OUTPUT_NODE = True

    def run(self, value: Any) -> Any:
        return ()


class Fail(Node):
    def run(self, value: int) -> Any:
        raise ValueError("boom")


class Lazy(Node):
    REQUIRED = {"first": ("INT", {"lazy": True}), "second": ("INT", {"lazy": True})}

    def check_lazy_status(self, first: Any = None, second: Any = None) -> Any:
        return ["first"] if first is None else []

    def run(self, first: Any = None, second: Any = None) -> Any:
        return (first,)


class Expand(Node):
    """Expands to three nodes, the last of which shows something."""

    def run(self, value: int) -> Any:
        graph = GraphBuilder()
        one = graph.node("WireNumber", value=value + 1)
        two = graph.node("WireAdd", value=one.out(0), more=1)
        graph.node("WireShow", value=two.out(0))
        return {"result": (two.out(0),), "expand": graph.finalize()}


class Add(Node):
    REQUIRED = {"value": ("INT",), "more": ("INT",)}

    def run(self, value: int, more: int) -> Any:
        return (value + more,)


class Wait(Node):
    """Sleeps without keeping others from running."""

    REQUIRED = {"value": ("INT",), "seconds": ("FLOAT",)}

    async def run(self, value: int, seconds: float) -> Any:
        await asyncio.sleep(seconds)
        return (value,)


class Block(Node):
    REQUIRED = {"value": ("INT",), "message": ("STRING",)}

    def run(self, value: int, message: str) -> Any:
        return (ExecutionBlocker(message or None),)


class Several(Node):
    OUTPUT_IS_LIST = (True,)

    def run(self, value: int) -> Any:
        return ([value, value + 1, value + 2],)


class Slow(Node):
    """Takes steps of ten milliseconds."""

    REQUIRED = {"value": ("INT",), "steps": ("INT",)}

    def run(self, value: int, steps: int) -> Any:
        bar = ProgressBar(steps)
        for step in range(steps):
            time.sleep(0.01)
            bar.update_absolute(step + 1)
        return (value,)


NODE_CLASS_MAPPINGS = {
    f"Wire{one.__name__}": one
    for one in (
        Number,
        Steps,
        Show,
        Quiet,
        Fail,
        Lazy,
        Expand,
        Add,
        Wait,
        Block,
        Several,
        Slow,
    )
}
