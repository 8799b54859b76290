"""What V1 classes ask for as hidden inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.graph.model import Link, Node

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.declare.context import Context

KNOWN = frozenset(
    {
        "PROMPT",
        "DYNPROMPT",
        "EXTRA_PNGINFO",
        "UNIQUE_ID",
        "AUTH_TOKEN_COMFY_ORG",
        "API_KEY_COMFY_ORG",
        "COMFY_USAGE_SOURCE",
    }
)


class DynamicPrompt:
    """The graph as it stands, in the words of ComfyUI's `DYNPROMPT`.

    Args:
        context: Of the node that asks.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._nodes = context.graph.nodes
        self._original = context.prompt

    def get_node(self, node_id: str) -> dict[str, Any]:
        """Return a node as API JSON.

        Raises:
            KeyError: There is none with this id.
        """
        return api_node(self._nodes[node_id])

    def has_node(self, node_id: str) -> bool:
        """Tell whether there is a node with this id."""
        return node_id in self._nodes

    def all_node_ids(self) -> set[str]:
        """Return the ids of the file's nodes and of those that expansions added."""
        return set(self._nodes)

    def get_parent_node_id(self, node_id: str) -> str | None:
        """Return the node whose expansion added this one; None for one of the file."""
        return self._context.at(node_id).parent_id

    def get_real_node_id(self, node_id: str) -> str:
        """Return the node of the file from which the expansions started."""
        return self._context.at(node_id).real_id

    def get_display_node_id(self, node_id: str) -> str:
        """Return the node that the editor marks in place of this one."""
        return self._context.at(node_id).display_id

    def get_original_prompt(self) -> Mapping[str, Any]:
        """Return the file's graph as API JSON."""
        return self._original

    @property
    def ephemeral_prompt(self) -> dict[str, Any]:
        """The nodes that expansions added, as API JSON."""
        added = (name for name in self._nodes if name not in self._original)
        return {name: api_node(self._nodes[name]) for name in added}


def api_node(node: Node) -> dict[str, Any]:
    """Return a node as API JSON."""
    inputs = {
        name: [value.node, value.slot] if isinstance(value, Link) else value
        for name, value in node.inputs.items()
    }
    return {"class_type": node.type, "inputs": inputs}


def hidden_values(markers: Mapping[str, str], context: Context) -> dict[str, Any]:
    """Return the hidden inputs by name; markers that nobody knows are left out."""
    return {name: _value(marker, context) for name, marker in markers.items() if marker in KNOWN}


def degraded_values(markers: Mapping[str, str], node_id: str | None) -> dict[str, Any]:
    """Return the hidden inputs outside of a run: an empty graph and nothing of the client's."""
    stand_ins: dict[str, Any] = {"PROMPT": {}, "UNIQUE_ID": node_id}
    return {name: stand_ins.get(marker) for name, marker in markers.items() if marker in KNOWN}


def _value(marker: str, context: Context) -> Any:
    match marker:
        case "PROMPT":
            return context.prompt
        case "DYNPROMPT":
            return DynamicPrompt(context)
        case "EXTRA_PNGINFO":
            return context.extra_pnginfo
        case "UNIQUE_ID":
            return context.node_id
        case _:
            return context.secret(marker.lower())
