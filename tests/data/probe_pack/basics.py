# ruff: noqa
from typing import Any

import folder_paths
from comfy_execution.graph_utils import ExecutionBlocker, GraphBuilder


class AnyType(str):
    __slots__ = ()

    def __ne__(self, other: object) -> bool:
        return False

    __hash__ = str.__hash__


ANY = AnyType("*")


class Node:
    CATEGORY = "probe"
    FUNCTION = "run"
    RETURN_TYPES = ("INT",)


class Add(Node):
    calls = 0

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        return {"required": {"a": ("INT", {"default": 0}), "b": ("INT", {"default": 0})}}

    def run(self, a: Any, b: Any) -> Any:
        Add.calls += 1
        return (a + b,)


class Sum(Node):
    """Takes as many inputs as one links to it."""

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        return {"required": {}, "optional": {}}

    def run(self, **numbers: Any) -> Any:
        return (sum(numbers.values()),)


class Range(Node):
    OUTPUT_IS_LIST = (True,)

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        return {"required": {"count": ("INT",)}}

    def run(self, count: Any) -> Any:
        return (list(range(count)),)


class Gather(Node):
    INPUT_IS_LIST = True

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        return {"required": {"numbers": ("INT",), "factor": ("INT",)}}

    def run(self, numbers: Any, factor: Any) -> Any:
        return (sum(numbers) * factor[0],)


class Switch(Node):
    RETURN_TYPES = (ANY,)

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        lazy = (ANY, {"lazy": True})
        return {"required": {"on": ("BOOLEAN",), "yes": lazy, "no": lazy}}

    def check_lazy_status(self, on: Any, yes: Any = None, no: Any = None) -> Any:
        wanted = "yes" if on else "no"
        return [wanted] if (yes if on else no) is None else []

    def run(self, on: Any, yes: Any = None, no: Any = None) -> Any:
        return (yes if on else no,)


class Block(Node):
    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        return {"required": {"value": ("INT",), "at": ("INT",)}}

    def run(self, value: Any, at: Any) -> Any:
        return (ExecutionBlocker(None) if value == at else value,)


class Show(Node):
    RETURN_TYPES = ()
    OUTPUT_NODE = True

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        return {"required": {"value": (ANY,)}, "hidden": {"prompt": "PROMPT"}}

    def run(self, value: Any, prompt: Any) -> Any:
        return {"ui": {"text": [str(value)], "nodes": [len(prompt)]}}


class Repeat(Node):
    """Expands to a chain of additions."""

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        return {"required": {"value": ("INT",), "times": ("INT",)}}

    def run(self, value: Any, times: Any) -> Any:
        graph = GraphBuilder()
        link = value
        for _ in range(times):
            link = graph.node("ProbeAdd", a=link, b=1).out(0)
        return {"result": (link,), "expand": graph.finalize()}


class Later(Node):
    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        return {"required": {"value": ("INT",)}}

    async def run(self, value: Any) -> Any:
        return (value + 100,)


class Files(Node):
    RETURN_TYPES = ("STRING",)

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        return {"required": {"name": (folder_paths.get_filename_list("loras"),)}}

    @classmethod
    def IS_CHANGED(cls, name: Any) -> Any:
        return float("nan")

    def run(self, name: Any) -> Any:
        return (folder_paths.get_full_path("loras", name),)


class Remember(Node):
    """Keeps state on its instance."""

    def __init__(self) -> None:
        self.seen: list[Any] = []

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        return {"required": {"value": ("INT",)}}

    def run(self, value: Any) -> Any:
        self.seen.append(value)
        return (len(self.seen),)


BASICS = {
    f"Probe{one.__name__}": one
    for one in (
        Add,
        Sum,
        Range,
        Gather,
        Switch,
        Block,
        Show,
        Repeat,
        Later,
        Files,
        Remember,
    )
}
