"""Kinds of nodes that are declarations only, for tests of files and of validation."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.declare.spec import MISSING, InputSpec, NodeSpec, OutputSpec, Returned

DATA = Path(__file__).parents[2] / "data" / "comfyui_nodes.json"
"""What ComfyUI 0.3.64 says about its own kinds of nodes."""


@dataclass
class Kind:
    """A kind of node that is only a declaration, with what it says about its own inputs."""

    spec: NodeSpec
    refuses: dict[str, str] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    checks_types: bool = False
    code: str = ""
    raises: Exception | None = None

    def input(self, name: str) -> InputSpec | None:
        return next((one for one in self.spec.inputs if one.name == name), None)

    @property
    def fingerprints(self) -> bool:
        return False

    def fingerprint(self, _constants: Any, _context: Any) -> Any:
        return None

    def validate(self, _constants: Any, _received_types: Any, _node_id: str) -> dict[str, str]:
        if self.raises is not None:
            raise self.raises
        return self.refuses

    def checks_input(self, name: str) -> bool:
        return name in self.own

    def missing(self, _inputs: Any, _absent: tuple[str, ...], _context: Any) -> tuple[str, ...]:
        return ()

    def call(self, _inputs: Any, _context: Any) -> Returned:
        return Returned()


class Kinds:
    """A registry of declarations."""

    def __init__(self, *kinds: Kind | NodeSpec) -> None:
        made = [Kind(kind) if isinstance(kind, NodeSpec) else kind for kind in kinds]
        self.kinds = {kind.spec.id: kind for kind in made}

    def get(self, id: str) -> Kind | None:  # noqa: A002 - the word of the field
        return self.kinds.get(id)

    def nearest(self, id: str) -> str | None:  # noqa: A002
        return next((known for known in self.kinds if known.lower() == id.lower()), None)

    def with_(self, *kinds: Kind | NodeSpec) -> Kinds:
        return Kinds(*self.kinds.values(), *kinds)


def _input(raw: dict[str, Any], section: Any, lists: dict[str, list[str]]) -> InputSpec:
    options = {key: raw[key] for key in ("min", "max", "step", "round", "multiline") if key in raw}
    options |= raw.get("extra") or {}
    kind = raw["type"]
    if kind == "COMBO":
        known = raw.get("options") or lists.get(raw.get("options_source", ""))
        if known and raw.get("combo_form") == "list":
            kind = tuple(known)
        elif known:
            options["options"] = known
    return InputSpec(
        name=raw["name"],
        type=kind,
        section=section,
        default=raw.get("default", MISSING),
        options=options,
    )


def comfy_spec(raw: dict[str, Any], lists: dict[str, list[str]]) -> NodeSpec:
    """Return what ComfyUI's own catalogue says about a kind of node."""
    return NodeSpec(
        id=raw["class_type"],
        title=raw["display_name"] or raw["class_type"],
        inputs=tuple(
            _input(one, section, lists)
            for section in ("required", "optional", "hidden")
            for one in raw["inputs"].get(section, [])
        ),
        outputs=tuple(
            OutputSpec(
                name=one["name"],
                type=one["type"] if isinstance(one["type"], str) else tuple(one["type"]),
                is_list=one["is_list"],
            )
            for one in raw["outputs"]
        ),
        is_output=raw["output_node"],
    )


def link(id_: int, source: Any, slot: int, target: Any, place: int, kind: str = "*") -> list[Any]:
    return [id_, source, slot, target, place, kind]


def canvas(nodes: list[dict[str, Any]], links: list[Any], **more: Any) -> dict[str, Any]:
    """Return UI JSON, format 0.4."""
    return {"nodes": nodes, "links": links, "version": 0.4, **more}


def canonical(value: Any) -> str:
    """Return a JSON value as text that is equal for equal values, whatever the order of keys."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
