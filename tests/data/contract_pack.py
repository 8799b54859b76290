"""V1 classes that probe what ComfyUI promises to node packs about execution."""

# ruff: noqa
import asyncio
from typing import Any

import comfy.model_management
import comfy.utils
import nodes
from comfy.comfy_types import IO
from comfy_api.v0_0_2 import ComfyAPI, ComfyAPISync
from comfy_execution.graph_utils import ExecutionBlocker, GraphBuilder
from comfy_execution.progress import get_progress_state
from comfy_execution.utils import get_executing_context
from server import PromptServer

SEEN: list[Any] = []
"""What the nodes saw; tests read it and clear it."""
GATE = asyncio.Semaphore(2)


class Node:
    CATEGORY = "contract"
    FUNCTION = "run"
    RETURN_TYPES: tuple[Any, ...] = (IO.ANY,)
    REQUIRED: dict[str, Any] = {"x": (IO.ANY, {})}
    OPTIONAL: dict[str, Any] = {}
    HIDDEN: dict[str, Any] = {}

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        return {"required": cls.REQUIRED, "optional": cls.OPTIONAL, "hidden": cls.HIDDEN}


class Same(Node):
    OPTIONAL = {"y": (IO.ANY, {}), "z": (IO.ANY, {})}

    def run(self, x: Any, y: Any = None, z: Any = None) -> Any:
        return (x,)


class Show(Node):
    RETURN_TYPES = ()
    OUTPUT_NODE = True

    def run(self, x: Any) -> Any:
        return {"ui": {"text": [str(x)]}}


class Items(Node):
    OUTPUT_IS_LIST = (True,)

    def run(self, x: Any) -> Any:
        return (list(range(x)),)


class Block(Node):
    REQUIRED = {"x": (IO.ANY, {}), "at": ("INT", {}), "message": ("STRING", {})}

    def run(self, x: Any, at: Any, message: Any) -> Any:
        return (ExecutionBlocker(message or None),) if x == at else (x,)


class Which(Node):
    """Says which call it is."""

    def run(self, x: Any) -> Any:
        call = get_executing_context()
        assert call is not None
        SEEN.append((call.prompt_id, call.node_id, call.list_index))
        return (x,)


class Short(Node):
    RETURN_TYPES = ("INT", "INT")

    def run(self, x: Any) -> Any:
        return (x,)


class Undeclared(Node):
    def run(self, x: Any, **more: Any) -> Any:
        return (sorted(more),)


class Hidden(Node):
    HIDDEN = {
        "unique_id": "UNIQUE_ID",
        "prompt": "PROMPT",
        "extra": "EXTRA_PNGINFO",
        "key": "API_KEY_COMFY_ORG",
        "token": "AUTH_TOKEN_COMFY_ORG",
        "odd": "NOBODY_KNOWS",
    }

    def run(self, **values: Any) -> Any:
        SEEN.append(values)
        return (1,)


class Ask(Node):
    """Asks for `a`, and once that is there, for `b` too where `a` is true."""

    REQUIRED = {
        "x": (IO.ANY, {}),
        "a": (IO.ANY, {"lazy": True}),
        "b": (IO.ANY, {"lazy": True}),
    }

    def check_lazy_status(self, x: Any, a: Any = None, b: Any = None) -> Any:
        SEEN.append((x, a, b))
        if a is None:
            return ["a"]
        return ["b"] if a and b is None else "ignored"

    def run(self, x: Any, a: Any, b: Any) -> Any:
        return ((x, a, b),)


class AskLater(Ask):
    async def check_lazy_status(self, x: Any, a: Any = None, b: Any = None) -> Any:
        await asyncio.sleep(0)
        return ["a"] if a is None else []


class AskAll(Ask):
    INPUT_IS_LIST = True


class NeverAsks(Node):
    REQUIRED = {"x": (IO.ANY, {"lazy": True})}

    def run(self, x: Any) -> Any:
        return (repr(x),)


class Sleep(Node):
    """Waits until as many are waiting as it is told; tells how many there were at most."""

    REQUIRED = {"x": (IO.ANY, {}), "together": ("INT", {})}
    waiting = 0

    async def run(self, x: Any, together: int) -> Any:
        Sleep.waiting += 1
        for _ in range(1_000):
            if Sleep.waiting >= together:
                break
            await asyncio.sleep(0.005)
        reached = Sleep.waiting >= together
        call = get_executing_context()
        await asyncio.sleep(0.01)
        Sleep.waiting -= 1
        return ((x, reached, call.node_id if call else None),)


class Gated(Node):
    async def run(self, x: Any) -> Any:
        async with GATE:
            await asyncio.sleep(0)
        return (x,)


class FailLater(Node):
    async def run(self, x: Any) -> Any:
        await asyncio.sleep(0)
        raise LookupError(x)


class Steps(Node):
    REQUIRED = {"x": ("STRING", {})}

    def run(self, x: str) -> Any:
        if x == "stop":
            nodes.interrupt_processing()
        bar = comfy.utils.ProgressBar(2.0)
        bar.update(1)
        comfy.model_management.throw_exception_if_processing_interrupted()
        bar.update_absolute(2, 2)
        if x == "raise":
            raise comfy.model_management.InterruptProcessingException()
        get_progress_state().update_progress("elsewhere", 3, 4)
        ComfyAPISync().execution.set_progress(5, 6)
        return (comfy.model_management.processing_interrupted(),)


class StepsLater(Node):
    async def run(self, x: Any) -> Any:
        await asyncio.sleep(0)
        await ComfyAPI().execution.set_progress(1, 2, node_id="elsewhere")
        return (x,)


class Speak(Node):
    def run(self, x: Any) -> Any:
        server = PromptServer.instance
        server.send_sync("contract.event", {"x": x}, server.client_id)
        server.send_sync("contract.all", {"node": server.last_node_id})
        server.send_progress_text("half way", server.last_node_id)
        return (server.last_prompt_id,)


class Changed(Node):
    REQUIRED = {"x": (IO.ANY, {})}
    OPTIONAL = {"y": (IO.ANY, {})}
    answer: Any = 1

    @classmethod
    def IS_CHANGED(cls, x: Any, y: Any = "default") -> Any:
        SEEN.append((x, y))
        if isinstance(cls.answer, Exception):
            raise cls.answer
        return cls.answer

    def run(self, x: Any, y: Any = None) -> Any:
        return (x,)


class Fresh(Node):
    NOT_IDEMPOTENT = True

    def run(self, x: Any) -> Any:
        return (x,)


class Expand(Node):
    """Runs async nodes in its own place, shows what they gave, and is shown by none of them."""

    RETURN_TYPES = (IO.ANY,)
    OUTPUT_NODE = True
    HIDDEN = {"me": "UNIQUE_ID", "graph": "DYNPROMPT"}

    def run(self, x: Any, me: str, graph: Any) -> Any:
        built = GraphBuilder()
        sleeping = [built.node("ContractSleep", x=n, together=x) for n in range(x)]
        for one in sleeping:
            shown = built.node("ContractShow", x=one.out(0))
            shown.set_override_display_id("elsewhere")
        peek = built.node("ContractPeek", x=sleeping[0].out(0))
        return {"result": (peek.out(0),), "expand": built.finalize()}


class Peek(Node):
    HIDDEN = {"me": "UNIQUE_ID", "graph": "DYNPROMPT"}

    def run(self, x: Any, me: str, graph: Any) -> Any:
        others = sorted(graph.ephemeral_prompt)
        shown = next(one for one in others if graph.get_node(one)["class_type"] == "ContractShow")
        return (
            {
                "parent": graph.get_parent_node_id(me),
                "real": graph.get_real_node_id(me),
                "display": graph.get_display_node_id(shown),
                "known": graph.has_node(me),
            },
        )


class ExpandInCircle(Node):
    def run(self, x: Any) -> Any:
        built = GraphBuilder()
        one, other = built.node("ContractSame"), built.node("ContractSame")
        one.set_input("x", other.out(0))
        other.set_input("x", one.out(0))
        return {"result": (one.out(0),), "expand": built.finalize()}


class ExpandTaken(Node):
    HIDDEN = {"me": "UNIQUE_ID"}

    def run(self, x: Any, me: str) -> Any:
        node = {"class_type": "ContractSame", "inputs": {"x": 1}}
        return {"result": ([me, 0],), "expand": {me: node}}


class ExpandItems(Node):
    OUTPUT_IS_LIST = (True,)

    def run(self, x: Any) -> Any:
        built = GraphBuilder()
        made = built.node("ContractItems", x=x)
        return {"result": (made.out(0),), "expand": built.finalize()}


class Borrow(Node):
    """Uses one of ComfyUI's own nodes as a library."""

    def run(self, x: Any) -> Any:
        (made,) = nodes.NODE_CLASS_MAPPINGS["PrimitiveInt"]().execute(value=x + 1)
        return (made, sorted(name for name in nodes.NODE_CLASS_MAPPINGS if "ContractB" in name))


class Checks(Node):
    OUTPUT_NODE = True
    REQUIRED = {"x": ("INT", {"min": 0, "max": 10}), "y": ("INT", {"min": 0, "max": 10})}

    def run(self, x: int, y: int) -> Any:
        return (x,)


class ChecksNamed(Checks):
    @classmethod
    def VALIDATE_INPUTS(cls, x: int) -> Any:
        return True if x < 20 else f"{x} is too much"


class ChecksAll(Checks):
    @classmethod
    def VALIDATE_INPUTS(cls, **inputs: Any) -> Any:
        return False


class ChecksTyped(Checks):
    pass


setattr(ChecksTyped, "VALIDATE_INPUTS", lambda input_types: True)


class ChecksLater(Checks):
    @classmethod
    async def VALIDATE_INPUTS(cls, x: int) -> Any:
        await asyncio.sleep(0)
        return x == 5


class ChecksFails(Checks):
    @classmethod
    def VALIDATE_INPUTS(cls, x: int) -> Any:
        raise OSError("no")


class Constants(Node):
    REQUIRED = {
        "i": ("INT", {}),
        "f": ("FLOAT", {}),
        "s": ("STRING", {}),
        "b": ("BOOLEAN", {}),
        "l": ("LIST", {}),
    }

    def run(self, i: Any, f: Any, s: Any, b: Any, l: Any) -> Any:
        return ((i, f, s, b, l),)


NODE_CLASS_MAPPINGS = {
    f"Contract{made.__name__}": made
    for made in list(globals().values())
    if isinstance(made, type) and issubclass(made, Node) and made is not Node
}
