"""Runs the two workflows through a client's driver and checks what came back."""

from __future__ import annotations

import io
import json
import subprocess
from typing import TYPE_CHECKING, Any

from PIL import Image

from tests.clients import workflows

if TYPE_CHECKING:
    from pathlib import Path

    from tests.clients.serving import Server

Report = dict[str, dict[str, Any]]


def run(command: list[str], server: Server, folder: Path, seed: int) -> Report:
    """Run a driver beneath `folder`; return its report after its pictures have been checked."""
    source, target = folder / "workflows", folder / "results"
    source.mkdir()
    target.mkdir()
    name = f"client{seed}"
    sent = {"plain": workflows.plain(name), "painted": workflows.painted(name, seed)}
    for stem, workflow in sent.items():
        (source / f"{stem}.json").write_text(json.dumps(workflow))
    whole = [*command, server.url, str(source), str(target)]
    done = subprocess.run(
        whole, capture_output=True, text=True, check=False, timeout=180, cwd=folder
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}\n{server.log.read_text()}"
    for stem in sent:
        _check(stem, (target / f"{stem}.png").read_bytes())
    report: Report = json.loads((target / "report.json").read_text())
    assert report.keys() == sent.keys()
    return report


def _check(stem: str, content: bytes) -> None:
    with Image.open(io.BytesIO(content)) as picture:
        assert picture.format == "PNG"
        assert picture.mode == "RGB"
        if stem == "plain":
            assert picture.size == workflows.SIZE
            assert picture.getcolors() == [(picture.width * picture.height, workflows.COLOUR)]
        else:
            assert picture.size == (64, 64)
            assert len(picture.getcolors(64 * 64) or ()) > 100
