"""ComfyUI's own front end, served by us, in a real browser, used as a person uses it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from tests.clients.environments import FRONT_ENDS, ROOT, chromium, front_end, node, node_modules
from tests.clients.serving import serving

if TYPE_CHECKING:
    from pathlib import Path

SCREENSHOTS = ROOT / ".cache" / "screenshots"
STEPS = 20

ALLOWED = (
    # The page asks its vendor for release notes; the content security policy keeps the pages that
    # we serve from calling anybody else.
    r"Connecting to 'https://api\.comfy\.org/.*Content Security Policy",
    # Files and folders that are not there before the user has made them, as in ComfyUI.
    r"404 .*/api/userdata/comfy\.templates\.json",
    r"404 .*/api/userdata\?dir=(workflows|subgraphs)",
    # The page of 1.27 names no icon, so that the browser guesses.
    r"404 .*/favicon\.ico",
    # 1.27 at its first start: the navigation mode changes settings that are declared after it.
    r"reading 'id'\)\s+at onChange .*/assets/index-",
    # The installed list of templates names a picture that its own package lacks.
    r"404 .*/templates/03_video_wan2_2_14B_i2v_subgraphed-1\.webp",
)
"""Patterns of console errors that are not of our making, each with its reason."""


@pytest.fixture(params=FRONT_ENDS)
def used(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, Any]:
    """What happened while a version of the front end was used."""
    version: str = request.param
    shots = SCREENSHOTS / version
    shutil.rmtree(shots, ignore_errors=True)
    shots.mkdir(parents=True)
    script = node_modules() / "front-end.mjs"
    found = {"PYTHONPATH": str(front_end(version))}
    with serving(tmp_path / "base", "--web-root", "comfyui", environment=found) as server:
        command = [node(), str(script), chromium(), server.url, "text_to_image", str(shots)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}\n{server.log.read_text()}"
    report: dict[str, Any] = json.loads((shots / "report.json").read_text())
    assert report["version"] == version
    return {**report, "shots": shots}


def test_a_template_is_opened_run_and_seen(used: dict[str, Any]) -> None:
    assert "execution_success" in used["events"]
    assert "execution_error" not in used["events"]
    assert used["steps"] == [[step, STEPS] for step in range(1, STEPS + 1)]
    assert any("%" in title for title in used["titles"]), used["titles"]
    assert used["pictures"] == [[64, 64]]
    complaints = [f"{error['text']} {error['at']}" for error in used["errors"]]
    assert not [text for text in complaints if not any(re.search(one, text) for one in ALLOWED)]
    for name in ("1-templates", "2-opened", "3-running", "4-picture"):
        with Image.open(used["shots"] / f"{name}.png") as picture:
            assert picture.size == (1440, 900)
