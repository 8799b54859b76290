from __future__ import annotations

import json
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from engine.declare.spec import MISSING, InputSpec, NodeSpec, OutputSpec
from engine.declare.spec import Returned as Returned_

DATA = Path(__file__).parents[2] / "data" / "comfyui_nodes.json"


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

    def fingerprint(self, constants: Any, context: Any) -> Any:
        return None

    def validate(self, constants: Any, received_types: Any) -> dict[str, str]:
        if self.raises is not None:
            raise self.raises
        return self.refuses

    def checks_input(self, name: str) -> bool:
        return name in self.own

    def missing(self, inputs: Any, absent: tuple[str, ...], context: Any) -> tuple[str, ...]:
        return ()

    def call(self, inputs: Any, context: Any) -> Returned_:
        return Returned_()


class Kinds:
    """A registry of declarations."""

    def __init__(self, *kinds: Kind | NodeSpec) -> None:
        made = [Kind(kind) if isinstance(kind, NodeSpec) else kind for kind in kinds]
        self.kinds = {kind.spec.id: kind for kind in made}

    def get(self, id: str) -> Kind | None:
        return self.kinds.get(id)

    def nearest(self, id: str) -> str | None:
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
        title=raw["display_name"],
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


@pytest.fixture(scope="session")
def comfy() -> Kinds:
    """All kinds of nodes of ComfyUI 0.3.64 that the catalogue describes."""
    data = json.loads(DATA.read_text(encoding="utf-8"))
    lists = {"samplers": data["samplers"], "schedulers": data["schedulers"]}
    return Kinds(*(comfy_spec(raw, lists) for raw in data["nodes"].values()))


def template_files() -> list[Path]:
    """Return the workflows of the published template packages."""
    packages = ("media_image", "media_other")
    folders = [
        Path(str(files(f"comfyui_workflow_templates_{name}"))) / "templates" for name in packages
    ]
    found = [path for folder in folders for path in sorted(folder.glob("*.json"))]
    return [path for path in found if not path.name.startswith("index")]


@pytest.fixture(scope="session")
def templates() -> list[Path]:
    """The workflows of the published template packages."""
    return template_files()


def link(id_: int, source: Any, slot: int, target: Any, place: int, kind: str = "*") -> list[Any]:
    return [id_, source, slot, target, place, kind]


def canvas(nodes: list[dict[str, Any]], links: list[Any], **more: Any) -> dict[str, Any]:
    """Return UI JSON, format 0.4."""
    return {"nodes": nodes, "links": links, "version": 0.4, **more}
