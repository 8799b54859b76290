"""What users install: a wheel that serves the editor and needs neither a checkout nor Node.js."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = "engine/http/pages"
QUIET = ("--quiet", "--disable-pip-version-check", "--no-deps")
SERVE = "from engine.cli import main; main()"


def pip(*arguments: str | Path) -> None:
    command = [sys.executable, "-m", "pip", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", *QUIET, "--no-build-isolation", "--wheel-dir", folder, ROOT)
    return next(folder.glob("latentloom-*.whl"))


def test_the_editor_is_in_the_wheel_and_its_source_is_not(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        page = archive.read(f"{PAGES}/index.html").decode()
    scripts = re.findall(r'(?:src|href)="\./(assets/[^"]+)"', page)
    assert scripts
    assert {f"{PAGES}/{script}" for script in scripts} <= set(names)
    assert any(name.startswith(f"{PAGES}/assets/") and name.endswith(".br") for name in names)
    assert "engine/http/workflows/text_to_image.json" in names
    assert not [name for name in names if "node_modules" in name or name.endswith((".ts", ".tsx"))]


def test_an_installed_wheel_serves_the_editor_without_node(wheel: Path, tmp_path: Path) -> None:
    installed = tmp_path / "installed"
    pip("install", *QUIET, "--target", installed, wheel)
    environment = {key: value for key, value in os.environ.items() if key != "LOOM_BASE"}
    environment |= {"PYTHONPATH": str(installed), "PATH": ""}
    command = [sys.executable, "-c", SERVE, "serve", "--port", "0", "--base-directory", tmp_path]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout
        try:
            url = server.stdout.readline().strip()
            with urllib.request.urlopen(url) as answer:
                page = answer.read()
            with urllib.request.urlopen(f"{url}templates/index.json") as answer:
                templates = json.load(answer)[0]["templates"]
        finally:
            server.send_signal(signal.SIGINT)
    assert page == (installed / PAGES / "index.html").read_bytes()
    assert b'<div id="root"></div>' in page
    assert "text_to_image" in [template["name"] for template in templates]
