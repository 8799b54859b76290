"""V1 classes whose doings a client can tell apart from outside."""

# ruff: noqa
import json
from typing import Any

from comfy.comfy_types import IO


class Flexible(str):
    """A type as packs write them: a part of a list of types fits into the list."""

    def __ne__(self, other: object) -> bool:
        parts = {part.strip() for part in str(other).split(",")}
        return not ({"*"} & {str.__str__(self), *parts} or set(self.split(",")) <= parts)

    __hash__ = str.__hash__


class Anything(str):
    """A type that equals everything, and so has no hash."""

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False


class Node:
    CATEGORY = "client"
    FUNCTION = "run"
    RETURN_TYPES: tuple[Any, ...] = ("FLOAT",)
    REQUIRED: dict[str, Any] = {"x": ("FLOAT", {})}
    OPTIONAL: dict[str, Any] = {}

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        return {"required": cls.REQUIRED, "optional": cls.OPTIONAL}

    def run(self, x: Any) -> Any:
        return (x,)


class Number(Node):
    pass


class Mix(Node):
    """Mixes two numbers, and asks only for the one that counts where one counts nothing."""

    REQUIRED = {
        "first": ("FLOAT", {"lazy": True}),
        "second": ("FLOAT", {"lazy": True}),
        "share": ("FLOAT", {"min": 0.0, "max": 1.0}),
    }

    def check_lazy_status(self, share: float, first: Any = None, second: Any = None) -> Any:
        wanted = {"first": first is None and share < 1, "second": second is None and share > 0}
        return [name for name, is_wanted in wanted.items() if is_wanted]

    def run(self, share: float, first: Any = None, second: Any = None) -> Any:
        return ((first or 0.0) * (1 - share) + (second or 0.0) * share,)


class Mean(Node):
    """Takes `x` and as many `x2`, `x3`, ... as are linked."""

    def run(self, x: float, **more: float) -> Any:
        return ((x + sum(more.values())) / (1 + len(more)),)


class Changing(Node):
    OPTIONAL = {"always": ("BOOL", {})}

    @classmethod
    def IS_CHANGED(cls, x: Any = None, always: bool = False) -> Any:
        return float("nan") if always else x is None

    def run(self, x: float, always: bool = False) -> Any:
        return (x,)


class Checked(Node):
    """Takes pictures or numbers, and no whole numbers by links."""

    REQUIRED = {"x": ("IMAGE,FLOAT", {}), "y": ("FLOAT", {"max": 1.0})}

    @classmethod
    def VALIDATE_INPUTS(cls, input_types: Any, **values: Any) -> Any:
        if input_types.get("x", "FLOAT") not in {"IMAGE", "FLOAT"}:
            return f"no {input_types['x']} here"
        return "7 is not allowed" if values["y"] == 7 else True

    def run(self, x: Any, y: float) -> Any:
        return (y,)


class Fitting(Node):
    REQUIRED = {"x": (Flexible("IMAGE,FLOAT"), {})}
    RETURN_TYPES = (Flexible("FLOAT"),)


class Equal(Node):
    REQUIRED = {"x": (Anything("*"), {}), "y": (Anything("*"), {})}
    RETURN_TYPES = (Anything("*"),)

    def run(self, x: Any, y: Any) -> Any:
        return (x,)


class Scale(Node):
    """Shows something, and goes on with it."""

    OUTPUT_NODE = True

    def run(self, x: float) -> Any:
        return {"ui": {"scaled": [x * 2]}, "result": (x * 2,)}


class Tell(Node):
    """Shows what the engine supplies."""

    RETURN_TYPES = ()
    OUTPUT_NODE = True

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        hidden = {
            "me": "UNIQUE_ID",
            "prompt": "PROMPT",
            "extra": "EXTRA_PNGINFO",
            "key": "API_KEY_COMFY_ORG",
        }
        return {"required": {"x": (IO.ANY, {})}, "hidden": hidden}

    def run(self, x: Any, **hidden: Any) -> Any:
        return {"ui": {"told": [json.loads(json.dumps(hidden))]}}


class Leave(Node):
    def run(self, x: float) -> Any:
        raise SystemExit(3)


class Endless(Node):
    """Shows what no JSON can hold."""

    RETURN_TYPES = ()
    OUTPUT_NODE = True

    def run(self, x: float) -> Any:
        endless: list[Any] = []
        endless.append(endless)
        return {
            "ui": {"seed": [2**64 - 1], "odd": ["\ud800", float("nan"), {1}, b"a"], "e": endless}
        }


NODE_CLASS_MAPPINGS = {
    f"Client{made.__name__}": made
    for made in list(globals().values())
    if isinstance(made, type) and issubclass(made, Node) and made is not Node
}
