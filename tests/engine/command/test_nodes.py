from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from engine import Engine
from engine.graph.script import write_script
from engine.graph.stubs import write_stubs

ROOT = Path(__file__).resolve().parents[3]

WRONG = """
flow.SaveImage(images=empty_latent_image, filename_prefix="x")
flow.KSamplerSelect(sampler_name="eulr")
flow.VAEDecode(samples=k_sampler[0])
flow.VAEDecode(samples=k_sampler[1], vae=checkpoint_loader_simple[2])
"""


def test_editors_check_scripts_against_the_nodes(tmp_path: Path) -> None:
    with Engine() as loom:
        workflow = loom.load(ROOT / "workflows" / "text_to_image.json")
        script = write_script(workflow.graph)
        stub = tmp_path / "typings" / "engine" / "graph" / "flow.pyi"
        stub.parent.mkdir(parents=True)
        stub.write_text(write_stubs(loom.registry.specs()))
    (tmp_path / "good.py").write_text(script)
    (tmp_path / "wrong.py").write_text(script + WRONG)
    settings = {"typeCheckingMode": "strict", "extraPaths": [str(ROOT)], "pythonVersion": "3.11"}
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings))
    done = subprocess.run(
        [Path(sys.executable).with_name("pyright"), "--outputjson", "--project", tmp_path,
         "--pythonpath", sys.executable],
        capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    found = json.loads(done.stdout)["generalDiagnostics"]
    errors = {(Path(one["file"]).name, one["range"]["start"]["line"]) for one in found}
    first = script.count("\n") + 1
    assert errors == {("wrong.py", first + index) for index in range(4)}, found
