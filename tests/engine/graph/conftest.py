from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest

from tests.engine.graph.declared_kinds import DATA, Kinds, comfy_spec


@pytest.fixture(scope="session")
def comfy() -> Kinds:
    """All kinds of nodes of ComfyUI 0.3.64 that the catalogue describes."""
    data = json.loads(DATA.read_text(encoding="utf-8"))
    lists = {"samplers": data["samplers"], "schedulers": data["schedulers"]}
    return Kinds(*(comfy_spec(raw, lists) for raw in data["nodes"].values()))


@pytest.fixture(scope="session")
def templates() -> list[Path]:
    """The workflows of the published template packages."""
    packages = ("media_image", "media_other")
    folders = [
        Path(str(files(f"comfyui_workflow_templates_{name}"))) / "templates" for name in packages
    ]
    found = [path for folder in folders for path in sorted(folder.glob("*.json"))]
    return [path for path in found if not path.name.startswith("index")]
