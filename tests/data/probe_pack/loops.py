"""A while loop as packs build it: the end re-expands the nodes between start and end."""

# ruff: noqa
from typing import Any

from comfy_execution.graph import is_link
from comfy_execution.graph_utils import GraphBuilder


class WhileOpen:
    CATEGORY = "probe/loops"
    FUNCTION = "run"
    RETURN_TYPES = ("FLOW", "INT")

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        return {"required": {"value": ("INT",)}}

    def run(self, value: Any) -> Any:
        return ("flow", value)


class WhileClose:
    CATEGORY = "probe/loops"
    FUNCTION = "run"
    RETURN_TYPES = ("INT",)

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        return {
            "required": {
                "flow": ("FLOW", {"rawLink": True}),
                "go_on": ("BOOLEAN", {"forceInput": True}),
                "value": ("INT", {"forceInput": True}),
            },
            "hidden": {"graph": "DYNPROMPT", "me": "UNIQUE_ID"},
        }

    def body(self, node_id: Any, start: Any, graph: Any, found: Any) -> Any:
        for value in graph.get_node(node_id)["inputs"].values():
            if not is_link(value):
                continue
            source = value[0]
            inside = source == start or self.body(source, start, graph, found)
            if inside:
                found.update((source, node_id))
        return node_id in found

    def run(self, flow: Any, go_on: Any, value: Any, graph: Any, me: Any) -> Any:
        if not go_on:
            return (value,)
        found: set[str] = set()
        self.body(me, flow[0], graph, found)
        built = GraphBuilder()
        names = {one: "again" if one == me else one for one in found}
        for one in found:
            built.node(graph.get_node(one)["class_type"], names[one])
        for one in found:
            copy = built.lookup_node(names[one])
            for key, given in graph.get_node(one)["inputs"].items():
                if is_link(given) and given[0] in found:
                    copy.set_input(key, built.lookup_node(names[given[0]]).out(given[1]))
                else:
                    copy.set_input(key, given)
        built.lookup_node(flow[0]).set_input("value", value)
        return {"result": (built.lookup_node("again").out(0),), "expand": built.finalize()}


class Below:
    CATEGORY = "probe/loops"
    FUNCTION = "run"
    RETURN_TYPES = ("BOOLEAN",)

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        return {"required": {"value": ("INT",), "limit": ("INT",)}}

    def run(self, value: Any, limit: Any) -> Any:
        return (value < limit,)


LOOPS = {f"Probe{one.__name__}": one for one in (WhileOpen, WhileClose, Below)}
