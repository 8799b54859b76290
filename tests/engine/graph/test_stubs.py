from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import engine
from engine.graph.stubs import write_stubs

if TYPE_CHECKING:
    from tests.engine.graph.declared_kinds import Kinds

GOOD = """
from engine import Flow

flow = Flow()
checkpoint = flow.CheckpointLoaderSimple("4", "Load", ckpt_name="a")
text = flow.CLIPTextEncode(text="x", clip=checkpoint[1])
size = flow.PrimitiveInt(value=64)
latent = flow.EmptyLatentImage(width=size[0], height=64, batch_size=1)
flow.SaveImage(images=flow.node("Other (pack)", x=latent)[2], filename_prefix="x")
graph = flow.graph(order=["4"])
"""
BAD = {
    "a link of the wrong type": "flow.CLIPTextEncode(text='x', clip=checkpoint[0])",
    "a value of the wrong type": "flow.CheckpointLoaderSimple(ckpt_name=5)",
    "an output that does not exist": "checkpoint[3]",
    "a missing input": "flow.CLIPTextEncode(text='x')",
    "an unknown input": "flow.CheckpointLoaderSimple(ckpt_name='a', other=1)",
    "no such choice": "flow.KSamplerSelect(sampler_name='eulr')",
    "no such kind of node": "flow.NoSuchNode()",
}


def test_stubs_are_python_with_a_method_for_each_kind(comfy: Kinds) -> None:
    tree = ast.parse(write_stubs(kind.spec for kind in comfy.kinds.values()))
    flow = next(one for one in tree.body if isinstance(one, ast.ClassDef) and one.name == "Flow")
    methods = {one.name for one in flow.body if isinstance(one, ast.FunctionDef)}
    assert {"KSampler", "LoadImage", "node", "graph", "link"} <= methods
    assert len(methods) > 250


@pytest.mark.slow
def test_a_type_checker_finds_what_is_wrong_in_a_script(tmp_path: Path, comfy: Kinds) -> None:
    shutil.copytree(Path(engine.__file__).parent, tmp_path / "engine")
    stub = write_stubs(kind.spec for kind in comfy.kinds.values())
    (tmp_path / "engine" / "graph" / "flow.pyi").write_text(stub, encoding="utf-8")
    (tmp_path / "good.py").write_text(GOOD, encoding="utf-8")
    for number, line in enumerate(BAD.values()):
        (tmp_path / f"bad{number}.py").write_text(f"{GOOD}\n{line}\n", encoding="utf-8")
    command = [sys.executable, "-m", "pyright", "--pythonpath", sys.executable]
    done = subprocess.run(
        [*command, *sorted(path.name for path in tmp_path.glob("*.py"))],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "good.py" not in done.stdout
    for number, name in enumerate(BAD):
        assert f"bad{number}.py:12" in done.stdout, name
