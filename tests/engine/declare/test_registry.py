from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from engine import DeclarationError, Registry, node

if TYPE_CHECKING:
    from pathlib import Path

TYPED = """
from engine import node

@node("Half", category="numbers")
def half(*, value: int) -> int:
    "Return half of it."
    return value // 2
"""
CLASSES = """
from .inner import FACTOR

class Times:
    @classmethod
    def INPUT_TYPES(cls):
        return {"required": {"value": ("INT", {"default": 1})}}

    RETURN_TYPES = ("INT",)
    FUNCTION = "times"

    def times(self, value):
        return (value * FACTOR,)

NODE_CLASS_MAPPINGS = {"Times": Times, "PrimitiveInt": Times}
NODE_DISPLAY_NAME_MAPPINGS = {"Times": "Multiply"}
"""


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    (tmp_path / "typed.py").write_text(TYPED)
    (tmp_path / "classes").mkdir()
    (tmp_path / "classes" / "__init__.py").write_text(CLASSES)
    (tmp_path / "classes" / "inner.py").write_text("FACTOR = 3")
    (tmp_path / "broken.py").write_text("import there_is_no_such_module")
    (tmp_path / "off.py.disabled").write_text("raise SystemExit")
    (tmp_path / "notes").mkdir()
    return tmp_path


def test_packs_of_a_folder_load_and_broken_ones_are_told(packs: Path) -> None:
    registry = Registry.load(custom_nodes=[packs])
    half, times = registry.get("Half"), registry.get("Times")
    assert half is not None
    assert times is not None
    assert half.spec.pack == "custom_nodes.typed"
    assert (times.spec.pack, times.spec.title) == ("custom_nodes.classes", "Multiply")
    failure = registry.failures[-1]
    assert failure.name == "custom_nodes.broken"
    assert "there_is_no_such_module" in failure.reason
    assert "Traceback" in failure.traceback


def test_built_in_ids_win(packs: Path) -> None:
    kind = Registry.load(custom_nodes=[packs]).get("PrimitiveInt")
    assert kind is not None
    assert kind.spec.pack == "nodes"


def test_an_edited_pack_has_another_code(packs: Path) -> None:
    before = Registry.load(custom_nodes=[packs]).get("Times")
    (packs / "classes" / "inner.py").write_text("FACTOR = 12")
    after = Registry.load(custom_nodes=[packs]).get("Times")
    assert before is not None
    assert after is not None
    assert before.code != after.code


def test_the_nearest_id_is_found_whatever_its_case() -> None:
    registry = Registry.load()
    assert registry.nearest("primitiveint") == "PrimitiveInt"
    assert registry.nearest("PrimitveFlaot") == "PrimitiveFloat"
    assert registry.nearest("qqqq") is None


def test_a_registry_can_be_made_of_functions() -> None:
    @node("One")
    def one(*, value: int) -> int:
        return value

    registry = Registry.of(one)
    assert registry.ids() == ("One",)
    assert [spec.id for spec in registry.specs()] == ["One"]
    assert registry.get("Two") is None
    with pytest.raises(DeclarationError, match="not a node"):
        Registry.of(test_a_registry_can_be_made_of_functions)


def test_the_built_in_pack_loads_without_torch() -> None:
    code = (
        "import sys; from engine import Registry; r = Registry.load();"
        "assert not r.failures, r.failures; assert len(r.ids()) > 20;"
        "assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


ADDS = """
import nodes
from pathlib import Path

class Extra:
    @classmethod
    def INPUT_TYPES(cls):
        return {"required": {}}

    RETURN_TYPES = ()
    FUNCTION = "run"

    def run(self):
        return ()

nodes.NODE_CLASS_MAPPINGS["Extra"] = Extra
nodes.NODE_DISPLAY_NAME_MAPPINGS["Extra"] = "One more"
nodes.EXTENSION_WEB_DIRS["extra"] = str(Path(__file__).parent / "js")
WEB_DIRECTORY = "./web"
"""
PROJECT = """
[project]
name = "comfyui-adds"
[tool.comfy]
web = "dist"
"""


def test_packs_put_kinds_and_scripts_into_the_tables_of_comfyui(tmp_path: Path) -> None:
    pack = tmp_path / "adds"
    for folder in ("web", "dist", "js"):
        (pack / folder).mkdir(parents=True)
    (pack / "__init__.py").write_text(ADDS)
    (pack / "pyproject.toml").write_text(PROJECT)
    registry = Registry.load(custom_nodes=[tmp_path])
    kind = registry.get("Extra")
    assert kind is not None
    assert kind.spec.title == "One more"
    assert registry.web_folders == {
        "adds": (pack / "web").resolve(),
        "comfyui-adds": (pack / "dist").resolve(),
        "extra": (pack / "js").resolve(),
    }


def test_a_pack_that_ends_the_process_is_a_failure_like_any_other(tmp_path: Path) -> None:
    (tmp_path / "leaves.py").write_text("raise SystemExit('no GPU')")
    registry = Registry.load(custom_nodes=[tmp_path])
    assert registry.failures[-1].reason == "SystemExit: no GPU"
